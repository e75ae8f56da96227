"""Orders in MongoDB."""

from collections.abc import Callable, Mapping, Sequence

from mongoengine import DateTimeField, DictField, ListField, LongField, StringField

from services.chassis.aggregates import (
    AggregateDocument,
    AggregateStore,
    DuplicateKey,
    aggregate_indexes,
    unique_when_set,
)
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.paging import Page
from services.contracts.domain.catalog.asset import Asset
from services.contracts.domain.catalog.catalog_errors import AssetSerialTaken
from services.contracts.domain.sales.order import Order
from services.contracts.ports.quotes import OrderFilter
from services.contracts.store.catalog.assets import AssetDocument
from services.contracts.store.customers.families import families, family, gathered
from services.contracts.store.database import ALIAS, set_only
from services.contracts.store.together import Write, change_together


class OrderDocument(AggregateDocument):
    """An order with its milestones."""

    quote_id = StringField(required=True)
    quote_version = LongField(required=True)
    opportunity_id = StringField(required=True)
    customer_id = StringField(required=True)
    owner_id = StringField()
    title = StringField(required=True)
    lines = ListField(DictField())
    total = DictField(required=True)
    milestone = StringField(required=True)
    milestones = ListField(DictField())
    next_planned_date = StringField()
    carrier = StringField()
    tracking_number = StringField()
    accepted_by = StringField()
    issues = ListField(DictField())
    cancellation = DictField()
    author = StringField()
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "orders",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            unique_when_set("quote_id"),
            # One for each filter of a list; the id behind it keeps the order of pages.
            {"fields": ["customer_id", "_id"], "name": "by_customer", "cls": False},
            {"fields": ["owner_id", "_id"], "name": "by_owner", "cls": False},
            {"fields": ["milestone", "_id"], "name": "by_milestone", "cls": False},
            {"fields": ["next_planned_date"], "name": "by_next_planned", "cls": False},
        ],
    }


class MongoOrders:
    """The orders on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(OrderDocument, Order, noun="order", source=ALIAS, clock=clock)
        self._assets = AggregateStore.of(AssetDocument, Asset, noun="asset", source=ALIAS, clock=clock)

    def add(self, order: Order) -> Order:
        try:
            return self._store.add(order)
        except DuplicateKey:
            return self._store.get(order.id)

    def get(self, order_id: str) -> Order:
        return self._store.get(order_id)

    def batch_get(self, order_ids: Sequence[str]) -> Sequence[Order]:
        return self._store.batch_get(order_ids)

    def of_quotes(self, quote_ids: Sequence[str]) -> Sequence[Order]:
        found = self._store.collection.find({"quote_id": {"$in": list(quote_ids)}})
        return [self._store.codec.to_aggregate(each) for each in found]

    def page(self, match: OrderFilter, *, size: int, after: str) -> Page[Order]:
        query = set_only(owner_id=match.owner_id, milestone=match.milestone)
        if match.customer_id:
            query["customer_id"] = {"$in": family(match.customer_id)}
        if match.late_on:
            query["next_planned_date"] = {"$lt": match.late_on.isoformat()}
        return self._store.page(query, size=size, after=after)

    def of_customers(self, customer_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Order]]:
        of = families(customer_ids)
        members = [each for relatives in of.values() for each in relatives]
        return gathered(of, self._store.top_by("customer_id", members, limit=most), most=most)

    def change(self, order_id: str, step: Callable[[Order], Order], *, etag: str, request_key: str) -> Order:
        try:
            return self._store.change(order_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another order.") from error

    def deliver(
        self, order_id: str, step: Callable[[Order], tuple[Order, Sequence[Asset]]], *, etag: str, request_key: str
    ) -> Order:
        delivered: list[Asset] = []

        def plan(old: Order) -> list[Write]:
            order, assets = step(old)
            delivered[:] = assets
            writes = [Write(store=self._store, new=order, old=old, request_key=request_key)]
            return [*writes, *(Write(store=self._assets, new=asset) for asset in delivered)]

        try:
            return change_together(self._store, order_id, plan=plan, etag=etag, request_key=request_key)
        except DuplicateKey as error:
            if "request_ids" in error.fields:
                raise InvalidField("request_id", "request_id was used for another order.") from error
            raise AssetSerialTaken(self._taken(delivered)) from error

    def _taken(self, assets: Sequence[Asset]) -> str:
        wanted = [{"product_id": asset.product_id, "serial_key": asset.serial_key} for asset in assets]
        found = self._assets.collection.find_one({"$or": wanted}, {"serial": 1}) or {}
        return str(found.get("serial", ""))
