"""When a customer is reminded that a term ends, within the law's window, and the proof that it was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.contracts.domain.renewals.notice_policies import CountedFrom, NoticePolicy
from services.contracts.domain.terms.periods import Span, add_months, add_period

DAYS_BEFORE_END = (90, 60, 30, 15, 1)
"""The reminders that every renewal has, in days before the last day of the term."""
_DAY = timedelta(days=1)
_LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderProof:
    """One reminder that was sent, kept for whoever asks later."""

    key: str
    """What makes it one reminder: the id of the message at whoever sent it. A second proof with it changes nothing."""
    sent_date: date
    channel: str
    recipient: str
    note: str
    in_legal_window: bool
    """Whether it was sent on a day that the law counts."""
    recorded_by: str
    recorded_time: datetime


def legal_window(policy: NoticePolicy, *, term_start: date, term_end: date, notice_date: date) -> Span | None:
    """Return the days on which a reminder must be sent, or None where the law asks for none for such a term."""
    after = term_end + _DAY
    if policy.latest is None or add_months(after, -policy.least_term_months) < term_start:
        return None
    counted_from = notice_date if policy.counted_from is CountedFrom.NOTICE_DATE else after
    last = add_period(counted_from, policy.latest, k=-1)
    first = add_period(counted_from, policy.earliest, k=-1) if policy.earliest else last - _LONGEST
    return Span(first, last)


def reminder_dates(window: Span | None, *, term_end: date, opened: date) -> tuple[date, ...]:
    """Return the days on which reminders are due, each once, none before the renewal is opened.

    Where none of the usual days lies in the law's window, the first day of the window that is still to come is added.
    """
    usual = {term_end - timedelta(days=days) for days in DAYS_BEFORE_END}
    due = {day for day in usual if day >= opened}
    if window and not any(window.holds(day) for day in due) and opened <= window.end:
        due.add(max(window.start, opened))
    return tuple(sorted(due))


def reminded_in_time(window: Span | None, proofs: Sequence[ReminderProof]) -> bool:
    """Whether the law's reminder was sent; where it asks for none, it was."""
    return window is None or any(window.holds(proof.sent_date) for proof in proofs)
