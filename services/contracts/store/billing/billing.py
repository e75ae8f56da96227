"""Billing lines in MongoDB, one document each under a derived id, so that a repeat finds what is there."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from mongoengine import BooleanField, DateTimeField, DictField, IntField, StringField
from pymongo import DeleteOne

from services.chassis.aggregates import AggregateDocument, AggregateStore, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.codec import Codec
from services.chassis.errors import InvalidField
from services.chassis.paging import Page
from services.contracts.domain.billing.billing_delivery import BillingDelivery
from services.contracts.domain.billing.billing_difference import Difference
from services.contracts.domain.billing.billing_line import BillingLine, BillingLineState
from services.contracts.ports.billing import BillingLineFilter
from services.contracts.store.database import ALIAS, set_only

_TOKEN = re.compile(r"(?:(\d{4}-\d{2}-\d{2})\.)?(bil_[0-9A-Z]{26})", re.ASCII)
_OPEN, _BILLED, _CREDITED = "open", "billed", "credited"


class BillingLineDocument(AggregateDocument):
    """A line; its last two fields are copies for queries: where it stands, and whether accounting must hear of it."""

    contract_id = StringField(required=True)
    customer_id = StringField(required=True)
    line_id = StringField()
    period_start = StringField(required=True)
    period_end = StringField(required=True)
    ordinal = IntField()
    kind = StringField(required=True)
    description = StringField()
    start_date = StringField(required=True)
    end_date = StringField(required=True)
    due_date = StringField(required=True)
    due_time = DateTimeField(required=True)
    amount = DictField(required=True)
    formula = StringField()
    terms_number = IntField()
    billed = DictField()
    credited_time = DateTimeField()
    delivery_id = StringField()
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    standing = StringField(required=True)
    undelivered = BooleanField()

    meta = {
        "db_alias": ALIAS,
        "collection": "billing_lines",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            {"fields": ["contract_id", "due_date", "_id"], "name": "by_contract", "cls": False},
            {"fields": ["customer_id", "due_date", "_id"], "name": "by_customer", "cls": False},
            {"fields": ["standing", "due_date", "_id"], "name": "by_due_date", "cls": False},
            {
                "fields": ["due_time", "_id"],
                "name": "to_deliver",
                "cls": False,
                "partialFilterExpression": {"undelivered": True},
            },
        ],
    }


class BillingLineCodec(Codec[BillingLine]):
    """Lines as documents, with the copies that queries stand on."""

    def __init__(self) -> None:
        """Compile the mapping."""
        super().__init__(BillingLine)

    def copies(self, aggregate: BillingLine) -> dict[str, Any]:
        """Return where the line stands."""
        standing = _CREDITED if aggregate.credited_time else _BILLED if aggregate.billed else _OPEN
        undelivered = aggregate.billed is None and not aggregate.delivery_id
        return {"standing": standing, "undelivered": undelivered}


class MongoBillingLines:
    """The billing lines on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self.codec = BillingLineCodec()
        self._store = AggregateStore(BillingLineDocument, self.codec, "billing_line", ALIAS, clock)

    def batch_get(self, billing_line_ids: Sequence[str]) -> Sequence[BillingLine]:
        return self._store.batch_get(billing_line_ids)

    def get(self, billing_line_id: str) -> BillingLine:
        return self._store.get(billing_line_id)

    def of_contracts(self, contract_ids: Sequence[str]) -> Mapping[str, list[BillingLine]]:
        found: dict[str, list[BillingLine]] = defaultdict(list)
        for each in self._store.collection.find({"contract_id": {"$in": list(contract_ids)}}, {"outbox": 0}):
            found[each["contract_id"]].append(self.codec.to_aggregate(each))
        return found

    def first_of_contracts(self, contract_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[BillingLine]]:
        groups = self._store.collection.aggregate(
            [
                {"$match": {"contract_id": {"$in": list(contract_ids)}}},
                {"$sort": {"contract_id": 1, "due_date": 1, "_id": 1}},
                {"$unset": "outbox"},
                {"$group": {"_id": "$contract_id", "items": {"$firstN": {"n": most, "input": "$$ROOT"}}}},
            ]
        )
        return {group["_id"]: [self.codec.to_aggregate(item) for item in group["items"]] for group in groups}

    def page(self, match: BillingLineFilter, *, now: datetime, size: int, after: str) -> Page[BillingLine]:
        query = _query(match, now)
        if after:
            query = {"$and": [query, self._behind(after)]}
        found = list(
            self._store.collection.find(query, {"outbox": 0}).sort([("due_date", 1), ("_id", 1)]).limit(size + 1)
        )
        items = tuple(self.codec.to_aggregate(each) for each in found[:size])
        return Page(items, f"{items[-1].due_date}.{items[-1].id}" if len(found) > size else "")

    def _behind(self, token: str) -> dict[str, Any]:
        """A token is a line's day and id, or the id alone, which is found as long as the line is there."""
        found = _TOKEN.fullmatch(token)
        day, key = found.groups() if found else ("", "")
        if not day and key:
            line = self._store.collection.find_one({"_id": key}, {"due_date": 1})
            day = line["due_date"] if line else ""
        if not day:
            raise InvalidField("page_token", "page_token is no token of this list, or its line is gone: begin anew.")
        return {"$or": [{"due_date": {"$gt": day}}, {"due_date": day, "_id": {"$gt": key}}]}

    def write(self, differences: Sequence[Difference]) -> frozenset[str]:
        refused = self._store.add_many([line for each in differences for line in each.add])
        raced = {line.contract_id for line in refused}
        lost = self._store.change_many([pair for each in differences for pair in each.change])
        raced.update(line.contract_id for line in lost)
        gone = [line for each in differences for line in each.remove]
        if gone:
            deletes = [DeleteOne({"_id": line.id, "version": line.version}) for line in gone]
            self._store.collection.bulk_write(deletes, ordered=False)
            kept = self._store.collection.find({"_id": {"$in": [line.id for line in gone]}}, {"contract_id": 1})
            raced.update(each["contract_id"] for each in kept)
        return frozenset(raced)

    def change_many(self, changes: Sequence[tuple[BillingLine, BillingLine]]) -> Sequence[BillingLine]:
        return self._store.change_many(changes)

    def to_deliver(self, now: datetime, *, size: int) -> Sequence[str]:
        query = {"undelivered": True, "due_time": {"$lte": now}}
        found = self._store.collection.find(query, {"_id": 1}).sort([("due_time", 1), ("_id", 1)]).limit(size)
        return [each["_id"] for each in found]

    def assign(self, delivery: BillingDelivery) -> None:
        free = {"_id": {"$in": list(delivery.billing_line_ids)}, "delivery_id": ""}
        self._store.collection.update_many(free, {"$set": {"delivery_id": delivery.id, "undelivered": False}})

    def in_delivery(self, delivery: BillingDelivery) -> Sequence[BillingLine]:
        found = self._store.batch_get(delivery.billing_line_ids)
        return sorted((each for each in found if each.delivery_id == delivery.id), key=lambda each: each.id)


def _query(match: BillingLineFilter, now: datetime) -> dict[str, Any]:
    query: dict[str, Any] = set_only(contract_id=match.contract_id, customer_id=match.customer_id)
    if match.state:
        query |= _STANDING[match.state](now)
    days = {
        sign: day.isoformat() for sign, day in (("$gte", match.due_from), ("$lte", match.due_until)) if day is not None
    }
    return query | ({"due_date": days} if days else {})


_STANDING: Mapping[BillingLineState, Callable[[datetime], dict[str, Any]]] = {
    BillingLineState.PLANNED: lambda now: {"standing": _OPEN, "due_time": {"$gt": now}},
    BillingLineState.DUE: lambda now: {"standing": _OPEN, "due_time": {"$lte": now}},
    BillingLineState.BILLED: lambda _: {"standing": _BILLED},
    BillingLineState.CREDITED: lambda _: {"standing": _CREDITED},
}
"""What `BillingLine.state_at` says, in the words of the database."""
