"""What was done about a lead or an opportunity, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.chassis.checks import civil_date, line, text
from services.chassis.errors import InvalidField

MOST_NOTE, MOST_ACTION = 2000, 200
MOST_KEPT = 100
"""A document remembers this many; older ones fall off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One time that somebody did something."""

    time: datetime
    author: str
    note: str
    next_action: str = ""
    """Empty: there is nothing more to do."""
    next_action_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpDetails:
    """What people write down, not yet checked."""

    note: str
    next_action: str = ""
    next_action_date: str = ""

    def checked(self, author: str, *, now: datetime) -> FollowUp:
        """Return the entry; refuse an action without its day, a day without an action, and texts out of range."""
        action = line(self.next_action, "next_action", most=MOST_ACTION)
        if bool(action) != bool(self.next_action_date):
            missing = "next_action_date" if action else "next_action"
            raise InvalidField(missing, f"{missing} is missing: an action and its day come together.")
        return FollowUp(
            time=now,
            author=author,
            note=text(self.note, "note", most=MOST_NOTE, least=1),
            next_action=action,
            next_action_date=civil_date(self.next_action_date, "next_action_date") if action else None,
        )


def kept(entries: Sequence[FollowUp], entry: FollowUp) -> tuple[FollowUp, ...]:
    """Return the log with one more entry, without those that are too old to keep."""
    return (*entries, entry)[-MOST_KEPT:]
