"""Products in MongoDB."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mongoengine import BooleanField, DateTimeField, ListField, StringField

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
from services.contracts.domain.catalog.catalog_errors import ProductCodeTaken
from services.contracts.domain.catalog.product import Product
from services.contracts.domain.customers.customer import search_key
from services.contracts.ports.catalog import ProductFilter
from services.contracts.store.database import ALIAS, set_only

_LAST_LETTER = "\U0010ffff"  # sorts after every text that begins alike


class ProductDocument(AggregateDocument):
    """A product."""

    code = StringField(required=True)
    name_en = StringField()
    name_zh = StringField()
    name_keys = ListField(StringField())
    unit = StringField()
    service_types = ListField(StringField())
    active = BooleanField(required=True)
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "products",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            unique_when_set("code"),
            {"fields": ["service_types", "_id"], "name": "by_service_type", "cls": False},
            # The rates of a kind of service are the prices of its hours, visits and cases.
            {"fields": ["service_types", "unit", "_id"], "name": "by_service_unit", "cls": False},
            {"fields": ["name_keys", "_id"], "name": "by_name", "cls": False},
        ],
    }


class MongoProducts:
    """The products on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(ProductDocument, Product, noun="product", source=ALIAS, clock=clock)

    def add(self, product: Product, *, request_key: str) -> Product:
        try:
            return self._store.add(product, request_key)
        except DuplicateKey as error:
            raise _refusal(error, product.code) from error

    def get(self, product_id: str) -> Product:
        return self._store.get(product_id)

    def batch_get(self, product_ids: Sequence[str]) -> Sequence[Product]:
        return self._store.batch_get(product_ids)

    def page(self, match: ProductFilter, *, size: int, after: str) -> Page[Product]:
        query: dict[str, Any] = set_only(code=match.code, service_types=match.service_type)
        if prefix := search_key(match.name_prefix):
            # Both bounds must hold for the same one of the names.
            query["name_keys"] = {"$elemMatch": {"$gte": prefix, "$lt": prefix + _LAST_LETTER}}
        if not match.include_inactive:
            query["active"] = True
        return self._store.page(query, size=size, after=after)

    def change(self, product_id: str, step: Callable[[Product], Product], *, etag: str, request_key: str) -> Product:
        try:
            return self._store.change(product_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise _refusal(error, step(self.get(product_id)).code) from error

    def by_codes(self, codes: Sequence[str]) -> Mapping[str, Product]:
        found = self._store.collection.find({"code": {"$in": list(codes)}}, {"outbox": 0})
        return {document["code"]: self._store.codec.to_aggregate(document) for document in found}

    def add_many(self, products: Sequence[Product]) -> set[str]:
        return {product.code for product in self._store.add_many(products)}

    def change_many(self, changes: Sequence[tuple[Product, Product]]) -> set[str]:
        return {product.code for product in self._store.change_many(changes)}


def _refusal(error: DuplicateKey, code: str) -> Exception:
    if "code" in error.fields:
        return ProductCodeTaken(code)
    return InvalidField("request_id", "request_id was used for another product.")
