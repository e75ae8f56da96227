"""Providers as dispatchers read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo.asynchronous.database import AsyncDatabase

from services.care.domain.channels import Channel
from services.care.domain.providers.provider import Provider
from services.chassis.codec import Codec

_CODEC = Codec(Provider)


@dataclass(frozen=True, slots=True)
class MongoProviderBook:
    """The providers on record, without what is still to be said of them."""

    database: AsyncDatabase[dict[str, Any]]

    async def enabled(self) -> Sequence[Provider]:
        return await self._found({"enabled": True})

    async def of_channel(self, channel: Channel) -> Sequence[Provider]:
        return await self._found({"channel": channel.value})

    async def _found(self, where: Mapping[str, Any]) -> Sequence[Provider]:
        found = self.database["providers"].find(where, {"outbox": 0}).sort([("priority", -1), ("_id", 1)])
        return [_CODEC.to_aggregate(each) async for each in found]
