"""Settles unknown touches by asking the provider, where it can be asked; else they wait for a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from services.care.domain.sending.touch import Touch, message_id
from services.care.ports.sending import ProviderLookup, ProviderSilent, UnknownTouches
from services.chassis.clock import Clock

SETTLING = timedelta(seconds=2)
"""A message may still be on its way through the provider; ask only after this pause."""
MOST_AT_ONCE = 200
"""Touches that one round asks about."""


@dataclass(slots=True)
class SettleUnknown:
    """Never sends blindly: a touch is planned again only once the provider says that it has no such message."""

    touches: UnknownTouches
    providers: Mapping[str, ProviderLookup]
    """By channel; where nobody can tell, a person must decide."""
    clock: Clock
    message_domain: str
    most: int = MOST_AT_ONCE
    _last: Touch | None = None
    """Where the last round ended: what nobody can tell of must not stand before the others for ever."""

    async def __call__(self) -> int:
        """Return how many touches were settled."""
        now = self.clock.now()
        silent, answers = set[str](), dict[bool, list[Touch]]()
        found = await self.touches.unknown(
            now - SETTLING, channels=self.providers.keys(), after=self._last, most=self.most
        )
        self._last = found[-1] if len(found) == self.most else None
        for touch in found:
            if touch.channel in silent:
                continue
            name = message_id(touch.id, touch.attempts, domain=self.message_domain)
            try:
                answer = await self.providers[touch.channel].has(name)
            except ProviderSilent:
                silent.add(touch.channel)
                continue
            if answer is not None:
                answers.setdefault(answer, []).append(touch)
        for was_sent, touches in answers.items():
            await self.touches.settle(touches, was_sent=was_sent, now=now)
        return sum(map(len, answers.values()))
