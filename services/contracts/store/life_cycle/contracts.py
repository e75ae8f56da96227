"""Contracts in MongoDB."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from mongoengine import BooleanField, DateTimeField, DictField, IntField, ListField, StringField

from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.codec import Codec
from services.chassis.errors import InvalidField
from services.chassis.paging import Page
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.ports.contracts import ContractFilter, ReviewFilter
from services.contracts.store.customers.families import families, family, gathered
from services.contracts.store.database import ALIAS, set_only

_UTMOST = timedelta(hours=14)
"""No zone is further ahead of UTC."""


class ContractDocument(AggregateDocument):
    """A contract. The second half of its fields are copies out of its terms and its review, for queries alone."""

    customer_id = StringField(required=True)
    owner_id = StringField()
    author = StringField(required=True)
    state = StringField(required=True)
    time_zone = StringField(required=True)
    jurisdiction = StringField(required=True)
    consumer = BooleanField()
    credit_policy = StringField()
    suspension_extends = BooleanField()
    versions = ListField(DictField())
    moves = ListField(DictField())
    term_number = IntField()
    predecessor_id = StringField()
    successor_id = StringField()
    review = DictField()
    paper = DictField()
    signed_text_sha256 = StringField()
    gates = ListField(DictField())
    suspensions = ListField(DictField())
    termination = DictField()
    renewal_cancelled_time = DateTimeField()
    signed_time = DateTimeField()
    activated_time = DateTimeField()
    terminated_time = DateTimeField()
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    title = StringField(required=True)
    start_date = StringField(required=True)
    end_date = StringField(required=True)
    price = DictField(required=True)
    asset_ids = ListField(StringField())
    renewal_kind = StringField()
    reviewer = StringField()
    submitted_time = DateTimeField()
    due_date = StringField()

    meta = {
        "db_alias": ALIAS,
        "collection": "contracts",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            {"fields": ["customer_id", "_id"], "name": "by_customer", "cls": False},
            {"fields": ["state", "_id"], "name": "by_state", "cls": False},
            {"fields": ["owner_id", "_id"], "name": "by_owner", "cls": False},
            {"fields": ["state", "end_date", "_id"], "name": "by_end", "cls": False},
            {"fields": ["state", "reviewer", "submitted_time", "_id"], "name": "by_reviewer", "cls": False},
            {"fields": ["asset_ids"], "name": "by_asset", "cls": False},
            {
                "fields": ["due_date", "_id"],
                "name": "by_due_date",
                "cls": False,
                "partialFilterExpression": {"due_date": {"$gt": ""}},
            },
            {
                "fields": ["predecessor_id"],
                "name": "by_predecessor",
                "cls": False,
                "partialFilterExpression": {"predecessor_id": {"$gt": ""}},
            },
        ],
    }


class ContractCodec(Codec[Contract]):
    """Contracts as documents, with the copies that queries and indexes stand on; whoever writes one uses this."""

    def __init__(self) -> None:
        """Compile the mapping."""
        super().__init__(Contract)

    def copies(self, aggregate: Contract) -> dict[str, Any]:
        """Return what was agreed last, and what is due."""
        terms = aggregate.terms
        return {
            "title": terms.title,
            "start_date": terms.start_date.isoformat(),
            "end_date": terms.end_date.isoformat(),
            "price": {"currency_code": terms.price.currency_code, "minor_units": terms.price.minor_units},
            "asset_ids": list(aggregate.asset_ids),
            "renewal_kind": terms.renewal.kind.value,
            "reviewer": aggregate.review.reviewer,
            "submitted_time": aggregate.review.submitted_time,
            "due_date": aggregate.due_date.isoformat() if aggregate.due_date else "",
        }


class MongoContracts:
    """The contracts on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore(ContractDocument, ContractCodec(), "contract", ALIAS, clock)

    def add(self, contract: Contract, *, request_key: str) -> Contract:
        return self._store.add(contract, request_key)

    def get(self, contract_id: str) -> Contract:
        return self._store.get(contract_id)

    def batch_get(self, contract_ids: Sequence[str]) -> Sequence[Contract]:
        return self._store.batch_get(contract_ids)

    def page(self, match: ContractFilter, *, size: int, after: str) -> Page[Contract]:
        return self._store.page(_query(match), size=size, after=after)

    def of_customers(
        self, customer_ids: Sequence[str], *, most: int, known_by: datetime | None = None
    ) -> Mapping[str, Sequence[Contract]]:
        of = families(customer_ids)
        keys = [key for members in of.values() for key in members]
        found = self._store.top_by("customer_id", keys, limit=most, newest_first=False, where=_known(known_by))
        return gathered(of, found, most=most, newest_first=False)

    def reviews(self, match: ReviewFilter, *, size: int, after: str) -> Page[Contract]:
        query = set_only(state=ContractState.IN_REVIEW.value, reviewer=match.reviewer, owner_id=match.owner_id)
        if match.unassigned:
            query["reviewer"] = ""
        if after:
            at = self.get(after).last_submitted_time
            query["$or"] = [{"submitted_time": {"$gt": at}}, {"submitted_time": at, "_id": {"$gt": after}}]
        order = [("submitted_time", 1), ("_id", 1)]
        found = list(self._store.collection.find(query, {"outbox": 0}).sort(order).limit(size + 1))
        items = tuple(self._store.codec.to_aggregate(each) for each in found[:size])
        return Page(items, items[-1].id if len(found) > size else "")

    def due(self, now: datetime, *, size: int, after: str) -> Sequence[str]:
        earliest = (now + _UTMOST).date().isoformat()
        query = {"due_date": {"$gt": "", "$lt": earliest}, "_id": {"$gt": after}}
        # Few are due of very many: without the hint the order of ids tempts the planner to look at all of them.
        found = self._store.collection.find(query, {"_id": 1}).hint("by_due_date").sort("_id", 1).limit(size)
        return [each["_id"] for each in found]

    def change(
        self, contract_id: str, step: Callable[[Contract], Contract], *, etag: str, request_key: str
    ) -> Contract:
        try:
            return self._store.change(contract_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another contract.") from error


def _query(match: ContractFilter) -> dict[str, Any]:
    query = {**set_only(owner_id=match.owner_id, reviewer=match.reviewer), **_known(match.known_by)}
    if match.customer_id:
        query["customer_id"] = {"$in": list(family(match.customer_id))}
    if match.states:
        query["state"] = {"$in": [state.value for state in match.states]}
    if ending := _between(match.ending_from, match.ending_to):
        query["end_date"] = ending
    if match.asset_id:
        query["asset_ids"] = match.asset_id
    return query


def _known(by: datetime | None) -> dict[str, Any]:
    """Select what `contract_as_of` can tell anything about."""
    return {f"{trace}.recorded_time": {"$lte": by} for trace in ("versions", "moves")} if by else {}


def _between(first: date | None, last: date | None) -> dict[str, str]:
    ends = {"$gte": first, "$lte": last}
    return {sign: day.isoformat() for sign, day in ends.items() if day}
