"""Sends the messages of one channel by the best provider that can: the next one takes what was never handed over."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.care.domain.providers.provider import Provider
from services.care.domain.sending.message import Message
from services.care.ports.providers import Numbers, Rates, Tallies
from services.care.ports.sending import ChannelSender, Handover
from services.chassis.clock import Clock

AWAY = timedelta(seconds=5)
"""A provider that was not reached is not asked again for so long."""
PATIENCE = timedelta(seconds=1)
"""The longest wait for room under a rate; what must wait longer goes back to the ledger."""
MOST_WAITING = timedelta(seconds=5)
"""After so long what found no room is judged anew: somebody may have stopped it, or unsubscribed, meanwhile."""

SOON = timedelta(minutes=10)
"""A number that has room again within this time gets its message then; one that must wait longer goes without."""

_SEEN = frozenset({Handover.ACCEPTED, Handover.UNCERTAIN})


@dataclass(frozen=True, slots=True)
class Line:
    """A provider and what speaks with it."""

    provider: Provider
    sender: ChannelSender
    deduplicates: bool = False
    """Whether it takes a message that it has had already for the same one."""


@dataclass(slots=True)
class _Run:
    """One call of `send`: what is still to hand over, and what became of the rest."""

    messages: Sequence[Message]
    may_go_on: Callable[[], bool]
    fates: list[Handover]
    pending: list[int]
    room_at: datetime | None = None
    """When a provider that had no room has some again."""

    def give(self, place: int, fate: Handover) -> None:
        """Note a fate; what no provider has seen stays to be handed over."""
        self.fates[place] = fate
        if fate is not Handover.NOT_REACHED:
            self.pending.remove(place)


@dataclass(slots=True)
class SendByProviders:
    """One channel. What a provider may have seen is never given to another one."""

    rates: Rates
    numbers: Numbers
    tallies: Tallies
    clock: Clock
    lines: Sequence[Line] = ()
    """The highest priority first; the board replaces them."""
    _away: dict[str, datetime] = field(default_factory=dict)

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        run = _Run(messages, may_go_on, [Handover.NOT_REACHED] * len(messages), list(range(len(messages))))
        until = self.clock.now() + MOST_WAITING
        while run.pending and may_go_on():
            before, run.room_at = len(run.pending), None
            await self._round(run)
            stuck = len(run.pending) == before
            if self.clock.now() >= until or (stuck and not await self._wait(run.room_at)):
                break
        return run.fates

    async def close(self) -> None:
        for line in self.lines:
            await line.sender.close()

    async def _round(self, run: _Run) -> None:
        """Ask each provider once for what those before it did not see."""
        lines, full = tuple(self.lines), dict[int, list[datetime]]()
        for line in lines:
            if not run.pending or not self._is_there(line):
                continue
            share = await self._open_to(line, run, full=full)
            grant = await self.rates.take(line.provider, len(share), now=self.clock.now())
            if grant.room_at:
                run.room_at = min(run.room_at or grant.room_at, grant.room_at)
            if share[: grant.granted]:
                await self._hand_over(line, run, share=share[: grant.granted])
        for place, waits in full.items():
            if place in run.pending and len(waits) == len(lines):
                soon = min(waits) - self.clock.now() <= SOON
                run.give(place, Handover.DEFERRED if soon else Handover.QUOTA_SPENT)

    async def _open_to(self, line: Line, run: _Run, *, full: dict[int, list[datetime]]) -> list[int]:
        """Return those whose numbers may get a message by this provider, and note when the others may."""
        addresses = {run.messages[place].to for place in run.pending}
        spent = await self.numbers.full(line.provider, addresses, now=self.clock.now())
        for place in run.pending:
            if at := spent.get(run.messages[place].to):
                full.setdefault(place, []).append(at)
        return [place for place in run.pending if run.messages[place].to not in spent]

    async def _hand_over(self, line: Line, run: _Run, *, share: list[int]) -> None:
        told = await line.sender.send([run.messages[place] for place in share], run.may_go_on)
        safe = line.deduplicates and len(self.lines) == 1
        for place, fate in zip(share, told, strict=True):
            run.give(place, Handover.DEFERRED if safe and fate is Handover.UNCERTAIN else fate)
        unseen = [place for place in share if run.fates[place] is Handover.NOT_REACHED]
        now = self.clock.now()
        if not run.may_go_on():  # what is left was not tried: no fault of the provider
            share = [place for place in share if place not in unseen]
        elif unseen:
            self._away[line.provider.id] = now + AWAY
        seen = [run.messages[place].to for place in share if run.fates[place] in _SEEN]
        await self.numbers.note(line.provider, seen, now=now)
        await self.tallies.note(line.provider.id, [(run.messages[place], run.fates[place]) for place in share], now=now)

    def _is_there(self, line: Line) -> bool:
        until = self._away.get(line.provider.id)
        return line.provider.pause is None and (until is None or until <= self.clock.now())

    async def _wait(self, room_at: datetime | None) -> bool:
        """Wait until there is room; False if that takes too long, or there is nobody to wait for."""
        if room_at is None:
            return False
        wait = room_at - self.clock.now()
        if wait > PATIENCE:
            return False
        await asyncio.sleep(max(0.0, wait.total_seconds()))
        return True
