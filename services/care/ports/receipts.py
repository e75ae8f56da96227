"""Words of providers about messages that they accepted."""

from collections.abc import Sequence
from typing import Protocol

from services.care.domain.channels import Channel
from services.care.domain.sending.receipts import Receipt
from services.care.domain.sending.touch import Touch
from services.care.ports.sending import Settled


class ReceiptBook(Protocol):
    """Every word is filed once, with what is said of it."""

    def unknown_of(self, receipts: Sequence[Receipt]) -> list[Receipt]:
        """Return those that are not filed yet, each once."""

    def touches(self, touch_ids: Sequence[str]) -> dict[str, Touch]:
        """Return the touches that exist, by id."""

    def last_out(self, member_ids: Sequence[str], channel: Channel) -> str:
        """Return the newest message to any of these that left by this channel, or the empty string."""

    def stand_in(self, given_way: Sequence[Touch]) -> None:
        """Plan the touches that take over from these, at once; those that stand there already stay as they are.

        One that has stepped back for the member's own wish leaves after all.
        """

    def settle(self, outcomes: Sequence[Settled]) -> None:
        """Store what became of touches that had gone out; one that is no longer out stays as it is."""

    def file(self, receipts: Sequence[Receipt], *, said: Sequence[object]) -> bool:
        """File them together with the events; False if one of them was filed meanwhile: nothing is stored then."""
