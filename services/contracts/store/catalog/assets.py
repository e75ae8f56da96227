"""Assets in MongoDB."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mongoengine import DateTimeField, DictField, IntField, ListField, StringField

from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.paging import Page
from services.contracts.domain.catalog.asset import Asset
from services.contracts.domain.catalog.catalog_errors import AssetSerialTaken
from services.contracts.domain.customers.customer import search_key
from services.contracts.ports.catalog import AssetFilter
from services.contracts.store.customers.families import families, family, gathered
from services.contracts.store.database import ALIAS, set_only

AssetKey = tuple[str, str]
"""Product and serial key."""


class AssetDocument(AggregateDocument):
    """An asset."""

    product_id = StringField(required=True)
    serial = StringField(required=True)
    serial_key = StringField(required=True)
    customer_id = StringField(required=True)
    delivery_date = StringField()
    free_maintenance_months = IntField()
    holds = ListField(DictField())
    warranty_end = StringField()
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "assets",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            {"fields": ["product_id", "serial_key"], "name": "serial_unique", "unique": True, "cls": False},
            {"fields": ["customer_id", "_id"], "name": "by_customer", "cls": False},
            {"fields": ["serial_key", "_id"], "name": "by_serial", "cls": False},
            # What comes to its end between two days.
            {"fields": ["warranty_end", "_id"], "name": "by_warranty_end", "cls": False},
        ],
    }


class MongoAssets:
    """The assets on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(AssetDocument, Asset, noun="asset", source=ALIAS, clock=clock)

    def add(self, asset: Asset, *, request_key: str) -> Asset:
        try:
            return self._store.add(asset, request_key)
        except DuplicateKey as error:
            raise _refusal(error, asset.serial) from error

    def get(self, asset_id: str) -> Asset:
        return self._store.get(asset_id)

    def batch_get(self, asset_ids: Sequence[str]) -> Sequence[Asset]:
        return self._store.batch_get(asset_ids)

    def page(self, match: AssetFilter, *, size: int, after: str) -> Page[Asset]:
        query: dict[str, Any] = set_only(product_id=match.product_id, serial_key=search_key(match.serial))
        if match.customer_id:
            query["customer_id"] = {"$in": family(match.customer_id)}
        days = {"$gte": match.warranty_end_from, "$lte": match.warranty_end_to}
        if bounds := {key: day.isoformat() for key, day in days.items() if day}:
            query["warranty_end"] = {"$type": "string", **bounds}
        return self._store.page(query, size=size, after=after)

    def of_customers(self, customer_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Asset]]:
        of = families(customer_ids)
        every = [key for members in of.values() for key in members]
        found = self._store.top_by("customer_id", every, limit=most, newest_first=False)
        return gathered(of, found, most=most, newest_first=False)

    def change(self, asset_id: str, step: Callable[[Asset], Asset], *, etag: str, request_key: str) -> Asset:
        try:
            return self._store.change(asset_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise _refusal(error, step(self.get(asset_id)).serial) from error

    def by_serials(self, keys: Sequence[AssetKey]) -> Mapping[AssetKey, Asset]:
        serials: dict[str, list[str]] = defaultdict(list)
        for product_id, serial in keys:
            serials[product_id].append(serial)
        if not serials:
            return {}
        # One condition for each product: a thousand of them, one for each asset, would take the planner seconds.
        wanted = [{"product_id": key, "serial_key": {"$in": of_product}} for key, of_product in serials.items()]
        found = map(self._store.codec.to_aggregate, self._store.collection.find({"$or": wanted}, {"outbox": 0}))
        return {_key(asset): asset for asset in found}

    def add_many(self, assets: Sequence[Asset]) -> set[AssetKey]:
        return {_key(asset) for asset in self._store.add_many(assets)}

    def change_many(self, changes: Sequence[tuple[Asset, Asset]]) -> set[AssetKey]:
        return {_key(asset) for asset in self._store.change_many(changes)}


def _key(asset: Asset) -> AssetKey:
    return asset.product_id, asset.serial_key


def _refusal(error: DuplicateKey, serial: str) -> Exception:
    if "serial_key" in error.fields:
        return AssetSerialTaken(serial)
    return InvalidField("request_id", "request_id was used for another asset.")
