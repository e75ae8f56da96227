"""Contracts as care has heard of them, and how far changed members were given theirs."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from mongoengine import DateTimeField, Document, LongField, StringField
from pymongo import ReturnDocument
from pymongo.collection import Collection

from services.care.domain.segments.facts import ContractNews, HeldContract, RenewalNews
from services.chassis.codec import Codec
from services.chassis.mongo import collection_of

_CODEC = Codec(HeldContract)
_THE_CURSOR = "contracts"


class HeldContractDocument(Document):
    """A contract; of state, end and term the version is kept that said it, of a settled renewal the term and moment."""

    id = StringField(primary_key=True)
    customer_id = StringField()
    state = StringField()
    state_version = LongField()
    end_date = StringField()
    end_version = LongField()
    term = LongField()
    term_version = LongField()
    settled = StringField()
    settled_term = LongField()
    settled_at = DateTimeField()
    seq = LongField()

    meta = {
        "db_alias": "care",
        "collection": "held_contracts",
        "auto_create_index": False,
        "indexes": [{"fields": ["customer_id"], "name": "by_customer", "cls": False}],
    }


class LinkCursorDocument(Document):
    """One document: up to when changed members were looked at."""

    id = StringField(primary_key=True)
    at = DateTimeField()

    meta = {"db_alias": "care", "collection": "link_cursors", "auto_create_index": False}


class MongoHeldContracts:
    """What is known of each contract."""

    def heard(self, news: ContractNews) -> HeldContract | None:
        return self._told(news.contract_id, _told(news))

    def settled(self, news: RenewalNews) -> HeldContract | None:
        return self._told(news.contract_id, _settled(news))

    def of_customers(self, customer_ids: Sequence[str]) -> list[HeldContract]:
        found = self._collection.find({"customer_id": {"$in": list(customer_ids)}}) if customer_ids else ()
        return [held for each in found if (held := _held(each))]

    def move(self, customer_id: str, *, into_id: str) -> list[HeldContract]:
        moved = {"$set": {"customer_id": into_id}, "$inc": {"seq": 1}}
        ids = [each["_id"] for each in self._collection.find({"customer_id": customer_id}, {"_id": 1})]
        self._collection.update_many({"_id": {"$in": ids}, "customer_id": customer_id}, moved)
        return [held for each in self._collection.find({"_id": {"$in": ids}}) if (held := _held(each))]

    def _told(self, contract_id: str, fields: dict[str, Any]) -> HeldContract | None:
        stored = self._collection.find_one_and_update(
            {"_id": contract_id}, [{"$set": fields}], upsert=True, return_document=ReturnDocument.AFTER
        )
        return _held(stored)

    @property
    def _collection(self) -> Collection[dict[str, Any]]:
        return collection_of(HeldContractDocument)


class MongoLinkCursor:
    """The cursor of the job that gives members the contracts of their customers."""

    def get(self) -> datetime:
        found = collection_of(LinkCursorDocument).find_one({"_id": _THE_CURSOR})
        return found["at"] if found else datetime(2000, 1, 1, tzinfo=UTC)

    def advance(self, at: datetime) -> None:
        collection_of(LinkCursorDocument).update_one({"_id": _THE_CURSOR}, {"$max": {"at": at}}, upsert=True)


def _told(news: ContractNews) -> dict[str, Any]:
    """Return the fields of an update by pipeline: what is not news stays as it is."""
    fields = _heard_of(news.customer_id)
    if news.state:
        fields |= _newest({"state": news.state.value}, news.version, by="state_version")
    if news.end_date:
        fields |= _newest({"end_date": news.end_date}, news.version, by="end_version")
    if news.term:
        fields |= _newest({"term": news.term}, news.version, by="term_version")
    return fields


def _settled(news: RenewalNews) -> dict[str, Any]:
    """Return the fields of an update by pipeline: the newest term holds, and of one term the latest word."""
    told = {"settled": news.outcome.value, "settled_term": news.term, "settled_at": news.at}
    term = {"$ifNull": ["$settled_term", 0]}
    later = {"$and": [{"$eq": [news.term, term]}, {"$gte": [news.at, {"$ifNull": ["$settled_at", news.at]}]}]}
    is_newer = {"$or": [{"$gt": [news.term, term]}, later]}
    return _heard_of(news.customer_id) | _if(is_newer, told)


def _heard_of(customer_id: str) -> dict[str, Any]:
    return {"customer_id": {"$literal": customer_id}, "seq": {"$add": [{"$ifNull": ["$seq", 0]}, 1]}}


def _newest(values: dict[str, str | int], version: int, *, by: str) -> dict[str, Any]:
    return _if({"$gte": [version, {"$ifNull": [f"${by}", 0]}]}, {**values, by: version})


def _if(is_newer: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    return {name: {"$cond": [is_newer, {"$literal": value}, f"${name}"]} for name, value in told.items()}


def _held(stored: dict[str, Any] | None) -> HeldContract | None:
    if stored is None or not stored.get("state"):
        return None
    settled = stored.get("settled") if stored.get("settled_term", 0) >= stored.get("term", 0) else None
    return _CODEC.to_aggregate({"end_date": "", **stored, "renewal": settled})
