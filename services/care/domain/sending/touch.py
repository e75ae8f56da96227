"""Touches: one message for one occasion, and the words for what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.care.domain.channels import Channel
from services.chassis.errors import DomainError, Kind
from services.chassis.ids import derived_id

EMAIL = Channel.EMAIL.value
GREETING = "greeting"
"""The only step of a birthday campaign."""


class TouchState(StrEnum):
    PLANNED = "TOUCH_STATE_PLANNED"
    SENT = "TOUCH_STATE_SENT"
    FAILED = "TOUCH_STATE_FAILED"
    SKIPPED = "TOUCH_STATE_SKIPPED"
    UNKNOWN = "TOUCH_STATE_UNKNOWN"


class Reason(StrEnum):
    """Why a touch was skipped, failed or is unknown. Data: add, never rename."""

    CAMPAIGN_ARCHIVED = "CAMPAIGN_ARCHIVED"
    MEMBER_GONE = "MEMBER_GONE"
    DO_NOT_CONTACT = "DO_NOT_CONTACT"
    NO_EMAIL_ADDRESS = "NO_EMAIL_ADDRESS"
    NO_EMAIL_CONSENT = "NO_EMAIL_CONSENT"
    UNKNOWN_TIME_ZONE = "UNKNOWN_TIME_ZONE"
    BIRTHDAY_CHANGED = "BIRTHDAY_CHANGED"
    TOO_LATE = "TOO_LATE"
    TEMPLATE_FAILED = "TEMPLATE_FAILED"
    PROVIDER_REFUSED = "PROVIDER_REFUSED"
    PROVIDER_REFUSED_TOO_OFTEN = "PROVIDER_REFUSED_TOO_OFTEN"
    INTERRUPTED = "INTERRUPTED"


class TouchResolution(StrEnum):
    """How a person settles an unknown touch."""

    SENT = "TOUCH_RESOLUTION_SENT"
    SEND_AGAIN = "TOUCH_RESOLUTION_SEND_AGAIN"


class TouchNotUnknown(DomainError):
    kind, reason = Kind.PRECONDITION, "TOUCH_NOT_UNKNOWN"

    def __init__(self, touch_id: str, state: TouchState) -> None:
        super().__init__(f"Touch {touch_id} needs no decision: it is {state.value}.", touch_id=touch_id, state=state)


@dataclass(frozen=True, slots=True)
class Touch:
    """One line of the ledger."""

    id: str
    campaign_id: str
    member_id: str
    occurrence: str
    channel: str
    date: str
    """Civil date of the occasion, `YYYY-MM-DD`."""
    due_at: datetime
    batch_id: str
    updated_at: datetime
    state: TouchState = TouchState.PLANNED
    reason: str = ""
    attempts: int = 0
    """How often it was handed, or may have been handed, to the provider."""


def touch_id(campaign_id: str, member_id: str, *, occurrence: str, step: str = GREETING, channel: str = EMAIL) -> str:
    """Return the one id of this message: planning it again finds it and makes no second."""
    return derived_id("tch", campaign_id, member_id, occurrence, step, channel)


def message_id(touch: str, attempt: int, *, domain: str) -> str:
    """Return the Message-ID of one handover, by which a provider can be asked about it."""
    return f"<{touch}.{attempt}@{domain}>"
