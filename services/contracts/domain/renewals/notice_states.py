"""Where a term stands between its first day and its last: one table that is both computed and searched by."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DUE_WITHIN_DAYS = 30
"""A last cancellation date that is this near, or nearer, is due."""
_DAY = timedelta(days=1)


class NoticeState(StrEnum):
    """What can still be said before the term ends."""

    EARLY = "early"
    """The last cancellation date is more than 30 days away."""
    DUE = "due"
    """The last cancellation date is today, or at most 30 days away."""
    BINDING = "binding"
    """The last cancellation date has passed; the term has not ended."""
    ENDED = "ended"
    """The last day of the term has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Days, both included, between which two dates of a term must lie; None: no bound."""

    notice_from: date | None = None
    notice_to: date | None = None
    end_from: date | None = None
    end_to: date | None = None

    def hold(self, notice_date: date, end_date: date) -> bool:
        """Whether a term with these dates lies within."""
        return (
            (self.notice_from is None or self.notice_from <= notice_date)
            and (self.notice_to is None or notice_date <= self.notice_to)
            and (self.end_from is None or self.end_from <= end_date)
            and (self.end_to is None or end_date <= self.end_to)
        )


def bounds_of(state: NoticeState, today: date) -> Bounds:
    """Return which terms are in a state today: what a search asks the database for, and all that `state_of` knows."""
    last_due = today + timedelta(days=DUE_WITHIN_DAYS)
    return {
        NoticeState.EARLY: Bounds(notice_from=last_due + _DAY),
        NoticeState.DUE: Bounds(notice_from=today, notice_to=last_due),
        NoticeState.BINDING: Bounds(notice_to=today - _DAY, end_from=today),
        NoticeState.ENDED: Bounds(notice_to=today - _DAY, end_to=today - _DAY),
    }[state]


def state_of(notice_date: date, end_date: date, *, today: date) -> NoticeState:
    """Return the one state of a term. Raises ValueError for a last cancellation date behind the term's end."""
    if notice_date > end_date:
        raise ValueError(f"the last cancellation date {notice_date} lies behind the term's end {end_date}")
    return next(state for state in NoticeState if bounds_of(state, today).hold(notice_date, end_date))
