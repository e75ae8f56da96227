"""The bus embedded in MongoDB: one document per event and subscription, leased by the consumer that handles it."""

import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pymongo import ASCENDING, IndexModel, UpdateOne
from pymongo.collection import Collection
from pymongo.database import Database

from services.chassis.bus import Subscription
from services.chassis.envelope import Envelope

DELIVERIES = "deliveries"
SUBSCRIPTIONS = "subscriptions"

Document = dict[str, Any]


class Instants:
    """Microseconds since 1970 that always grow, so that what one publisher says stays in order."""

    def __init__(self) -> None:
        """Begin with the clock of the machine."""
        self._last = 0

    def next(self) -> int:
        self._last = max(self._last + 1, now_us())
        return self._last


def now_us() -> int:
    return time.time_ns() // 1000


def indexes() -> list[IndexModel]:
    """Return what the claim below asks: what is due, oldest first, of each subscription."""
    return [IndexModel([("subscription", ASCENDING), ("due", ASCENDING)], name="due")]


def new_delivery(subscription: str, envelope: Envelope, *, due: int) -> Document:
    """Return what a publisher inserts; the id makes a repeat, while the first one waits, a duplicate key."""
    return {
        "_id": f"{envelope.id}>{subscription}",
        "subscription": subscription,
        "due": due,
        "owner": "",
        "leases": 0,
        "attempts": 0,
        "envelope": envelope.to_dict(),
    }


def subscription_updates(subscriptions: Iterable[Subscription]) -> list[UpdateOne]:
    """Return the writes that make subscriptions known."""
    return [
        UpdateOne({"_id": each.name}, {"$set": {"source": each.source, "type": each.type}}, upsert=True)
        for each in subscriptions
    ]


@dataclass(slots=True)
class Leased:
    """A delivery that this process holds; `owner` fences: once somebody else has it, telling the bus does nothing."""

    id: str
    owner: str
    subscription: str
    envelope: Any
    attempts: int
    leases: int
    bus: "Deliveries" = field(repr=False)

    def done(self) -> None:
        self.bus.settle(self)

    def retry(self, pause: float, attempts: int) -> None:
        self.bus.put_back(self, pause, attempts=attempts)


class Deliveries:
    """What a consumer process takes from the bus; it knows what it holds, and renews and gives back all of it."""

    def __init__(self, database: Database[Document], lease_seconds: float) -> None:
        """Take the database of the bus."""
        self._collection: Collection[Document] = database[DELIVERIES]
        self._subscriptions: Collection[Document] = database[SUBSCRIPTIONS]
        self.lease_seconds = lease_seconds
        self._lease_us = round(lease_seconds * 1_000_000)
        self._held: dict[str, Leased] = {}
        self._done: list[Leased] = []

    @property
    def held(self) -> int:
        return len(self._held)

    def declare(self, subscriptions: Sequence[Subscription]) -> None:
        """Make subscriptions known, as `migrate` did before; a database that was emptied since is mended so."""
        self._collection.create_indexes(indexes())
        self._subscriptions.bulk_write(subscription_updates(subscriptions))

    def claim(self, subscriptions: Sequence[str], limit: int) -> list[Leased]:
        """Lease at most `limit` deliveries that are due, oldest first, in three round trips; none costs one."""
        now = now_us()
        due = {"subscription": {"$in": list(subscriptions)}, "due": {"$lte": now}}
        found = self._collection.find(due, {"_id": 1}).sort("due", ASCENDING).limit(limit)
        ids = [entry["_id"] for entry in found if entry["_id"] not in self._held]
        if not ids:
            return []
        owner = uuid.uuid4().hex
        self._collection.update_many(
            {"_id": {"$in": ids}, "due": {"$lte": now}},
            {"$set": {"due": now + self._lease_us, "owner": owner}, "$inc": {"leases": 1}},
        )
        mine = {entry["_id"]: entry for entry in self._collection.find({"_id": {"$in": ids}, "owner": owner})}
        return [self._hold(mine[each]) for each in ids if each in mine]

    def settle(self, leased: Leased) -> None:
        """Note that a delivery has its outcome; `flush` forgets it. A crash before delivers it again."""
        self._held.pop(leased.id, None)
        self._done.append(leased)

    def flush(self) -> None:
        """Forget, in one write, what has its outcome since the last time."""
        done = list(self._done)
        if done:
            self._collection.delete_many(_these(done))
            del self._done[: len(done)]

    def put_back(self, leased: Leased, pause: float, *, attempts: int) -> None:
        """Let it be delivered again after a pause; a failure is an outcome, so its leases are counted anew."""
        self._held.pop(leased.id, None)
        self._collection.update_one(
            {"_id": leased.id, "owner": leased.owner},
            {"$set": {"due": now_us() + round(pause * 1_000_000), "owner": "", "leases": 0, "attempts": attempts}},
        )

    def renew(self) -> None:
        """Keep what is held for another lease."""
        held = list(self._held.values())
        if held:
            self._collection.update_many(_these(held), {"$set": {"due": now_us() + self._lease_us}})

    def give_back(self) -> None:
        """Leave at once, to others, what is held and has no outcome; it counts as never leased."""
        self.flush()
        held = list(self._held.values())
        self._held.clear()
        if held:
            back = {"$set": {"due": now_us(), "owner": ""}, "$inc": {"leases": -1}}
            self._collection.update_many(_these(held), back)

    def _hold(self, found: Document) -> Leased:
        leased = Leased(
            found["_id"], found["owner"], found["subscription"], found["envelope"], found["attempts"], found["leases"],
            self,
        )  # fmt: skip
        self._held[leased.id] = leased
        return leased


def _these(held: Sequence[Leased]) -> Document:
    return {"_id": {"$in": [each.id for each in held]}, "owner": {"$in": list({each.owner for each in held})}}
