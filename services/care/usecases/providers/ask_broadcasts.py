"""Says from our own notes whether WeCom was asked for a task: what stands in no note was never asked for."""

import asyncio
from dataclasses import dataclass

from services.care.domain.providers.broadcasts import BroadcastState
from services.care.ports.broadcasts import Broadcasts


@dataclass(frozen=True, slots=True)
class BroadcastLookup:
    """Where the answer of WeCom never came, a person must decide."""

    broadcasts: Broadcasts

    async def has(self, message_id: str) -> bool | None:
        """Say whether there is a task; False: WeCom was not asked, or refused; None: nobody knows."""
        found = await asyncio.to_thread(self.broadcasts.find, message_id.strip("<>"))
        if found is None:
            return False
        return None if found.state is BroadcastState.ASKED else True
