"""Credits of members for messages that each need an authorisation of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class CreditBalance:
    """What a member has left for one template."""

    template_id: str
    left: int


class Credits(Protocol):
    """The provider does not tell what is left: this ledger is all that is known."""

    def grant(self, member_id: str, template_id: str, *, count: int, key: str) -> int:
        """Add credits once for a key; return what is left."""

    def spend(self, member_id: str, template_id: str, *, key: str) -> bool:
        """Take one; False if there is none."""

    def give_back(self, member_id: str, template_id: str, *, key: str) -> None:
        """Give back what was taken under this key, once."""

    def forfeit(self, member_id: str, template_id: str, *, key: str) -> None:
        """Note once for a key that nothing is left, whatever we thought."""

    def of_member(self, member_id: str) -> Sequence[CreditBalance]:
        """Return what a member has left, by template."""
