"""Providers as people keep them, and as dispatchers read them."""

from collections.abc import Callable, Sequence
from typing import Protocol

from services.care.domain.channels import Channel
from services.care.domain.providers.provider import Provider
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


class ProviderBook(Protocol):
    """What a dispatcher reads again and again."""

    async def enabled(self) -> Sequence[Provider]:
        """Return the providers that are in use, paused ones too."""


class Secrets(Protocol):
    """Secrets by name. What is found is never stored and never logged."""

    def get(self, name: str) -> str:
        """Return the secret, or the empty string if there is none."""
