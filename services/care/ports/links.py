"""The links of messages, as their pages read them."""

from typing import Protocol

from services.care.domain.members.links import Link


class ReadableLinks(Protocol):
    """Reads the links of messages."""

    def read(self, token: str) -> Link:
        """Return whose link it is, or refuse with LINK_INVALID."""
