"""The parking place: events that a service could not handle, kept with the reason until a person brings them back."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, IndexModel
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.collection import Collection

COLLECTION = "parked"
MOST_ERROR_TEXT = 500
REPLAYED_KEPT_SECONDS = 30 * 86_400

Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parked:
    """One event that one handler could not take; `attempts` counts how often it was tried."""

    subscription: str
    envelope: Any
    reason: str
    error: str
    attempts: int
    time: datetime

    @property
    def id(self) -> str:
        """The same event parked twice is one parked event; what has no id is known by its content."""
        known_by = self.event_id or hashlib.blake2b(repr(self.envelope).encode(), digest_size=16).hexdigest()
        return f"{known_by}>{self.subscription}"

    @property
    def event_id(self) -> str:
        return str(self.envelope.get("id", "")) if isinstance(self.envelope, dict) else ""

    @property
    def handler(self) -> str:
        return self.subscription.rpartition("--")[2]


def indexes() -> list[IndexModel]:
    """Return what the questions below need; replayed ones are forgotten after a month."""
    return [
        IndexModel([("state", ASCENDING)], name="state"),
        IndexModel([("event_id", ASCENDING)], name="event_id"),
        IndexModel([("replayed_time", ASCENDING)], name="replayed", expireAfterSeconds=REPLAYED_KEPT_SECONDS),
    ]


def park(collection: Collection[Document], parked: Parked) -> None:
    """Store it; a repeat, or a failure after a replay, overwrites what was parked before."""
    collection.update_one({"_id": parked.id}, _update(parked), upsert=True)


async def park_async(collection: AsyncCollection[Document], parked: Parked) -> None:
    """Do what `park` does, in a process of asyncio."""
    await collection.update_one({"_id": parked.id}, _update(parked), upsert=True)


def _update(parked: Parked) -> Document:
    stored = {
        "state": "parked",
        "event_id": parked.event_id,
        "subscription": parked.subscription,
        "handler": parked.handler,
        "reason": parked.reason,
        "error": parked.error[:MOST_ERROR_TEXT],
        "attempts": parked.attempts,
        "envelope": parked.envelope,
        "time": parked.time,
    }
    return {"$set": stored, "$unset": {"replayed_time": ""}}
