"""Hands messages to a provider over HTTP, side by side; the provider's own words stand in its dialect."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from services.care.domain.sending.message import Message
from services.care.ports.http import Broken, Http, HttpAnswer, HttpRequest, NotReached
from services.care.ports.sending import Handover
from services.chassis import logs
from services.chassis.clock import Clock

AT_ONCE = 32
_log = logs.get("care.providers")
Accepted = Callable[[Message, HttpAnswer], Awaitable[None]]
"""Called for each message that was accepted, before anybody else knows: the provider may tell of it at once."""
Parcel = TypeVar("Parcel")


class Dialect(Protocol):
    """How one provider is spoken with."""

    def request(self, message: Message, now: datetime) -> HttpRequest:
        """Return the call that hands one message over, signed as of now."""

    def fate(self, answer: HttpAnswer) -> tuple[Handover, str]:
        """Return what the answer means, and the provider's own code for it."""


async def side_by_side(
    parcels: Sequence[Parcel],
    may_go_on: Callable[[], bool],
    *,
    hand_over: Callable[[Parcel], Awaitable[Handover]],
    at_once: int,
) -> list[Handover]:
    """Hand over messages, or what holds some, at most so many at once, until one is not reached.

    Return their fates in their order.
    """
    fates = [Handover.NOT_REACHED] * len(parcels)
    waiting = iter(range(len(parcels)))
    away = False

    async def work() -> None:
        nonlocal away
        for index in waiting:
            if away or not may_go_on():
                return
            fates[index] = await hand_over(parcels[index])
            if fates[index] is Handover.NOT_REACHED:
                away = True

    await asyncio.gather(*(work() for _ in range(min(at_once, len(parcels)))))
    return fates


class HttpSender:
    """One provider of a channel."""

    def __init__(
        self, dialect: Dialect, http: Http, clock: Clock, *, at_once: int = AT_ONCE, accepted: Accepted | None = None
    ) -> None:
        """Take how the provider is spoken with, how many calls are under way at most, and who hears what it took."""
        self._dialect, self._http, self._clock, self._at_once = dialect, http, clock, at_once
        self._accepted = accepted

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        return await side_by_side(messages, may_go_on, hand_over=self._hand_over, at_once=self._at_once)

    async def close(self) -> None:
        """Nothing is open: the connections belong to the pool of the process."""

    async def _hand_over(self, message: Message) -> Handover:
        try:
            answer = await self._http.post(self._dialect.request(message, self._clock.now()))
        except NotReached as error:
            _log.warning("provider_away", error=error)
            return Handover.NOT_REACHED
        except Broken as error:
            _log.warning("provider_broke_off", error=error)
            return Handover.UNCERTAIN
        fate, code = self._dialect.fate(answer)
        if fate is not Handover.ACCEPTED:
            _log.info("provider_refused", fate=fate.value, status=answer.status, code=code)
        elif self._accepted:
            await self._accepted(message, answer)
        return fate
