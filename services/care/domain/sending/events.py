"""What the room of sending says; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchOutcome:
    """What became of one touch."""

    touch_id: str
    member_id: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchesSettled:
    """A batch of touches reached an end."""

    type: ClassVar[str] = "touches_settled"
    schema: ClassVar[str] = "membercare.care.v1.TouchesSettled"
    subject: ClassVar[str] = "campaign_id"

    campaign_id: str
    outcomes: tuple[TouchOutcome, ...]
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """What a person did with one message."""

    touch_id: str
    member_id: str
    kind: str
    time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchEngaged:
    """Persons opened, clicked, answered or complained; one event for what a provider told at once."""

    type: ClassVar[str] = "touch_engaged"
    schema: ClassVar[str] = "membercare.care.v1.TouchEngaged"
    subject: ClassVar[str] = "campaign_id"

    campaign_id: str
    engagements: tuple[Engagement, ...]
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchFailed:
    """Messages that had been settled as sent came back after all; one event for what a provider told at once."""

    type: ClassVar[str] = "touch_failed"
    schema: ClassVar[str] = "membercare.care.v1.TouchFailed"
    subject: ClassVar[str] = "campaign_id"

    campaign_id: str
    outcomes: tuple[TouchOutcome, ...]
    occurred_time: datetime
