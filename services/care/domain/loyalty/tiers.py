"""Which tier a member is in: up at once, down only after the protection is over."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.care.domain.loyalty.program import LoyaltyTerms
from services.care.domain.span import months_later


class TierReason(StrEnum):
    POINTS = "points"
    VALUE = "value"
    FELL_SHORT = "fell_short"


@dataclass(frozen=True, slots=True)
class TierState:
    """Where a member stands."""

    code: str = ""
    since: date | None = None
    protected_until: date | None = None
    reason: TierReason = TierReason.POINTS


def moved(state: TierState, terms: LoyaltyTerms, *, points: int, value_tier: str, today: date) -> TierState:
    """Return where the member stands today.

    A tier that is deserved is taken at once and, from the last day it was found to be deserved, kept for the months
    of protection. One that is not deserved any more ends the day after the protection.
    """
    deserved, place = terms.deserved(points, value_tier), terms.rank(state.code)
    protected_until = months_later(today, terms.protection_months)
    if terms.rank(deserved.code) > place:
        by_points = terms.deserved(points, "") == deserved
        reason = TierReason.POINTS if by_points else TierReason.VALUE
        return TierState(deserved.code, today, protected_until, reason)
    if deserved.code == state.code:
        kept = max(protected_until, state.protected_until or protected_until)
        return TierState(state.code, state.since, kept, state.reason)
    if state.protected_until and today <= state.protected_until:
        return state
    return TierState(deserved.code, today, protected_until, TierReason.FELL_SHORT)
