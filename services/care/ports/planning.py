"""What the planner reads and writes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.care.domain.sending.touch import Touch


@dataclass(frozen=True, slots=True)
class DueMember:
    """A member who has a birthday on the day being planned; nothing more is read."""

    id: str
    time_zone: str
    birthday_key: int


class DueMembers(Protocol):
    """Reads by the index of birthdays."""

    def due(self, keys: Sequence[int], *, changed_since: datetime | None) -> Iterator[DueMember]:
        """Yield the members with one of these birthdays; with `changed_since` only those changed after it."""


class PlannedTouches(Protocol):
    """The ledger as the planner writes it."""

    def plan(self, touches: Sequence[Touch]) -> int:
        """Store a batch that is not stored yet, make it due, and return how many touches are new.

        A touch that exists stays as it is, except one that was planned for, or skipped on, another day because the
        birthday changed: it moves to the new day.
        """

    def adopt_stranded(self, now: datetime) -> int:
        """Put planned touches whose batch was never completed into a new batch; return how many."""
