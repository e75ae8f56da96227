"""What the room of points and tiers says; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class TierChanged:
    """A member moved to another tier."""

    type: ClassVar[str] = "tier_changed"
    schema: ClassVar[str] = "membercare.care.v1.TierChanged"
    subject: ClassVar[str] = "member_id"

    member_id: str
    old_tier: str
    new_tier: str
    since: str
    protected_until: str
    reason: str
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsExpiry:
    """What one member lost."""

    member_id: str
    entry_id: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsExpired:
    """Points of many members ended unused."""

    type: ClassVar[str] = "points_expired"
    schema: ClassVar[str] = "membercare.care.v1.PointsExpired"
    subject: ClassVar[str] = "run_id"

    run_id: str
    day: str
    expiries: tuple[PointsExpiry, ...]
    occurred_time: datetime
