"""Receipts: what a provider tells later of a message that it accepted."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.care.domain.sending.events import Engagement
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.touch import OPEN, Touch, TouchState
from services.chassis.ids import derived_id

_HANDOVER = re.compile(r"<?(tch_[0-9A-Z]{26})\.(\d{1,9})@")


class ReceiptKind(StrEnum):
    """Data: stored with the receipt; add, never rename."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"
    """Came back for good: the address is not used again."""
    COMPLAINED = "complained"
    """The person called it spam: the address is not used again."""
    OPENED = "opened"
    CLICKED = "clicked"
    REPLIED = "replied"
    FAILED = "failed"
    """Was not delivered, which says nothing against the address."""


ENGAGED = frozenset({ReceiptKind.COMPLAINED, ReceiptKind.OPENED, ReceiptKind.CLICKED, ReceiptKind.REPLIED})
"""What the person did; the rest is the provider's business."""
SUPPRESSES = frozenset({ReceiptKind.BOUNCED, ReceiptKind.COMPLAINED})
_FAILURES = frozenset({ReceiptKind.BOUNCED, ReceiptKind.FAILED})
TOLD_LATER = frozenset(
    {Reason.BOUNCED, Reason.NOT_DELIVERED, Reason.NOT_REACHABLE, Reason.BLOCKED_BY_CARRIER, Reason.OPTED_OUT}
)
"""Why a message failed that had left, as its provider tells it."""
GONE_OUT = frozenset({TouchState.SENT, TouchState.DELIVERED, TouchState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Receipt:
    """One word of a provider; it may say it many times, in any order."""

    provider: str
    event_id: str
    """The provider's own id of this word."""
    touch_id: str
    kind: ReceiptKind
    at: datetime
    reason: Reason | None = None
    """Why it was not delivered, where more is known."""
    attempt: int = 0
    """Which handover it is about; 0: not known."""

    @property
    def key(self) -> str:
        """By which the same word is known again."""
        return derived_id("rcp", self.provider, self.event_id)


def handover_of(message_id: str) -> tuple[str, int]:
    """Return the touch and the attempt that a message id names, or nothing and 0: it is not one of ours."""
    found = _HANDOVER.search(message_id)
    return (found[1], int(found[2])) if found else ("", 0)


def outcome_of(touch: Touch, receipt: Receipt) -> tuple[TouchState, Reason | None] | None:
    """Return the state and reason that a receipt leads to, or None if it changes nothing.

    A word that comes too late does not undo a later one: what bounced stays failed. To fail twice is to fail: a
    process that died in between does all of it again. A word may be faster than our own record of the handover, which
    is written for many at once; and what arrived after all, when we thought that we were put off, is not sent again.
    """
    if receipt.kind in _FAILURES:
        reason = Reason.BOUNCED if receipt.kind is ReceiptKind.BOUNCED else receipt.reason or Reason.NOT_DELIVERED
        again = touch.state is TouchState.FAILED and touch.reason == reason
        arrived = touch.state is TouchState.DELIVERED and receipt.kind is ReceiptKind.FAILED
        leaving = touch.state in OPEN and receipt.attempt == touch.attempts + 1
        return (TouchState.FAILED, reason) if again or leaving or (touch.state in GONE_OUT and not arrived) else None
    handed = touch.state in OPEN and 1 <= receipt.attempt <= touch.attempts + 1
    if not handed and (touch.state not in GONE_OUT or touch.state is TouchState.DELIVERED):
        return None
    return TouchState.DELIVERED, None


def engagement_of(touch: Touch, receipt: Receipt) -> Engagement:
    """Return what is said of a person's act."""
    return Engagement(touch_id=touch.id, member_id=touch.member_id, kind=receipt.kind.value, time=receipt.at)
