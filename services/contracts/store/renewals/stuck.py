"""Contracts whose renewal could not be computed, in MongoDB."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mongoengine import DateTimeField, Document, StringField

from services.chassis.mongo import collection_of
from services.chassis.paging import Page
from services.contracts.ports.renewals import Stuck
from services.contracts.store.database import ALIAS

_MOST_MESSAGE = 500


class StuckRenewalDocument(Document):
    """A contract whose renewal could not be computed; the id is the contract's."""

    id = StringField(primary_key=True)
    reason = StringField(required=True)
    message = StringField()
    first_time = DateTimeField(required=True)
    last_time = DateTimeField(required=True)

    meta = {"db_alias": ALIAS, "collection": "stuck_renewals", "auto_create_index": False, "indexes": []}


class MongoStuckRenewals:
    """The contracts whose renewal could not be computed."""

    def keep(self, contract_id: str, *, reason: str, message: str, now: datetime) -> None:
        known = {"reason": reason, "message": message[:_MOST_MESSAGE], "last_time": now}
        collection_of(StuckRenewalDocument).update_one(
            {"_id": contract_id}, {"$set": known, "$setOnInsert": {"first_time": now}}, upsert=True
        )

    def forget(self, contract_ids: Sequence[str]) -> None:
        if contract_ids:
            collection_of(StuckRenewalDocument).delete_many({"_id": {"$in": list(contract_ids)}})

    def page(self, *, size: int, after: str) -> Page[Stuck]:
        found = list(collection_of(StuckRenewalDocument).find({"_id": {"$gt": after}}).sort("_id", 1).limit(size + 1))
        items = tuple(_stuck(each) for each in found[:size])
        return Page(items, items[-1].contract_id if len(found) > size else "")


def _stuck(found: dict[str, Any]) -> Stuck:
    return Stuck(
        contract_id=found["_id"],
        reason=found["reason"],
        message=found["message"],
        first_time=found["first_time"],
        last_time=found["last_time"],
    )
