"""What the room of visits says; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.care.domain.visits.attempts import Fallback


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
    member_id: str
    kind: str
    means: str
    case_id: str
    plan_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitOverdue:
    """The day of a visit has passed and it was not made."""

    type: ClassVar[str] = "visit_overdue"
    schema: ClassVar[str] = "membercare.care.v1.VisitOverdue"
    subject: ClassVar[str] = "visit_id"

    visit_id: str
    customer_id: str
    owner_id: str
    kind: str
    due_date: str
    tries: int
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitUnreachable:
    """All tries to reach somebody were in vain."""

    type: ClassVar[str] = "visit_unreachable"
    schema: ClassVar[str] = "membercare.care.v1.VisitUnreachable"
    subject: ClassVar[str] = "visit_id"

    visit_id: str
    customer_id: str
    member_id: str
    owner_id: str
    kind: str
    tries: int
    wrong_number: bool
    fallbacks: tuple[Fallback, ...]
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
    kind: str
    means: str
    reached: bool
    tries: int
    on_time: bool
    case_id: str
    round: int
    bad_again: bool
    plan_id: str
