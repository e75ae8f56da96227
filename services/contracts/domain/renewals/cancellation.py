"""Whether a cancellation is in time, when the contract then ends, and the verdict in words of two languages."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class CancellationVerdict(StrEnum):
    """What a cancellation brings about."""

    IN_TIME = "in_time"
    """The contract ends with its term."""
    TOO_LATE = "too_late"
    """The contract goes on for one more term, and ends with it."""
    ANY_TIME = "any_time"
    """Too late, but no reminder was sent in the law's window: the customer may leave at any time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """The dates that decide."""

    end_date: date
    notice_date: date
    next_end_date: date
    """Last day of the term that it ends with if it is too late for this one."""
    by_itself: bool
    """Whether the contract goes on unless somebody cancels."""
    free_from: date | None
    """The day from which the law lets the customer leave at any time, because a reminder was missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """What the customer said, and what follows."""

    received_date: date
    verdict: CancellationVerdict
    last_date: date
    """The last day of the contract."""
    english: str
    chinese: str
    note: str = ""
    recorded_by: str = ""
    recorded_time: datetime | None = None
    """None: asked for, not recorded."""


_WORDS = {
    CancellationVerdict.IN_TIME: (
        (
            "Received on {received}, the cancellation is in time: it could be said until {notice}. "
            "The contract ends on {last}."
        ),
        "于 {received} 收到的解约通知有效：最后可通知日为 {notice}。合同于 {last} 终止。",
    ),
    CancellationVerdict.TOO_LATE: (
        (
            "Received on {received}, the cancellation is too late: it had to be said by {notice}. "
            "The contract goes on and ends on {last}."
        ),
        "于 {received} 收到的解约通知已逾期：最迟应于 {notice} 通知。合同续期，于 {last} 终止。",
    ),
    CancellationVerdict.ANY_TIME: (
        (
            "Received on {received}. No reminder was sent in the time that the law asks for, so the customer "
            "may leave at any time once the contract goes on. The contract ends on {last}."
        ),
        "于 {received} 收到解约通知。未在法定期限内发送续期提醒，续期后客户可随时解约。合同于 {last} 终止。",
    ),
}


_ENDS_ANYWAY = (
    "Received on {received}. The contract does not go on by itself, so nothing had to be said: it ends on {last}.",
    "于 {received} 收到解约通知。合同到期不自动续期，无需另行通知；合同于 {last} 终止。",
)


def judged(term: Term, received: date) -> Cancellation:
    """Return the verdict on a cancellation that reached us on a day: the last cancellation date itself is in time.

    A contract that does not go on by itself ends with its term, whenever somebody says so.
    """
    if term.free_from and received >= term.free_from:
        verdict, last = CancellationVerdict.ANY_TIME, received
    elif received <= term.notice_date or not term.by_itself:
        verdict, last = CancellationVerdict.IN_TIME, term.end_date
    elif term.free_from:
        verdict, last = CancellationVerdict.ANY_TIME, term.end_date
    else:
        verdict, last = CancellationVerdict.TOO_LATE, term.next_end_date
    late = verdict is CancellationVerdict.IN_TIME and received > term.notice_date
    english, chinese = (
        words.format(received=received, notice=term.notice_date, last=last)
        for words in (_ENDS_ANYWAY if late else _WORDS[verdict])
    )
    return Cancellation(received_date=received, verdict=verdict, last_date=last, english=english, chinese=chinese)
