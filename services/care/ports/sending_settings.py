"""The company's rules for sending, as people read and change them."""

from collections.abc import Callable
from typing import Protocol

from services.care.domain.sending.settings import SendingSettings


class Settings(Protocol):
    """One document."""

    def get(self) -> SendingSettings:
        """Return the rules; before any is set there are none."""

    def change(
        self, step: Callable[[SendingSettings], SendingSettings], *, etag: str, request_key: str
    ) -> SendingSettings:
        """Apply one step in one conditional write, or refuse with STALE_VERSION; a repeat takes no second step."""
