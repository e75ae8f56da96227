"""What the policy says of a touch at the moment of send."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.care.domain.sending.reasons import Reason


@dataclass(frozen=True, slots=True)
class SendNow:
    """It may leave."""


@dataclass(frozen=True, slots=True)
class HoldUntil:
    """It must wait, and is judged again then."""

    moment: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Skip:
    """It must never leave."""

    reason: Reason


Verdict = SendNow | HoldUntil | Skip
SEND_NOW = SendNow()


def leaves_within_a_day(verdict: Verdict, now: datetime) -> bool:
    """Say whether a waiting touch leaves soon enough that a place under a cap is kept for it."""
    soon = now + timedelta(days=1)
    return isinstance(verdict, SendNow) or (isinstance(verdict, HoldUntil) and verdict.moment < soon)
