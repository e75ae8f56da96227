"""The bus embedded in MongoDB, for processes of asyncio: publishing and declaring."""

import time
import uuid
from collections.abc import Sequence
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.errors import BulkWriteError, ConnectionFailure

from services.chassis import deliveries
from services.chassis.bus import DATABASE, BusUnavailable, Subscription, UnknownSubscription
from services.chassis.deliveries import DELIVERIES, SUBSCRIPTIONS, Instants, new_delivery
from services.chassis.envelope import Envelope

SUBSCRIPTIONS_FRESH_SECONDS = 1.0
"""Who listens is asked again after this; an event that seems unwanted is never judged by older knowledge."""
_DUPLICATE_KEY = 11000


class MongoBus:
    """Inserts one delivery per subscription; the write concern is the database's own: majority."""

    def __init__(self, url: str, database: str = DATABASE) -> None:
        """Connect lazily."""
        self._client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(url, serverSelectionTimeoutMS=3_000)
        self._deliveries = self._client[database][DELIVERIES]
        self._subscriptions = self._client[database][SUBSCRIPTIONS]
        self._instants = Instants()
        self._known: dict[tuple[str, str], list[str]] = {}
        self._known_until = 0.0

    async def declare(self, subscriptions: Sequence[Subscription]) -> None:
        try:
            await self._deliveries.create_indexes(deliveries.indexes())
            self._known_until = 0.0
            if subscriptions:
                await self._subscriptions.bulk_write(deliveries.subscription_updates(subscriptions))
        except ConnectionFailure as error:
            raise BusUnavailable(str(error)) from error

    async def publish(self, envelope: Envelope) -> bool:
        try:
            wanted = await self._who_wants(envelope)
            if not wanted:
                return False
            due = self._instants.next()
            await self._deliveries.insert_many(
                [new_delivery(each, envelope, due=due) for each in wanted], ordered=False
            )
        except BulkWriteError as error:
            _refuse_other_than_duplicates(error)
        except ConnectionFailure as error:
            raise BusUnavailable(str(error)) from error
        return True

    async def send_to(self, subscription: str, envelope: Envelope) -> None:
        try:
            if await self._subscriptions.find_one({"_id": subscription}) is None:
                raise UnknownSubscription(subscription)
            delivery = new_delivery(subscription, envelope, due=self._instants.next())
            # Not the id of a publish: the delivery that was parked may have its outcome and not be forgotten yet.
            await self._deliveries.insert_one({**delivery, "_id": f"{delivery['_id']}>{uuid.uuid4().hex}"})
        except ConnectionFailure as error:
            raise BusUnavailable(str(error)) from error

    async def close(self) -> None:
        await self._client.close()

    async def _who_wants(self, envelope: Envelope) -> list[str]:
        key = (envelope.source, envelope.type)
        if time.monotonic() > self._known_until or not self._known.get(key):
            known: dict[tuple[str, str], list[str]] = {}
            async for each in self._subscriptions.find():
                known.setdefault((each["source"], each["type"]), []).append(each["_id"])
            self._known, self._known_until = known, time.monotonic() + SUBSCRIPTIONS_FRESH_SECONDS
        return self._known.get(key, [])


def _refuse_other_than_duplicates(error: BulkWriteError) -> None:
    """A repeated publish meets its own first deliveries; that is what their ids are for."""
    if any(each["code"] != _DUPLICATE_KEY for each in error.details.get("writeErrors", [])):
        raise error
    if error.details.get("writeConcernErrors"):
        raise BusUnavailable("The write was not confirmed by a majority.") from error
