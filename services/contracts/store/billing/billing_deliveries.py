"""Handings over to the accounting system in MongoDB."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from mongoengine import BooleanField, DateTimeField, IntField, ListField, StringField

from services.chassis.aggregates import AggregateDocument, AggregateStore, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.codec import readable
from services.chassis.paging import Page
from services.contracts.domain.billing.billing_delivery import BillingDelivery
from services.contracts.store.database import ALIAS


class BillingDeliveryDocument(AggregateDocument):
    """One handing over."""

    billing_line_ids = ListField(StringField())
    assigned = BooleanField()
    attempts = IntField()
    last_error = StringField()
    next_time = DateTimeField()
    delivered_time = DateTimeField()
    create_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "billing_deliveries",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            {"fields": ["next_time"], "name": "by_next_time", "cls": False},
        ],
    }


class MongoBillingDeliveries:
    """The handings over on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(
            BillingDeliveryDocument, BillingDelivery, noun="billing_delivery", source=ALIAS, clock=clock
        )

    def add(self, delivery: BillingDelivery) -> BillingDelivery:
        return self._store.add(delivery)

    def due(self, now: datetime, *, size: int) -> Sequence[BillingDelivery]:
        query = {"next_time": {"$ne": None, "$lte": now}}
        return self._first(self._store.collection.find(query, batch_size=size).sort("next_time", 1), size)

    def unassigned(self, *, size: int) -> Sequence[BillingDelivery]:
        query = {"next_time": {"$ne": None}, "assigned": False}
        return self._first(self._store.collection.find(query, batch_size=size), size)

    def _first(self, found: Iterable[dict[str, Any]], size: int) -> Sequence[BillingDelivery]:
        # Counted after reading, so that unreadable ones do not take the places of the others for ever.
        readables = readable(found, self._store.codec.to_aggregate, collection="billing_deliveries")
        return list(islice(readables, size))

    def save(self, old: BillingDelivery, new: BillingDelivery) -> None:
        self._store.change_many([(old, new)])

    def page(self, *, undelivered: bool, size: int, before: str) -> Page[BillingDelivery]:
        query: dict[str, Any] = {"next_time": {"$ne": None}} if undelivered else {}
        if before:
            query["_id"] = {"$lt": before}
        found = list(self._store.collection.find(query).sort("_id", -1).limit(size + 1))
        items = tuple(self._store.codec.to_aggregate(each) for each in found[:size])
        return Page(items, items[-1].id if len(found) > size else "")
