"""Asks about an e-mail whose fate is unknown everybody who may have carried it: a no counts only if all say it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.care.domain.channels import Channel
from services.care.ports.providers import ProviderBook
from services.care.ports.sending import ProviderLookup, ProviderSilent
from services.chassis.clock import Clock

_FRESH = timedelta(seconds=1)
"""Shorter than what a message has been in doubt for: a younger record has carried none of those."""


@dataclass(slots=True)
class AskMailServers:
    """Which server a dead dispatcher was using is noted nowhere: a note before each handover would cost every one."""

    book: ProviderBook
    lookup_of: Callable[[str], ProviderLookup]
    """By address."""
    given: ProviderLookup | None
    """Who can be asked of the server that is used where no record is; also of what left before there was one."""
    clock: Clock
    _known: dict[str, ProviderLookup | None] = field(default_factory=dict)
    """By address, of all records; empty is the address of those that cannot be asked."""
    _known_at: datetime | None = None

    async def has(self, message_id: str) -> bool | None:
        """Say whether it was accepted; None: somebody who may have it cannot be asked. Raises ProviderSilent."""
        silent = False
        lookups = await self._lookups()
        for lookup in lookups:
            try:
                if lookup and await lookup.has(message_id):
                    return True
            except ProviderSilent:
                silent = True
        if silent:
            raise ProviderSilent
        return None if None in lookups else False

    async def _lookups(self) -> Sequence[ProviderLookup | None]:
        now = self.clock.now()
        if self._known_at is None or now - self._known_at > _FRESH:
            records = await self.book.of_channel(Channel.EMAIL)
            addresses = {each.settings.get("lookup_url", "") for each in records}
            self._known = {each: self.lookup_of(each) if each else None for each in sorted(addresses)}
            self._known_at = now
        return self.given, *self._known.values()
