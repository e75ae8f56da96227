"""What the planner reads and writes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from services.care.domain.campaigns.due.who import Coming, Who
from services.care.domain.segments.evaluate import Facts
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.touch import Touch
from services.care.ports.segments import MembersQuery


class DueMember(NamedTuple):
    """A member who is due on the day being planned; nothing more is read. There may be a million: it is made fast."""

    id: str
    time_zone: str
    comings: tuple[Coming, ...]


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a campaign may reach at all; merged and erased members never."""

    within: MembersQuery | None = None
    """None: everybody."""
    without: tuple[MembersQuery, ...] = ()


class DueMembers(Protocol):
    """Reads by the index of what makes members due, together with the audience, in one query."""

    def due(self, who: Who, reach: Reach, *, changed_since: datetime | None) -> Iterator[DueMember]:
        """Yield who is due; with `changed_since` only those of whom something was changed or heard after it."""

    def record(self, member_id: str, reach: Reach) -> Facts | None:
        """Return what is stored of one member; None: the campaign does not reach them."""

    def recipients(self, member_ids: Sequence[str]) -> Mapping[str, Recipient]:
        """Return the members that exist, by id, as the policy judges them."""


class PlannedTouches(Protocol):
    """The ledger as the planner writes it."""

    def plan(self, touches: Sequence[Touch]) -> int:
        """Store a batch that is not stored yet, make it due, and return how many touches are new.

        A touch that exists stays as it is, except one that was planned for, or skipped on, another day because the
        birthday changed: it moves to the new day.
        """

    def open_stranded(self) -> int:
        """Let batches leave whose writer died before it had stored all of their touches; return how many."""


class PlannedBefore(Protocol):
    """The ledger as the planner looks back into it."""

    def known(self, touch_ids: Sequence[str]) -> frozenset[str]:
        """Return which of these touches exist."""

    def occurrences(self, campaign_id: str, member_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """Return by member the occurrences for which the campaign has planned something."""

    def is_settled(self, campaign_id: str) -> bool:
        """Say whether every touch of the campaign has an end, and nobody is on the way through its journey."""
