"""Rates, limits of numbers and error counts, which all dispatchers share through the database."""

import hashlib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from mongoengine import DateTimeField, Document, IntField, ListField, StringField
from pymongo import ReturnDocument, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError

from services.care.domain.providers.provider import Provider
from services.care.domain.providers.rates import Window, room_at, windows
from services.care.domain.sending.message import Message
from services.care.ports.providers import Grant
from services.care.ports.sending import Handover
from services.care.store.providers.tallies import bucket_of

_KEPT = timedelta(days=2)
_OF_A_CAMPAIGN = frozenset({Handover.REFUSED, Handover.OPTED_OUT})
"""Errors that its words or its audience make; an outage is no fault of a campaign."""


class RateWindowDocument(Document):
    """How much of one second, minute or day of a provider is taken."""

    id = StringField(primary_key=True)
    used = IntField()
    ends_at = DateTimeField()

    meta = {
        "db_alias": "care",
        "collection": "rate_windows",
        "auto_create_index": False,
        "indexes": [{"fields": ["ends_at"], "name": "forgotten", "cls": False, "expireAfterSeconds": 3600}],
    }


class NumberSendsDocument(Document):
    """When a number got its newest messages by a provider; of the number only a hash is kept."""

    id = StringField(primary_key=True)
    sent = ListField(DateTimeField())
    forget_at = DateTimeField()

    meta = {
        "db_alias": "care",
        "collection": "number_sends",
        "auto_create_index": False,
        "indexes": [{"fields": ["forget_at"], "name": "forgotten", "cls": False, "expireAfterSeconds": 0}],
    }


@dataclass(frozen=True, slots=True)
class MongoRates:
    """Room under the rates: leased in slices, handed out from memory."""

    database: AsyncDatabase[dict[str, Any]]
    zone: ZoneInfo
    """In which days are counted."""
    _left: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    async def take(self, provider: Provider, wanted: int, *, now: datetime) -> Grant:
        granted, room_at = wanted, None
        found = windows(provider, now, zone=self.zone)
        for window in found:
            left = await self._room(window, wanted, now=now)
            if left < granted:
                granted, room_at = left, window.ends_at
        for window in found:
            left, ends_at = self._left[window.key]
            self._left[window.key] = left - granted, ends_at
        return Grant(granted, room_at)

    async def _room(self, window: Window, wanted: int, *, now: datetime) -> int:
        left, _ = self._left.get(window.key, (0, window.ends_at))
        if left < wanted:
            left += await self._lease(window, max(wanted - left, window.slice))
        for key in [key for key, (_, ends_at) in self._left.items() if ends_at <= now]:
            del self._left[key]
        self._left[window.key] = left, window.ends_at
        return left

    async def _lease(self, window: Window, wanted: int) -> int:
        grown = {"$min": [window.most, {"$add": [{"$ifNull": ["$used", 0]}, wanted]}]}
        for _ in range(2):  # somebody may begin the same window at once: then it is there, and only full if it says so
            try:
                before = await self.database["rate_windows"].find_one_and_update(
                    {"_id": window.key, "used": {"$lt": window.most}},
                    [{"$set": {"used": grown, "ends_at": window.ends_at}}],
                    upsert=True,
                    return_document=ReturnDocument.BEFORE,
                )
            except DuplicateKeyError:
                continue
            used = int(before["used"]) if before else 0
            return min(window.most, used + wanted) - used
        return 0


@dataclass(frozen=True, slots=True)
class MongoNumbers:
    """What numbers got by providers that limit it."""

    database: AsyncDatabase[dict[str, Any]]

    @property
    def _sends(self) -> AsyncCollection[dict[str, Any]]:
        return self.database["number_sends"]

    async def full(self, provider: Provider, addresses: Collection[str], *, now: datetime) -> dict[str, datetime]:
        limits = provider.limits_per_number
        if not limits:
            return {}
        keys = {_number_key(provider, address): address for address in addresses}
        found = self._sends.find({"_id": {"$in": list(keys)}})
        waits = {keys[each["_id"]]: room_at(limits, each["sent"], now=now) async for each in found}
        return {address: at for address, at in waits.items() if at}

    async def note(self, provider: Provider, addresses: Sequence[str], *, now: datetime) -> None:
        limits = provider.limits_per_number
        if not limits or not addresses:
            return
        most = max(limit.most for limit in limits)
        forget_at = now + timedelta(minutes=max(limit.minutes for limit in limits))
        writes = [
            UpdateOne(
                {"_id": _number_key(provider, address)},
                {"$push": {"sent": {"$each": [now] * times, "$slice": -most}}, "$max": {"forget_at": forget_at}},
                upsert=True,
            )
            for address, times in Counter(addresses).items()
        ]
        await self._sends.bulk_write(writes, ordered=False)


def _number_key(provider: Provider, address: str) -> str:
    return f"{provider.id}/{hashlib.blake2b(address.encode(), key=provider.id.encode(), digest_size=16).hexdigest()}"


@dataclass(frozen=True, slots=True)
class MongoTallies:
    """Counts by provider and by campaign, a document for each some seconds."""

    database: AsyncDatabase[dict[str, Any]]

    async def note(self, carrier: str, fates: Sequence[tuple[Message, Handover]], *, now: datetime) -> None:
        handed: Counter[str] = Counter()
        errors: Counter[str] = Counter()
        for message, fate in fates:
            if fate is Handover.QUOTA_SPENT:
                continue
            campaign = message.touch.campaign_id if message.touch else ""
            handed.update((carrier, campaign))
            if fate is not Handover.ACCEPTED:
                errors[carrier] += 1
            if fate in _OF_A_CAMPAIGN:
                errors[campaign] += 1
        at = bucket_of(now)
        writes = [
            UpdateOne(
                {"_id": f"{subject}/{at.isoformat()}"},
                {
                    "$inc": {"handed": handed[subject], "errors": errors[subject]},
                    "$setOnInsert": {"subject": subject, "at": at, "forget_at": at + _KEPT},
                },
                upsert=True,
            )
            for subject in handed
            if subject
        ]
        if writes:
            await self.database["send_tallies"].bulk_write(writes, ordered=False)
