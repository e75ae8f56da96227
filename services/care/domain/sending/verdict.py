"""What the policy says of a touch at the moment of send."""

from dataclasses import dataclass
from datetime import datetime

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
