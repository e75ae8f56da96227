"""Carries events from the outboxes of a service's documents to the bus: publish, then remove; a crash repeats."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pymongo import ASCENDING, IndexModel, UpdateOne
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConnectionFailure

from services.chassis import logs, outbox
from services.chassis.availability import Availability
from services.chassis.bus import Bus, BusUnavailable
from services.chassis.clock import Clock
from services.chassis.envelope import BadEnvelope, Envelope
from services.chassis.metrics import EVENTS_PUBLISHED

UNROUTED = "unrouted"
UNROUTED_KEPT = timedelta(days=7)

Document = dict[str, Any]
_log = logs.get("chassis.relay")


def unrouted_indexes() -> list[IndexModel]:
    """Return the index that forgets, after a week, what nobody wanted."""
    seconds = int(UNROUTED_KEPT.total_seconds())
    return [IndexModel([("time", ASCENDING)], name="kept", expireAfterSeconds=seconds)]


@dataclass(frozen=True, kw_only=True)
class Relay:
    """Publishes the events of one document in their order, those of several documents side by side.

    Removing follows publishing, so a crash between the two says an event again and never loses one. What no
    subscription wants is kept in `unrouted` for a week.
    """

    database: AsyncDatabase[Document]
    collections: Sequence[str]
    bus: Bus
    clock: Clock
    page: int = 200
    side_by_side: int = 32
    idle_seconds: tuple[float, float] = (0.05, 0.3)
    """Between two looks: just after an event, and once none came for a while."""
    trouble_seconds: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0)
    _bus_state: Availability = field(default_factory=lambda: Availability("bus", _log))
    _database_state: Availability = field(default_factory=lambda: Availability("outbox", _log))

    async def run(self) -> None:
        """Carry until cancelled; while bus or database are away, wait and try again."""
        troubles, (shortest, longest) = 0, self.idle_seconds
        pause = shortest
        while True:
            try:
                carried = await self.carry()
                self._bus_state.back()
                self._database_state.back()
                troubles, pause = 0, 0.0 if carried else min(max(pause, shortest) * 1.3, longest)
                await asyncio.sleep(pause)
            except (BusUnavailable, ConnectionFailure) as error:
                state = self._bus_state if isinstance(error, BusUnavailable) else self._database_state
                state.away(error)
                await asyncio.sleep(self.trouble_seconds[min(troubles, len(self.trouble_seconds) - 1)])
                troubles += 1

    async def carry(self) -> int:
        """Publish and remove what waits now, at most a page of each collection; return from how many documents."""
        documents = 0
        for name in self.collections:
            documents += await self._carry_from(self.database[name])
        return documents

    async def _carry_from(self, collection: AsyncCollection[Document]) -> int:
        # Said so, the question is answered by the index on `outbox.id` alone, oldest event first.
        waiting = collection.find({f"{outbox.FIELD}.id": {"$gt": ""}}, {outbox.FIELD: 1}).limit(self.page)
        documents = await waiting.to_list()
        if not documents:
            return 0
        free = asyncio.Semaphore(self.side_by_side)

        unrouted: list[Document] = []

        async def publish(document: Document) -> tuple[list[str], Exception | None]:
            async with free:
                return await self._publish_all(document[outbox.FIELD], unrouted)

        published = await asyncio.gather(*map(publish, documents))
        removals = [
            _removal(document["_id"], ids) for document, (ids, _) in zip(documents, published, strict=True) if ids
        ]
        if unrouted:
            await self._keep(unrouted)
        if removals:
            await collection.bulk_write(removals, ordered=False)
        for _, error in published:
            if error is not None:
                raise error
        return len(removals)

    async def _publish_all(
        self, entries: Sequence[Document], unrouted: list[Document]
    ) -> tuple[list[str], Exception | None]:
        """Return the ids that may be removed, and what stopped the rest: what is published is removed all the same."""
        ids: list[str] = []
        for entry in entries:
            try:
                if not await self._publish(entry):
                    unrouted.append(entry)
            except (BusUnavailable, ConnectionFailure) as error:
                return ids, error
            ids.append(entry["id"])
        return ids, None

    async def _publish(self, entry: Document) -> bool:
        """Return whether anybody wanted the event."""
        try:
            envelope = Envelope.from_dict(entry)
        except BadEnvelope as error:  # written past `pending`: it must not stand in the way of the others
            _log.error("outbox_entry_unreadable", event_id=entry["id"], error=error)
            return False
        routed = await self.bus.publish(envelope)
        EVENTS_PUBLISHED.labels(envelope.source, str(routed).lower()).inc()
        return routed

    async def _keep(self, unrouted: Sequence[Document]) -> None:
        """Keep what nobody wants yet, a page in one write: some events have no listener for years."""
        now = self.clock.now()
        await self.database[UNROUTED].bulk_write(
            [
                UpdateOne({"_id": entry["id"]}, {"$set": {"envelope": entry, "time": now}}, upsert=True)
                for entry in unrouted
            ],
            ordered=False,
        )
        _log.info("events_unrouted", types=Counter(str(entry.get("type")) for entry in unrouted))


def _removal(key: Any, ids: list[str]) -> UpdateOne:
    return UpdateOne({"_id": key}, {"$pull": {outbox.FIELD: {"id": {"$in": ids}}}})
