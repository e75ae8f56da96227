"""Providers as people keep them, and as dispatchers read them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.care.domain.channels import Channel
from services.care.domain.providers.health import Tally
from services.care.domain.providers.provider import Provider
from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover
from services.chassis.paging import Page


class Providers(Protocol):
    """Providers as aggregates."""

    def add(self, provider: Provider, *, request_key: str) -> Provider:
        """Store it, or return the first outcome of a repeated request."""

    def change(
        self, provider_id: str, step: Callable[[Provider], Provider], *, etag: str, request_key: str
    ) -> Provider:
        """Apply one step in one conditional write, or refuse with PROVIDER_NOT_FOUND or STALE_VERSION."""

    def batch_get(self, provider_ids: Sequence[str]) -> Sequence[Provider]:
        """Return those that exist."""

    def page(self, channel: Channel | None, *, size: int, after: str) -> Page[Provider]:
        """Return one page in the order of ids; None: of all channels."""

    def carried(self) -> frozenset[str]:
        """Return the channels that providers in use carry, paused ones too."""


class ProviderBook(Protocol):
    """What a dispatcher reads again and again."""

    async def enabled(self) -> Sequence[Provider]:
        """Return the providers that are in use, paused ones too."""

    async def of_channel(self, channel: Channel) -> Sequence[Provider]:
        """Return all that are or were in use for this channel."""


class Secrets(Protocol):
    """Secrets by name. What is found is never stored and never logged."""

    def get(self, name: str) -> str:
        """Return the secret, or the empty string if there is none."""


@dataclass(frozen=True, slots=True)
class Grant:
    """Room for some messages under the rates of a provider."""

    granted: int
    room_at: datetime | None = None
    """When there is room for more; None: for all that was wanted there was."""


class Rates(Protocol):
    """The rates of providers, shared by all dispatchers."""

    async def take(self, provider: Provider, wanted: int, *, now: datetime) -> Grant:
        """Take room for at most so many messages."""


class Tallies(Protocol):
    """Counts of what providers did with messages, from which their health is judged."""

    async def note(self, carrier: str, fates: Sequence[tuple[Message, Handover]], *, now: datetime) -> None:
        """Count these of whoever carried them, and of their campaigns."""


class TallyReader(Protocol):
    """The same counts, as the job reads them that pauses."""

    def subjects(self, since: datetime) -> Collection[str]:
        """Return the providers and campaigns that anything was counted of."""

    def since(self, begins: Mapping[str, datetime]) -> Mapping[str, Tally]:
        """Return the counts of each from its own beginning on."""


class ReferenceNotes(Protocol):
    """What providers call messages of ours, as it is learnt when they are handed over."""

    async def note(self, provider_id: str, message: Message, *, reference: str, now: datetime) -> None:
        """Note it; again, nothing changes."""


class Numbers(Protocol):
    """What numbers and addresses got by providers that limit it."""

    async def full(self, provider: Provider, addresses: Collection[str], *, now: datetime) -> Mapping[str, datetime]:
        """Return those that may get no further message by this provider now, and from when on they may again."""

    async def note(self, provider: Provider, addresses: Sequence[str], *, now: datetime) -> None:
        """Note that these got one."""
