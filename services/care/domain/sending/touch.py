"""Touches: one message for one occasion, and the words for what became of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.care.domain.channels import Channel, Purpose
from services.care.domain.state_words import plain
from services.chassis.errors import DomainError, Kind
from services.chassis.ids import derived_id

EMAIL = Channel.EMAIL.value
GREETING = "greeting"
"""The only step of a birthday campaign."""


class TouchState(StrEnum):
    PLANNED = "TOUCH_STATE_PLANNED"
    HELD = "TOUCH_STATE_HELD"
    """Waits for a moment at which it may leave, with the reason."""
    SENT = "TOUCH_STATE_SENT"
    DELIVERED = "TOUCH_STATE_DELIVERED"
    """The provider says that it arrived; before that it was sent."""
    FAILED = "TOUCH_STATE_FAILED"
    SKIPPED = "TOUCH_STATE_SKIPPED"
    UNKNOWN = "TOUCH_STATE_UNKNOWN"


OPEN = frozenset({TouchState.PLANNED, TouchState.HELD})
"""States from which a touch may still leave."""


class TouchResolution(StrEnum):
    """How a person settles an unknown touch."""

    SENT = "TOUCH_RESOLUTION_SENT"
    SEND_AGAIN = "TOUCH_RESOLUTION_SEND_AGAIN"


class TouchNotUnknown(DomainError):
    kind, reason = Kind.PRECONDITION, "TOUCH_NOT_UNKNOWN"

    def __init__(self, touch_id: str, state: TouchState) -> None:
        super().__init__(f"Touch {touch_id} needs no decision: it is {plain(state)}.", touch_id=touch_id, state=state)


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
    step: str = GREETING
    """Which message of the campaign or journey it is."""
    variant: str = ""
    """Which variant of the words; empty where the campaign has but one."""
    version: int = 1
    """Version of the campaign's plan that it was planned by."""
    priority: int = 50
    """0 to 100: who wins where a cap leaves no place for all."""
    purpose: Purpose = Purpose.CARE
    held_until: datetime | None = None
    """When a held touch is judged again."""
    fallback_of: str = ""
    """The touch that it stands in for: an earlier channel could not be used."""
    fallback_channel: str = ""
    """The channel of the touch that stands in for it."""
    moved_by: str = ""
    """The reason why it leaves on another day than that of its occasion; empty: it does not."""

    @property
    def fallback_to(self) -> str:
        """The touch that stands in for it, or the empty string."""
        if not self.fallback_channel:
            return ""
        return touch_id(
            self.campaign_id,
            self.member_id,
            occurrence=self.occurrence,
            step=self.step,
            channel=self.fallback_channel,
        )


def touch_id(campaign_id: str, member_id: str, *, occurrence: str, step: str = GREETING, channel: str = EMAIL) -> str:
    """Return the one id of this message: planning it again finds it and makes no second."""
    return derived_id("tch", campaign_id, member_id, occurrence, step, channel)


def message_id(touch: str, attempt: int, *, domain: str) -> str:
    """Return the Message-ID of one handover, by which a provider can be asked about it."""
    return f"<{touch}.{attempt}@{domain}>"


def stand_in_for(touch: Touch, *, batch_id: str, now: datetime) -> Touch:
    """Return the touch by the next channel that takes over from one that could not reach the member."""
    return replace(
        touch,
        id=touch.fallback_to,
        channel=touch.fallback_channel,
        due_at=now,
        batch_id=batch_id,
        updated_at=now,
        state=TouchState.PLANNED,
        reason="",
        attempts=0,
        held_until=None,
        fallback_of=touch.id,
        fallback_channel="",
    )
