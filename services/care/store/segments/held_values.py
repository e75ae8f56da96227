"""What customers are worth, as care has heard."""

from collections.abc import Sequence
from typing import Any

from mongoengine import Document, LongField, StringField
from pymongo import ReturnDocument
from pymongo.collection import Collection

from services.care.domain.segments.facts import HeldValue
from services.chassis.codec import Codec
from services.chassis.mongo import collection_of

_CODEC = Codec(HeldValue)


class HeldValueDocument(Document):
    """The value of one customer, whose id it has."""

    id = StringField(primary_key=True)
    tier = StringField()
    minor_units = LongField()
    currency_code = StringField()
    seq = LongField()

    meta = {"db_alias": "care", "collection": "held_values", "auto_create_index": False}


class MongoHeldValues:
    """The newest news of each customer."""

    def heard(self, value: HeldValue) -> HeldValue:
        told = _CODEC.to_document(value)
        key = told.pop("_id")
        newer = {"$lt": [{"$ifNull": ["$seq", -1]}, value.seq]}
        change = {name: {"$cond": [newer, {"$literal": each}, f"${name}"]} for name, each in told.items()}
        stored: dict[str, Any] = self._collection.find_one_and_update(  # type: ignore[assignment]  # it is made, if need be
            {"_id": key}, [{"$set": change}], upsert=True, return_document=ReturnDocument.AFTER
        )
        return _CODEC.to_aggregate(stored)

    def of_customers(self, customer_ids: Sequence[str]) -> list[HeldValue]:
        found = self._collection.find({"_id": {"$in": list(customer_ids)}}) if customer_ids else ()
        return [_CODEC.to_aggregate(each) for each in found]

    @property
    def _collection(self) -> Collection[dict[str, Any]]:
        return collection_of(HeldValueDocument)
