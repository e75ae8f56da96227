"""Renewals in MongoDB."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from mongoengine import DateTimeField, DictField, IntField, ListField, StringField

from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.codec import readable
from services.chassis.errors import InvalidField
from services.chassis.paging import Page
from services.contracts.domain.renewals.notice_states import Bounds
from services.contracts.domain.renewals.renewal import Renewal
from services.contracts.domain.renewals.renewal_stages import OPEN_STAGES
from services.contracts.ports.renewals import RenewalFilter
from services.contracts.store.customers.families import families, family, gathered
from services.contracts.store.database import ALIAS, set_only
from services.contracts.store.renewals.batches import batches

_OPEN = [stage.value for stage in OPEN_STAGES]


class RenewalDocument(AggregateDocument):
    """A renewal."""

    contract_id = StringField(required=True)
    customer_id = StringField(required=True)
    owner_id = StringField()
    kind = StringField(required=True)
    term_number = IntField(required=True)
    term_start = StringField(required=True)
    term_end = StringField(required=True)
    month = StringField(required=True)
    notice_date = StringField(required=True)
    next_end = StringField(required=True)
    due_amount = DictField(required=True)
    amount = DictField(required=True)
    formula = StringField()
    legal_window = DictField()
    reminder_dates = ListField(StringField())
    reminders = ListField(DictField())
    stage = StringField(required=True)
    likelihood = DictField(required=True)
    call = DictField()
    decision = DictField()
    category = StringField(required=True)
    attention = ListField(StringField())
    cancellation = DictField()
    outcome = DictField()
    scored_date = StringField(required=True)
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "renewals",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            {"fields": ["contract_id", "-term_number"], "name": "by_contract", "cls": False},
            {"fields": ["customer_id", "_id"], "name": "by_customer", "cls": False},
            {"fields": ["owner_id", "_id"], "name": "by_owner", "cls": False},
            {"fields": ["month", "_id"], "name": "by_month", "cls": False},
            {"fields": ["stage", "scored_date"], "name": "by_stage", "cls": False},
            {"fields": ["stage", "notice_date", "term_end"], "name": "by_notice", "cls": False},
        ],
    }


def renewal_store(clock: Clock) -> AggregateStore[Renewal]:
    """Return the renewals as aggregates, for writes that go together with others."""
    return AggregateStore.of(RenewalDocument, Renewal, noun="renewal", source=ALIAS, clock=clock)


class MongoRenewals:
    """The renewals on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = renewal_store(clock)

    def add(self, renewal: Renewal) -> Renewal:
        try:
            return self._store.add(renewal)
        except DuplicateKey:
            return self._store.get(renewal.id)

    def add_many(self, renewals: Sequence[Renewal]) -> int:
        return len(renewals) - len(self._store.add_many(renewals))

    def get(self, renewal_id: str) -> Renewal:
        return self._store.get(renewal_id)

    def batch_get(self, renewal_ids: Sequence[str]) -> Sequence[Renewal]:
        return list(self._readable(self._store.collection.find({"_id": {"$in": list(renewal_ids)}}, {"outbox": 0})))

    def page(self, match: RenewalFilter, *, size: int, after: str) -> Page[Renewal]:
        return self._store.page(_query(match), size=size, after=after)

    def of_contracts(self, contract_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Renewal]]:
        return self._latest("contract_id", contract_ids, most=most)

    def of_customers(self, customer_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Renewal]]:
        of = families(customer_ids)
        members = [each for members in of.values() for each in members]
        return gathered(of, self._latest("customer_id", members, most=most), most=most)

    def of_months(self, first: str, last: str, *, owner_id: str) -> Iterator[Renewal]:
        query = {"month": {"$gte": first, "$lte": last}, **set_only(owner_id=owner_id)}
        for found in self._store.collection.find(query, {"outbox": 0}):
            yield self._store.codec.to_aggregate(found)

    def change(
        self, renewal_id: str, step: Callable[[Renewal], Renewal], *, etag: str = "", request_key: str = ""
    ) -> Renewal:
        try:
            return self._store.change(renewal_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another renewal.") from error

    def change_many(self, changes: Sequence[tuple[Renewal, Renewal]]) -> int:
        return len(changes) - len(self._store.change_many(changes))

    def known(self, renewal_ids: Sequence[str]) -> frozenset[str]:
        found = self._store.collection.find({"_id": {"$in": list(renewal_ids)}}, {"_id": 1})
        return frozenset(each["_id"] for each in found)

    def open_binding(self, today: date, *, size: int) -> Iterator[Sequence[Renewal]]:
        return self._open({"notice_date": {"$lt": today.isoformat()}}, size)

    def open_unscored(self, today: date, *, size: int) -> Iterator[Sequence[Renewal]]:
        return self._open({"scored_date": {"$lt": today.isoformat()}}, size)

    def all_open(self, *, size: int) -> Iterator[Sequence[Renewal]]:
        return self._open({}, size)

    def _open(self, query: Mapping[str, Any], size: int) -> Iterator[Sequence[Renewal]]:
        found = self._store.collection.find({"stage": {"$in": _OPEN}, **query}, {"outbox": 0}, batch_size=size)
        for batch in batches(found, size):
            yield list(self._readable(batch))

    def _readable(self, found: Iterable[dict[str, Any]]) -> Iterator[Renewal]:
        return readable(found, self._store.codec.to_aggregate, collection="renewals")

    def _latest(self, field: str, keys: Sequence[str], *, most: int) -> dict[str, list[Renewal]]:
        groups = self._store.collection.aggregate(
            [
                {"$match": {field: {"$in": list(keys)}}},
                {"$sort": {field: 1, "term_end": -1, "_id": 1}},
                {"$unset": "outbox"},
                {"$group": {"_id": f"${field}", "items": {"$firstN": {"n": most, "input": "$$ROOT"}}}},
            ]
        )
        return {each["_id"]: [self._store.codec.to_aggregate(item) for item in each["items"]] for each in groups}


def _query(match: RenewalFilter) -> dict[str, Any]:
    query = set_only(
        contract_id=match.contract_id,
        owner_id=match.owner_id,
        stage=match.stage,
        month=match.month,
        category=match.category,
    )
    if match.customer_id:
        query["customer_id"] = {"$in": list(family(match.customer_id))}
    if match.needs_leader:
        query["attention.0"] = {"$exists": True}
    if match.open_only and not match.stage:
        query["stage"] = {"$in": _OPEN}
    elif match.open_only and match.stage not in OPEN_STAGES:
        query["stage"] = {"$in": []}
    return query | (_within(match.notice) if match.notice else {})


def _within(bounds: Bounds) -> dict[str, Any]:
    fields = {
        "notice_date": {"$gte": bounds.notice_from, "$lte": bounds.notice_to},
        "term_end": {"$gte": bounds.end_from, "$lte": bounds.end_to},
    }
    set_ones = {
        field: {sign: day.isoformat() for sign, day in ends.items() if day is not None}
        for field, ends in fields.items()
    }
    return {field: ends for field, ends in set_ones.items() if ends}
