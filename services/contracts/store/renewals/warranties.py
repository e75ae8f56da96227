"""Ending warranties and the opportunities that they open, in MongoDB."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from mongoengine import DateTimeField, ListField, StringField

from services.chassis.aggregates import AggregateDocument, AggregateStore, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.codec import readable
from services.chassis.mongo import collection_of
from services.chassis.paging import Page
from services.contracts.domain.renewals.warranty_expiry import Cover, EndingWarranty, WarrantyExpiry
from services.contracts.domain.sales.opportunity import Opportunity
from services.contracts.domain.terms.periods import Span
from services.contracts.ports.warranties import WarrantyExpiryFilter
from services.contracts.store.catalog.assets import AssetDocument
from services.contracts.store.customers.customers import CustomerDocument
from services.contracts.store.customers.families import families, family
from services.contracts.store.database import ALIAS, set_only
from services.contracts.store.life_cycle.contracts import ContractDocument
from services.contracts.store.sales.opportunities import opportunity_store

_COVER = {
    "customer_id": 1,
    "termination.last_date": 1,
    "versions.start_date": 1,
    "versions.end_date": 1,
    "versions.lines.asset_ids": 1,
    "versions.lines.service_types": 1,
}


class WarrantyExpiryDocument(AggregateDocument):
    """A group of ending warranties."""

    customer_id = StringField(required=True)
    owner_id = StringField()
    product_id = StringField()
    month = StringField(required=True)
    warranty_end = StringField(required=True)
    asset_ids = ListField(StringField())
    opportunity_id = StringField(required=True)
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "warranty_expiries",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            {"fields": ["customer_id", "_id"], "name": "by_customer", "cls": False},
            {"fields": ["owner_id", "_id"], "name": "by_owner", "cls": False},
            {"fields": ["month", "_id"], "name": "by_month", "cls": False},
        ],
    }


class MongoWarrantyExpiries:
    """The groups of ending warranties on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(
            WarrantyExpiryDocument, WarrantyExpiry, noun="warranty_expiry", source=ALIAS, clock=clock
        )

    def batch_get(self, expiry_ids: Sequence[str]) -> Sequence[WarrantyExpiry]:
        found = self._store.collection.find({"_id": {"$in": list(expiry_ids)}}, {"outbox": 0})
        return list(readable(found, self._store.codec.to_aggregate, collection="warranty_expiries"))

    def page(self, match: WarrantyExpiryFilter, *, size: int, after: str) -> Page[WarrantyExpiry]:
        query = set_only(owner_id=match.owner_id, month=match.month)
        if match.customer_id:
            query["customer_id"] = {"$in": list(family(match.customer_id))}
        return self._store.page(query, size=size, after=after)

    def add_many(self, expiries: Sequence[WarrantyExpiry]) -> int:
        return len(expiries) - len(self._store.add_many(expiries))

    def change_many(self, changes: Sequence[tuple[WarrantyExpiry, WarrantyExpiry]]) -> int:
        return len(changes) - len(self._store.change_many(changes))


class MongoWarranties:
    """The assets in service and what covers them."""

    def ending(self, first: date, last: date, *, size: int) -> Iterator[Sequence[EndingWarranty]]:
        query = {"warranty_end": {"$type": "string", "$gte": first.isoformat(), "$lte": last.isoformat()}}
        fields = {"customer_id": 1, "product_id": 1, "warranty_end": 1}
        order = [("customer_id", 1), ("warranty_end", 1), ("_id", 1)]
        found = collection_of(AssetDocument).find(query, fields, batch_size=size).sort(order)
        for batch in _of_whole_customers(found, size):
            owned = [each for each in batch if each.get("customer_id")]
            yield list(readable(owned, _ending, collection="assets"))

    def covers(self, customer_ids: Sequence[str]) -> Sequence[Cover]:
        owner = {member: key for key, members in families(customer_ids).items() for member in members}
        query = {"customer_id": {"$in": list(owner)}, "signed_time": {"$ne": None}}
        found = collection_of(ContractDocument).find(query, _COVER)
        covers = readable(found, lambda each: list(_covers(each, owner[each["customer_id"]])), collection="contracts")
        return [cover for each in covers for cover in each]

    def owners(self, customer_ids: Sequence[str]) -> Mapping[str, str]:
        query = {"_id": {"$in": list(customer_ids)}, "owner_id": {"$gt": ""}}
        found = collection_of(CustomerDocument).find(query, {"owner_id": 1})
        return {each["_id"]: each["owner_id"] for each in found}


class MongoSigningOpportunities:
    """The opportunities that ending warranties open, as the room of sales stores them."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store: AggregateStore[Opportunity] = opportunity_store(clock)

    def known(self, opportunity_ids: Sequence[str]) -> frozenset[str]:
        found = self._store.collection.find({"_id": {"$in": list(opportunity_ids)}}, {"_id": 1})
        return frozenset(each["_id"] for each in found)

    def add_many(self, opportunities: Sequence[Opportunity]) -> int:
        return len(opportunities) - len(self._store.add_many(opportunities))


def _of_whole_customers(found: Iterable[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    """Yield batches of at least so many assets, in the order of customers; each has all that a customer has.

    An offer names the assets that its batch held: one that was cut in two would name half of them.
    """
    batch: list[dict[str, Any]] = []
    for _, assets in groupby(found, key=lambda each: each.get("customer_id")):
        batch.extend(assets)
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def _ending(found: dict[str, Any]) -> EndingWarranty:
    return EndingWarranty(
        asset_id=found["_id"],
        customer_id=found["customer_id"],
        product_id=found["product_id"],
        warranty_end=date.fromisoformat(found["warranty_end"]),
    )


def _covers(found: dict[str, Any], customer_id: str) -> Iterator[Cover]:
    ended = (found.get("termination") or {}).get("last_date") or date.max.isoformat()
    for version in found["versions"]:
        first, last = version["start_date"], min(version["end_date"], ended)
        if first > last:
            continue
        # What is only billed covers nothing: a verdict on a request for service says the same.
        lines = [frozenset(line["asset_ids"]) for line in version.get("lines", ()) if line["service_types"]]
        if not lines:
            continue
        named = frozenset[str]() if frozenset() in lines else frozenset[str]().union(*lines)
        days = Span(date.fromisoformat(first), min(date.fromisoformat(last), date.max - timedelta(days=1)))
        yield Cover(customer_id=customer_id, asset_ids=named, days=days)


class MongoKnownCustomers:
    """The customers, as far as a signal must be about one."""

    def exists(self, customer_id: str) -> bool:
        return collection_of(CustomerDocument).find_one({"_id": customer_id}, {"_id": 1}) is not None
