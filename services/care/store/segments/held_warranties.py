"""Warranties as care has heard of them."""

from collections.abc import Sequence
from typing import Any

from mongoengine import Document, LongField, StringField
from pymongo import ReturnDocument
from pymongo.collection import Collection

from services.care.domain.segments.facts import HeldWarranty
from services.chassis.codec import Codec
from services.chassis.mongo import collection_of

_CODEC = Codec(HeldWarranty)


class HeldWarrantyDocument(Document):
    """The warranty of one asset."""

    id = StringField(primary_key=True)
    customer_id = StringField()
    end_date = StringField()
    seq = LongField()

    meta = {
        "db_alias": "care",
        "collection": "held_warranties",
        "auto_create_index": False,
        "indexes": [{"fields": ["customer_id"], "name": "by_customer", "cls": False}],
    }


class MongoHeldWarranties:
    """What is known of each warranty."""

    def heard(self, warranty: HeldWarranty) -> HeldWarranty:
        told = _CODEC.to_document(warranty)
        key = told.pop("_id")
        # The same news once more may name another customer: its own was merged while it was noted.
        newer = {"$lte": [{"$ifNull": ["$seq", -1]}, warranty.seq]}
        change = {name: {"$cond": [newer, {"$literal": value}, f"${name}"]} for name, value in told.items()}
        stored: dict[str, Any] = self._collection.find_one_and_update(  # type: ignore[assignment]  # it is made, if need be
            {"_id": key}, [{"$set": change}], upsert=True, return_document=ReturnDocument.AFTER
        )
        return _CODEC.to_aggregate(stored)

    def of_customers(self, customer_ids: Sequence[str]) -> list[HeldWarranty]:
        found = self._collection.find({"customer_id": {"$in": list(customer_ids)}}) if customer_ids else ()
        return [_CODEC.to_aggregate(each) for each in found]

    def move(self, customer_id: str, *, into_id: str) -> list[HeldWarranty]:
        ids = [each["_id"] for each in self._collection.find({"customer_id": customer_id}, {"_id": 1})]
        moved = {"$set": {"customer_id": into_id}}
        self._collection.update_many({"_id": {"$in": ids}, "customer_id": customer_id}, moved)
        return [_CODEC.to_aggregate(each) for each in self._collection.find({"_id": {"$in": ids}})]

    @property
    def _collection(self) -> Collection[dict[str, Any]]:
        return collection_of(HeldWarrantyDocument)
