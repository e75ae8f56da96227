"""The uses of allowances in MongoDB: what is drawn and what draws it, in one transaction."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from mongoengine import DateTimeField, DictField, ListField, LongField, StringField
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from services.chassis.aggregates import AggregateDocument, AggregateStore, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField, NotFound, StaleVersion
from services.chassis.paging import Page
from services.contracts.domain.entitlement.allowance_usage import AllowanceUsage, UsageState
from services.contracts.domain.entitlement.coverage import Ask, Facts
from services.contracts.ports.entitlement import FactsOf, UsageFilter
from services.contracts.store.database import ALIAS, set_only
from services.contracts.store.entitlement.allowance_counters import move
from services.contracts.store.entitlement.cover_facts import MongoCoverFacts

_NOUN = "allowance_usage"
Outcome = TypeVar("Outcome")


class AllowanceUsageDocument(AggregateDocument):
    """A usage."""

    reference = StringField(required=True)
    state = StringField(required=True)
    customer_id = StringField(required=True)
    asset_id = StringField()
    service_type = StringField(required=True)
    unit = StringField(required=True)
    asked = LongField(required=True)
    quantity = LongField(required=True)
    actual = LongField(required=True)
    held = ListField(DictField())
    verdict = StringField(required=True)
    reason = StringField(required=True)
    explanation_en = StringField()
    explanation_zh = StringField()
    service_time = DateTimeField(required=True)
    expire_time = DateTimeField()
    consumed_time = DateTimeField()
    release_reason = StringField()
    corrections = ListField(DictField())
    by = StringField(required=True)
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "allowance_usages",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            # One for each filter of a list; a verdict as of an earlier knowledge reads those of the customer.
            {"fields": ["customer_id", "_id"], "name": "by_customer", "cls": False},
            {"fields": ["held.covers.contract_id", "_id"], "name": "by_contract", "cls": False},
            {"fields": ["state", "_id"], "name": "by_state", "cls": False},
            {"fields": ["reference", "_id"], "name": "by_reference", "cls": False},
        ],
    }


class MongoUsages:
    """The uses of allowances on record."""

    def __init__(self, clock: Clock, facts: MongoCoverFacts) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(AllowanceUsageDocument, AllowanceUsage, noun=_NOUN, source=ALIAS, clock=clock)
        self._facts = facts

    def reserve(self, usage_id: str, ask: Ask, *, step: Callable[[Facts], AllowanceUsage]) -> AllowanceUsage:
        def write(session: ClientSession) -> AllowanceUsage:
            found = self._store.collection.find_one({"_id": usage_id}, session=session)
            if found is not None:
                return self._store.codec.to_aggregate(found)
            usage = step(self._facts.facts(ask, session=session))
            move(None, usage, session=session)
            self._store.collection.insert_one(self._store.new_document(usage), session=session)
            return usage

        return self._at_once(write)

    def change(
        self,
        usage_id: str,
        step: Callable[[AllowanceUsage, FactsOf], AllowanceUsage],
        *,
        etag: str = "",
        request_key: str = "",
    ) -> AllowanceUsage:
        def write(session: ClientSession) -> AllowanceUsage:
            found = self._store.collection.find_one({"_id": usage_id}, session=session)
            if found is None:
                raise NotFound(_NOUN, usage_id)
            old = self._store.codec.to_aggregate(found)
            if request_key and request_key in found["request_ids"]:
                return old
            if etag and etag != str(old.version):
                raise StaleVersion(_NOUN, usage_id)
            new = step(old, lambda ask: self._facts.facts(ask, session=session))
            return old if new is old else self._replace(old, new, request_key=request_key, session=session)

        return self._at_once(write)

    def batch_get(self, usage_ids: Sequence[str]) -> Sequence[AllowanceUsage]:
        return self._store.batch_get(usage_ids)

    def page(self, match: UsageFilter, *, size: int, after: str) -> Page[AllowanceUsage]:
        query = set_only(customer_id=match.customer_id, state=match.state, reference=match.reference)
        if match.contract_id:
            query["held.covers.contract_id"] = match.contract_id
        return self._store.page(query, size=size, after=after)

    def overdue(self, now: datetime, *, most: int, after: str = "") -> Sequence[str]:
        query = {"state": UsageState.RESERVED.value, "_id": {"$gt": after}, "expire_time": {"$lte": now}}
        found = self._store.collection.find(query, {"_id": 1}).sort("_id", 1).limit(most)
        return [each["_id"] for each in found]

    def _replace(
        self, old: AllowanceUsage, new: AllowanceUsage, *, request_key: str, session: ClientSession
    ) -> AllowanceUsage:
        document = self._store.codec.to_document(new) | {"version": old.version + 1}
        key = document.pop("_id")
        move(old, new, session=session)
        update: dict[str, Any] = {"$set": document}
        if request_key:
            update["$push"] = {"request_ids": request_key}
        self._store.collection.update_one({"_id": key, "version": old.version}, update, session=session)
        return self._store.codec.to_aggregate({**document, "_id": key})

    def _at_once(self, write: Callable[[ClientSession], Outcome]) -> Outcome:
        # What loses a race to another transaction is run again on what that one wrote.
        try:
            with self._store.collection.database.client.start_session() as session:
                return session.with_transaction(write)
        except DuplicateKeyError as error:
            raise InvalidField("request_id", "request_id was used for another usage.") from error
