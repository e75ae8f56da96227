"""Price lists in MongoDB: the list with its versions in one document, each price in one of its own."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mongoengine import DateTimeField, DictField, Document, ListField, LongField, StringField
from pymongo.collection import Collection

from services.chassis.aggregates import (
    AggregateDocument,
    AggregateStore,
    DuplicateKey,
    aggregate_indexes,
    unique_when_set,
)
from services.chassis.clock import Clock
from services.chassis.errors import DomainError, InvalidField, NotFound
from services.chassis.mongo import collection_of
from services.chassis.paging import Page
from services.contracts.domain.catalog.catalog_errors import PriceListCodeTaken
from services.contracts.domain.catalog.price_list import PriceEntry, PriceList, PriceListVersion
from services.contracts.store.database import ALIAS


class PriceListDocument(AggregateDocument):
    """A price list."""

    code = StringField(required=True)
    name = StringField(required=True)
    currency_code = StringField(required=True)
    versions = ListField(DictField())
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "price_lists",
        "auto_create_index": False,
        "indexes": [*aggregate_indexes(), unique_when_set("code")],
    }


class PriceEntryDocument(Document):
    """What one product costs in one version; the id is the version's key and the product's id, so it is its index."""

    id = StringField(primary_key=True)
    product_id = StringField(required=True)
    minor_units = LongField(required=True)

    meta = {"db_alias": ALIAS, "collection": "price_entries", "auto_create_index": False, "indexes": []}


class MongoPriceLists:
    """The price lists on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(PriceListDocument, PriceList, noun="price_list", source=ALIAS, clock=clock)

    def add(self, price_list: PriceList, *, request_key: str) -> PriceList:
        try:
            return self._store.add(price_list, request_key)
        except DuplicateKey as error:
            if "code" in error.fields:
                raise PriceListCodeTaken(price_list.code) from error
            raise _used_before() from error

    def get(self, list_id: str) -> PriceList:
        return self._store.get(list_id)

    def by_code(self, code: str) -> PriceList:
        found = self._store.find({"code": code})
        if found is None:
            raise NotFound("price_list", code)
        return found

    def batch_get(self, list_ids: Sequence[str]) -> Sequence[PriceList]:
        return self._store.batch_get(list_ids)

    def page(self, *, size: int, after: str) -> Page[PriceList]:
        return self._store.page({}, size=size, after=after)

    def publish(
        self,
        list_id: str,
        step: Callable[[PriceList], PriceList],
        *,
        version: PriceListVersion,
        prices: Mapping[str, int],
        etag: str,
        request_key: str,
    ) -> PriceList:
        # The prices come first: they mean nothing until the list names their version, in one write.
        self._entries.insert_many(
            [
                {"_id": _entry_id(version.key, product_id), "product_id": product_id, "minor_units": minor_units}
                for product_id, minor_units in prices.items()
            ],
            ordered=False,
        )
        try:
            stored = self._store.change(list_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            self._entries.delete_many({"_id": _of_version(version.key)})
            raise _used_before() from error
        except DomainError:
            self._entries.delete_many({"_id": _of_version(version.key)})
            raise
        if all(each.key != version.key for each in stored.versions):
            self._entries.delete_many({"_id": _of_version(version.key)})
        return stored

    def entries(self, version: PriceListVersion, *, size: int, after: str) -> Page[PriceEntry]:
        where = _of_version(version.key)
        where["$gt"] = max(where["$gt"], after)
        found = list(self._entries.find({"_id": where}).sort("_id", 1).limit(size + 1))
        items = tuple(PriceEntry(id=e["_id"], product_id=e["product_id"], minor_units=e["minor_units"]) for e in found)
        return Page(items[:size], items[size - 1].id if len(items) > size else "")

    def price(self, version: PriceListVersion, product_id: str) -> int | None:
        found = self._entries.find_one({"_id": _entry_id(version.key, product_id)}, {"minor_units": 1})
        return None if found is None else int(found["minor_units"])

    @property
    def _entries(self) -> Collection[dict[str, Any]]:
        return collection_of(PriceEntryDocument)


def _entry_id(key: str, product_id: str) -> str:
    return f"{key}/{product_id}"


def _of_version(key: str) -> dict[str, str]:
    return {"$gt": f"{key}/", "$lt": f"{key}0"}  # 0 follows / in every alphabet that matters here


def _used_before() -> InvalidField:
    return InvalidField("request_id", "request_id was used for another price list.")
