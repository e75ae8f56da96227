"""Providers as dispatchers read them, again and again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from services.care.domain.providers.provider import Provider
from services.chassis.codec import Codec

_CODEC = Codec(Provider)


@dataclass(frozen=True, slots=True)
class MongoProviderBook:
    """The providers that are in use."""

    database: AsyncDatabase[dict[str, Any]]

    async def enabled(self) -> Sequence[Provider]:
        found = self.database["providers"].find({"enabled": True}, {"outbox": 0}).sort([("priority", -1), ("_id", 1)])
        return [_CODEC.to_aggregate(each) async for each in found]
