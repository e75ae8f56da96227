"""Counts what becomes of messages of a channel that needs no provider on record: its campaigns can be paused, too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.care.domain.sending.message import Message
from services.care.ports.providers import Tallies
from services.care.ports.sending import ChannelSender, Handover
from services.chassis.clock import Clock


@dataclass(frozen=True, slots=True)
class CountedSender:
    """Sends as the one within does."""

    name: str
    within: ChannelSender
    tallies: Tallies
    clock: Clock

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        fates = await self.within.send(messages, may_go_on)
        tried = [each for each in zip(messages, fates, strict=True) if each[1] is not Handover.NOT_REACHED]
        if tried:
            await self.tallies.note(self.name, tried, now=self.clock.now())
        return fates

    async def close(self) -> None:
        await self.within.close()
