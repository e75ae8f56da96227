"""Links in messages, as the words of a campaign need them."""

from typing import Protocol

from services.care.domain.members.links import Link, MessageLinks


class Links(Protocol):
    """Makes the links of one message."""

    def of(self, link: Link) -> MessageLinks:
        """Return where the reader can unsubscribe, and say what we may send."""


class ReadableLinks(Protocol):
    """Reads the links of messages."""

    def read(self, token: str) -> Link:
        """Return whose link it is, or refuse with LINK_INVALID."""
