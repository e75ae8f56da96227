"""Everything that is held of a person, and notes of who saw or ended it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.care.domain.members.privacy import Act, PrivacyAct
from services.chassis.paging import Page


class PersonalData(Protocol):
    """What stands under the ids of a person, over all rooms."""

    def export(self, family: Sequence[str]) -> str:
        """Return it as one JSON document; the first id is the person, the others are doublets."""

    def forget(self, family: Sequence[str], *, now: datetime) -> None:
        """Take personal data out of what stays: words that were said, proofs, behaviour. Safe to repeat.

        What is under way with somebody else (a task in WeCom) is marked as unwanted, to be stopped next.
        """


class PrivacyActs(Protocol):
    """The notes."""

    def note(self, member_id: str, act: Act, *, by: str, reason: str, now: datetime) -> None:
        """Store one more note."""

    def note_once(self, member_id: str, act: Act, *, by: str, reason: str, now: datetime) -> None:
        """Store the note unless this act on this member was noted before."""

    def page(self, member_id: str, *, size: int, after: str) -> Page[PrivacyAct]:
        """Return the page of notes older than `after`, newest first; of all members if none is named."""
