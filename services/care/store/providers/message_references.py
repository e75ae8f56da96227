"""What providers call messages of ours, for those that tell later by no other name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mongoengine import DateTimeField, Document, StringField
from pymongo.asynchronous.database import AsyncDatabase

from services.care.domain.sending.message import Message
from services.care.domain.sending.receipts import handover_of
from services.chassis.mongo import collection_of

_KEPT = timedelta(days=30)
"""Providers tell within three days."""


class MessageReferenceDocument(Document):
    id = StringField(primary_key=True)
    message_id = StringField()
    touch_id = StringField()
    forget_at = DateTimeField()

    meta = {
        "db_alias": "care",
        "collection": "message_references",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["touch_id"], "name": "of_touch", "cls": False},
            {"fields": ["forget_at"], "name": "forgotten", "cls": False, "expireAfterSeconds": 0},
        ],
    }


@dataclass(frozen=True, slots=True)
class MongoReferenceNotes:
    """The side of the dispatcher."""

    database: AsyncDatabase[dict[str, Any]]

    async def note(self, provider_id: str, message: Message, *, reference: str, now: datetime) -> None:
        message_id = message.message_id.strip("<>")
        told = {"message_id": message_id, "touch_id": handover_of(message_id)[0], "forget_at": now + _KEPT}
        key = {"_id": _key(provider_id, reference)}
        await self.database["message_references"].update_one(key, {"$set": told}, upsert=True)


class MongoReferences:
    """The side that hears providers."""

    def message_ids(self, provider_id: str, references: Collection[str]) -> Mapping[str, str]:
        keys = {_key(provider_id, each): each for each in references}
        found = collection_of(MessageReferenceDocument).find({"_id": {"$in": list(keys)}}, {"message_id": 1})
        return {keys[each["_id"]]: each["message_id"] for each in found}


def _key(provider_id: str, reference: str) -> str:
    return f"{provider_id}/{reference}"
