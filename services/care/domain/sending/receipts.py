"""Receipts: what a provider tells later of a message that it accepted."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.care.domain.sending.events import Engagement
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.touch import Touch, TouchState
from services.chassis.ids import derived_id

_TOUCH = re.compile(r"<?(tch_[0-9A-Z]{26})\.\d+@")


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
_GONE_OUT = frozenset({TouchState.SENT, TouchState.DELIVERED, TouchState.UNKNOWN})


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

    @property
    def key(self) -> str:
        """By which the same word is known again."""
        return derived_id("rcp", self.provider, self.event_id)


def touch_of(message_id: str) -> str:
    """Return the touch that a message id names, or the empty string: it is not one of ours."""
    found = _TOUCH.search(message_id)
    return found[1] if found else ""


def outcome_of(touch: Touch, receipt: Receipt) -> tuple[TouchState, Reason | None] | None:
    """Return the state and reason that a receipt leads to, or None if it changes nothing.

    A word that comes too late does not undo a later one: what bounced stays failed. To fail twice is to fail: a
    process that died in between does all of it again.
    """
    if receipt.kind in _FAILURES:
        reason = Reason.BOUNCED if receipt.kind is ReceiptKind.BOUNCED else receipt.reason or Reason.NOT_DELIVERED
        again = touch.state is TouchState.FAILED and touch.reason == reason
        arrived = touch.state is TouchState.DELIVERED and receipt.kind is ReceiptKind.FAILED
        return (TouchState.FAILED, reason) if again or (touch.state in _GONE_OUT and not arrived) else None
    if touch.state not in _GONE_OUT or touch.state is TouchState.DELIVERED:
        return None
    return TouchState.DELIVERED, None


def engagement_of(touch: Touch, receipt: Receipt) -> Engagement:
    """Return what is said of a person's act."""
    return Engagement(touch_id=touch.id, member_id=touch.member_id, kind=receipt.kind.value, time=receipt.at)
