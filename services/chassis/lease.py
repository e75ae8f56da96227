"""Leadership by a lease in the database: compare and set, a fencing token, expiry judged by the holder's own clock."""

import time
import uuid
from typing import Any

from pymongo import ReturnDocument
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from services.chassis.clock import epoch_ms

COLLECTION = "leases"
TTL_SECONDS = 2.0
"""A killed leader is followed after this; it is renewed four times in between."""
_SURE_OF = 0.8
"""The holder believes in its lease for this part of it only, so that it stops before another may begin."""

Document = dict[str, Any]


def steady_seconds() -> float:
    """Return a clock that goes on while the machine sleeps, where there is one: a laptop's lid ends a leadership."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class Lease:
    """One name that at most one process holds.

    Challengers compare epoch milliseconds, so clocks of machines must agree to well under the TTL; the token makes
    a mistake harmless where writes are guarded by it.
    """

    def __init__(self, collection: AsyncCollection[Document], name: str, *, ttl_seconds: float = TTL_SECONDS) -> None:
        """Take the collection `leases` of the service's database."""
        self._collection = collection
        self.name = name
        self.ttl_seconds = ttl_seconds
        self.holder = uuid.uuid4().hex
        self.token = 0
        """Grows with every change of holder; zero before the first leadership."""
        self._until = 0.0

    @property
    def remaining(self) -> float:
        """Seconds for which the lease is surely held; not positive where it is not."""
        return self._until - steady_seconds()

    def held(self) -> bool:
        return self.remaining > 0

    async def hold(self) -> bool:
        """Take or renew the lease; False where another has it. A database that is away raises, and takes nothing."""
        asked_at, now = steady_seconds(), epoch_ms()
        ask, take = self._renewal(now)
        found = await self._collection.find_one_and_update(ask, take, return_document=ReturnDocument.AFTER)
        if found is None:
            ask, take = self._challenge(now)
            try:
                found = await self._collection.find_one_and_update(
                    ask, take, upsert=True, return_document=ReturnDocument.AFTER
                )
            except DuplicateKeyError:
                found = None
        return self._judge(found, asked_at)

    async def release(self) -> None:
        """Let another take over at once."""
        self._until = 0.0
        ask, give = self._release()
        await self._collection.update_one(ask, give)

    def _renewal(self, now: int) -> tuple[Document, Document]:
        return {"_id": self.name, "holder": self.holder}, {"$set": {"expires": now + self._ttl_ms}}

    def _challenge(self, now: int) -> tuple[Document, Document]:
        """An upsert: where another holds it, the insert that follows meets its id and is refused."""
        taken = {"holder": self.holder, "expires": now + self._ttl_ms}
        return {"_id": self.name, "expires": {"$lte": now}}, {"$set": taken, "$inc": {"token": 1}}

    def _release(self) -> tuple[Document, Document]:
        return {"_id": self.name, "holder": self.holder}, {"$set": {"expires": 0, "holder": ""}}

    def _judge(self, found: Document | None, asked_at: float) -> bool:
        """The lease runs from before the round trip: the answer may have been long on its way."""
        if found is None:
            self._until = 0.0
            return False
        self.token, self._until = found["token"], asked_at + self.ttl_seconds * _SURE_OF
        return self.held()

    @property
    def _ttl_ms(self) -> int:
        return round(self.ttl_seconds * 1000)
