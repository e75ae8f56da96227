"""Says whether WeCom was asked for a task: from our own notes, and where its answer never came from WeCom itself."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from services.care.domain.providers.broadcasts import LOOK_PAUSE, Broadcast, BroadcastState, Circular, shared_out
from services.care.ports.broadcasts import Broadcasts, BroadcastTasks, WecomSilent
from services.chassis import logs
from services.chassis.clock import Clock

_log = logs.get("care.broadcasts")


@dataclass(frozen=True, slots=True)
class BroadcastLookup:
    """A task that is found says yes. None that is found says nothing: WeCom may list it later, so a person decides."""

    broadcasts: Broadcasts
    tasks_of: Callable[[str], BroadcastTasks | None]
    """By the id of a provider; None where it cannot be asked."""
    clock: Clock

    async def has(self, message_id: str) -> bool | None:
        """Say whether there is a task; False: WeCom was not asked, or refused; None: nobody knows."""
        found = await self._noted(message_id)
        if found is None:
            return False
        if found.state is BroadcastState.ASKED and found.digest and found.look_at <= self.clock.now():
            await self._look(found)
            found = await self._noted(message_id) or found
        return None if found.state is BroadcastState.ASKED else True

    async def _noted(self, message_id: str) -> Broadcast | None:
        return await asyncio.to_thread(self.broadcasts.find, message_id.strip("<>"))

    async def _look(self, doubtful: Broadcast) -> None:
        """Look for the task of this message and of all of the same text and sender, and note what is found."""
        look_at = self.clock.now() + LOOK_PAUSE
        alike = await asyncio.to_thread(self.broadcasts.doubtful_like, doubtful, look_at=look_at)
        tasks = await asyncio.to_thread(self.tasks_of, doubtful.provider_id)
        if tasks is None:
            return
        try:
            made = await tasks.like(doubtful)
        except WecomSilent as error:
            _log.info("wecom_silent", error=error)
            return
        new = await asyncio.to_thread(self.broadcasts.unknown_of, made.keys())
        for task_id, mine in shared_out(alike, {key: made[key] for key in made if key in new}).items():
            circular = Circular(doubtful.sender, "", tuple(mine))
            await asyncio.to_thread(self.broadcasts.created, circular, task_id, look_at=look_at)
