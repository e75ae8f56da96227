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
