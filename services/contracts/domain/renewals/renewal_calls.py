"""What a person says about a renewal, beside what the machine says; where they disagree, the leader is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.periods import add_period
from services.contracts.domain.terms.terms import Period, PeriodUnit


class CallCategory(StrEnum):
    """How sure a person is."""

    UNDECIDED = "undecided"
    """Nobody has said; not allowed any more in the last three months of the term."""
    COMMIT = "commit"
    BEST_CASE = "best_case"
    AT_RISK = "at_risk"
    OMITTED = "omitted"
    """Left out of the forecast."""


class Attention(StrEnum):
    """Why the leader is asked."""

    DISAGREEMENT = "disagreement"
    """The person's call lies outside of what the machine's likelihood bears."""
    NO_CALL_AT_SIX_MONTHS = "no_call_at_six_months"
    UNDECIDED_AT_THREE_MONTHS = "undecided_at_three_months"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A person's call."""

    category: CallCategory
    amount: Money
    """Expected price of the next term."""
    close_date: date
    note: str
    called_by: str
    called_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the leader decided, and how likely the machine thought a renewal then."""

    category: CallCategory
    note: str
    likelihood: int
    decided_by: str
    decided_time: datetime


FITTING: Mapping[CallCategory, range] = {
    CallCategory.UNDECIDED: range(101),
    CallCategory.COMMIT: range(50, 101),
    CallCategory.BEST_CASE: range(30, 101),
    CallCategory.AT_RISK: range(80),
    CallCategory.OMITTED: range(60),
}
"""By call: the likelihoods that bear it."""

_SETTLED_WITHIN = 20
"""A leader's decision settles a disagreement until the likelihood has moved by more points than these."""


def checkpoint(term_end: date, months: int) -> date:
    """Return the day that lies so many months before the term's end, month-end safe."""
    return add_period(term_end, Period(PeriodUnit.MONTH, 1), k=-months)


def too_late_to_be_undecided(term_end: date, today: date) -> bool:
    """Whether the checkpoint at three months has been reached."""
    return today >= checkpoint(term_end, 3)


def category_of(call: Call | None, decision: Decision | None) -> CallCategory:
    """Return what counts: the leader's decision, unless the person spoke again after it."""
    if decision and (call is None or decision.decided_time >= call.called_time):
        return decision.category
    return call.category if call else CallCategory.UNDECIDED


def attention_of(
    call: Call | None, decision: Decision | None, *, likelihood: int, term_end: date, today: date
) -> tuple[Attention, ...]:
    """Return why the leader is asked about an open renewal, as of today; empty: for nothing."""
    if (
        decision
        and category_of(call, decision) is decision.category
        and _settles(decision, call, likelihood=likelihood)
    ):
        return ()
    category = category_of(call, decision)
    found: list[Attention] = []
    if likelihood not in FITTING[category]:
        found.append(Attention.DISAGREEMENT)
    if category is CallCategory.UNDECIDED:
        if too_late_to_be_undecided(term_end, today):
            found.append(Attention.UNDECIDED_AT_THREE_MONTHS)
        elif today >= checkpoint(term_end, 6):
            found.append(Attention.NO_CALL_AT_SIX_MONTHS)
    return tuple(found)


def _settles(decision: Decision, call: Call | None, *, likelihood: int) -> bool:
    newer = call is None or decision.decided_time >= call.called_time
    return newer and abs(likelihood - decision.likelihood) <= _SETTLED_WITHIN
