"""A channel whose provider is a list: it accepts what it is told to accept, and keeps it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover


@dataclass
class Keeping:
    """Gives the same answer to everybody."""

    answer: Handover = Handover.ACCEPTED
    kept: list[Message] = field(default_factory=list)
    gate: asyncio.Event | None = None
    """What a message waits for, if there is a gate."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once there were messages to send."""

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        self.reached.set()
        if self.gate:
            await self.gate.wait()
        if self.answer is Handover.ACCEPTED:
            self.kept.extend(messages)
        return [self.answer] * len(messages)

    async def close(self) -> None:
        """There is nobody to say goodbye to."""

    @property
    def campaigns(self) -> list[str]:
        """Campaigns of what was accepted, in the order of sending."""
        return [each.touch.campaign_id for each in self.kept if each.touch]
