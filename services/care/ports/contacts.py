"""What a member has had from us lately, and the places under caps and budgets that dispatchers compete for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.care.domain.campaigns.budget import Budget
from services.care.domain.sending.caps import Contact
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.spending import Spent
from services.care.domain.sending.touch import Touch


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """The recent contacts of one member, as they were read."""

    member_id: str
    version: int
    """Whoever claims a place names the version that it judged by; 0: there was no record."""
    contacts: tuple[Contact, ...]


class Contacts(Protocol):
    """One document for each member, read and written for a whole chunk at once."""

    async def read(
        self, member_ids: Sequence[str], *, capped_since: datetime, now: datetime
    ) -> dict[str, ContactRecord]:
        """Return the record of each member; what was before there were caps is told by the ledger."""

    async def claim(self, records: Sequence[ContactRecord], *, capped_since: datetime) -> set[str]:
        """Store records with new contacts, each if nobody was faster; return the members whom somebody else took."""

    async def give_back(self, touches: Sequence[Touch]) -> None:
        """Forget contacts that did not take place."""

    async def rivals(self, touches: Sequence[Touch], *, before: datetime) -> list[Touch]:
        """Return the other touches of their members that wait and are due before the moment given."""


@dataclass(frozen=True, slots=True)
class Places:
    """What a budget has room for."""

    taken: int
    reason: Reason
    """Why there was no room for one more; says nothing where all got a place."""


class Budgets(Protocol):
    """What a campaign has sent and spent, where it must not pass a number or an amount."""

    async def claim(self, campaign_id: str, wanted: int, *, cost: int, budget: Budget) -> Places:
        """Take places of `cost` thousandths each, at most as many as are left, in one step.

        Dispatchers at once never take too many.
        """

    async def give_back(self, campaign_id: str, unused: int, *, cost: int, budget: Budget) -> None:
        """Return places that were not needed, and what they cost."""


class ContactLooks(Protocol):
    """The same for who only looks: nothing is claimed."""

    def contacts(
        self, member_ids: Sequence[str], *, capped_since: datetime, now: datetime
    ) -> Mapping[str, Sequence[Contact]]:
        """Return the recent contacts of each member, as a dispatcher would read them."""

    def rivals(self, touches: Sequence[Touch], *, before: datetime) -> Sequence[Touch]:
        """Return the other touches of their members that wait and are due before the moment given."""

    def spent(self, campaign_id: str, budget: Budget) -> Spent:
        """Return what the campaign has used of its budget."""
