"""Customers' value in MongoDB: rules, models, values, and how far the computation has come."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from mongoengine import DateTimeField, DictField, Document, IntField, ListField, StringField
from pymongo.errors import DuplicateKeyError

from services.chassis.aggregates import AggregateDocument, AggregateStore, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.codec import Codec
from services.chassis.errors import NotFound
from services.chassis.mongo import collection_of
from services.chassis.paging import Page
from services.contracts.domain.figures.customer_value import CustomerValue, Judgement
from services.contracts.domain.figures.value_model import ValueModel
from services.contracts.domain.figures.value_policy import POLICY_ID, ValuePolicy
from services.contracts.ports.values import Progress, ValueFilter
from services.contracts.store.customers.customers import CustomerDocument
from services.contracts.store.database import ALIAS, set_only

_LAST, _RUN = "last", "values"


class ValuePolicyDocument(AggregateDocument):
    """The rules; one document."""

    currency_code = StringField(required=True)
    update_time = DateTimeField()

    meta = {
        "db_alias": ALIAS,
        "collection": "value_policies",
        "auto_create_index": False,
        "indexes": [*aggregate_indexes()],
    }


class CustomerValueDocument(AggregateDocument):
    """What one customer is worth."""

    judged = DictField(required=True)
    changes = ListField(DictField())
    computed_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "customer_values",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            # One for each filter of a list; the id behind it keeps the order of pages.
            {"fields": ["judged.tier", "_id"], "name": "by_tier", "cls": False},
            {"fields": ["judged.stage", "_id"], "name": "by_stage", "cls": False},
            {"fields": ["judged.risk", "_id"], "name": "by_risk", "cls": False},
        ],
    }


class ValueModelDocument(Document):
    """The last model."""

    id = StringField(primary_key=True)

    meta = {"db_alias": ALIAS, "collection": "value_models", "auto_create_index": False}


class ValueRunDocument(Document):
    """How far the computation has come; guarded by the leader's token."""

    id = StringField(primary_key=True)
    token = IntField()

    meta = {"db_alias": ALIAS, "collection": "value_runs", "auto_create_index": False}


class ValueFailureDocument(Document):
    """A customer who could not be computed, and why."""

    id = StringField(primary_key=True)
    reason = StringField(required=True)
    attempts = IntField()
    time = DateTimeField(required=True)

    meta = {"db_alias": ALIAS, "collection": "value_failures", "auto_create_index": False}


class MongoValuePolicies:
    """The rules, or the defaults while nobody has set any."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(
            ValuePolicyDocument, ValuePolicy, noun="value_policy", source=ALIAS, clock=clock
        )

    def current(self) -> ValuePolicy:
        return self._store.find({"_id": POLICY_ID}) or ValuePolicy()

    def replace(self, wanted: ValuePolicy, *, now: datetime, etag: str, request_key: str) -> ValuePolicy:
        return self._store.change_only(
            ValuePolicy(), lambda stored: stored.replaced(wanted, now=now), etag=etag, request_id=request_key
        )


class MongoCustomerValues:
    """The values as last computed."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(
            CustomerValueDocument, CustomerValue, noun="customer_value", source=ALIAS, clock=clock
        )

    def get(self, customer_id: str) -> CustomerValue:
        return self._store.get(customer_id)

    def batch_get(self, customer_ids: Sequence[str]) -> Sequence[CustomerValue]:
        return self._store.batch_get(customer_ids)

    def owned(self, customer_ids: Sequence[str], owner_id: str) -> Sequence[str]:
        return _customers({"_id": {"$in": list(customer_ids)}, "owner_id": owner_id})

    def page(self, match: ValueFilter, *, size: int, after: str) -> Page[CustomerValue]:
        wanted = set_only(tier=match.tier, stage=match.stage)
        query: dict[str, Any] = {f"judged.{name}": value for name, value in wanted.items()}
        if match.risk_from:
            query["judged.risk"] = {"$gte": match.risk_from}
        if match.owner_id:  # the owner changes with the customer, so it stands there only
            query["_id"] = {"$in": _customers({"owner_id": match.owner_id})}
        return self._store.page(query, size=size, after=after)

    def judge(self, judged: Mapping[str, Judgement], *, now: datetime) -> int:
        stored = {each.id: each for each in self._store.batch_get(list(judged))}
        new = [CustomerValue.first(key, each, now=now) for key, each in judged.items() if key not in stored]
        pairs = [(old, old.judged_again(judged[key], now=now)) for key, old in stored.items()]
        # Whoever lost a race is left to the other writer: there are two only while a leadership changes.
        self._store.add_many(new)
        self._store.change_many(pairs)
        return len(new) + sum(after.judged.tier is not before.judged.tier for before, after in pairs)


def _customers(query: Mapping[str, Any]) -> Sequence[str]:
    return [each["_id"] for each in collection_of(CustomerDocument).find(query, {"_id": 1})]


class MongoValueModels:
    """What the last fit found."""

    def __init__(self) -> None:
        """Write through the alias `contracts`."""
        self._codec = Codec(ValueModel)

    def latest(self) -> ValueModel | None:
        found = collection_of(ValueModelDocument).find_one({"_id": _LAST})
        return self._codec.to_aggregate(found) if found else None

    def get(self) -> ValueModel:
        """Return the model, or refuse with VALUE_MODEL_NOT_FOUND."""
        found = self.latest()
        if found is None:
            raise NotFound("value_model", _LAST)
        return found

    def store(self, model: ValueModel) -> None:
        collection_of(ValueModelDocument).replace_one({"_id": _LAST}, self._codec.to_document(model), upsert=True)


class MongoValueRuns:
    """One document for the progress, one for each customer who could not be computed."""

    def __init__(self) -> None:
        """Write through the alias `contracts`."""
        self._codec = Codec(Progress)

    def progress(self) -> Progress:
        found = collection_of(ValueRunDocument).find_one({"_id": _RUN})
        names = {each.name for each in fields(Progress)}
        return self._codec.to_aggregate({k: v for k, v in (found or {}).items() if k in names})

    def advance(self, progress: Progress, *, token: int) -> None:
        said = self._codec.to_document(progress)
        del said["requested_time"]  # others write it, at any time
        runs = collection_of(ValueRunDocument)
        guard = {"_id": _RUN, "$or": [{"token": {"$lte": token}}, {"token": {"$exists": False}}]}
        try:
            runs.update_one(guard, {"$set": said | {"token": token}}, upsert=True)
        except DuplicateKeyError:
            return  # a later leader has come: what it stored stays
        if progress.touched_until and not progress.full_began:
            heeded = {"_id": _RUN, "requested_time": {"$lte": progress.touched_until}}
            runs.update_one(heeded, {"$unset": {"requested_time": ""}})

    def request(self, now: datetime) -> None:
        collection_of(ValueRunDocument).update_one({"_id": _RUN}, {"$set": {"requested_time": now}}, upsert=True)

    def failed(self, customer_id: str, reason: str, *, now: datetime) -> None:
        noted = {"$set": {"reason": reason, "time": now}, "$inc": {"attempts": 1}}
        collection_of(ValueFailureDocument).update_one({"_id": customer_id}, noted, upsert=True)

    def settled(self, customer_ids: Sequence[str]) -> None:
        if customer_ids:
            collection_of(ValueFailureDocument).delete_many({"_id": {"$in": list(customer_ids)}})

    def failures(self) -> Sequence[str]:
        return [each["_id"] for each in collection_of(ValueFailureDocument).find({}, {"_id": 1})]
