"""What the care service says; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRegistered:
    """A member was registered."""

    type: ClassVar[str] = "member_registered"
    schema: ClassVar[str] = "membercare.care.v1.MemberRegistered"
    subject: ClassVar[str] = "member_id"

    member_id: str
    customer_id: str
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChanged:
    """A member was changed."""

    type: ClassVar[str] = "member_changed"
    schema: ClassVar[str] = "membercare.care.v1.MemberChanged"
    subject: ClassVar[str] = "member_id"

    member_id: str
    customer_id: str
    member_version: int
    occurred_time: datetime


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
class VisitDue:
    """A return visit was planned."""

    type: ClassVar[str] = "visit_due"
    schema: ClassVar[str] = "membercare.care.v1.VisitDue"
    subject: ClassVar[str] = "visit_id"

    visit_id: str
    contract_id: str
    customer_id: str
    owner_id: str
    due_date: str
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitCompleted:
    """A return visit was made."""

    type: ClassVar[str] = "visit_completed"
    schema: ClassVar[str] = "membercare.care.v1.VisitCompleted"
    subject: ClassVar[str] = "visit_id"

    visit_id: str
    contract_id: str
    customer_id: str
    member_id: str
    owner_id: str
    outcome: str
    satisfaction: int
    words: str
    due_date: str
    occurred_time: datetime
