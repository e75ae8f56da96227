"""What the room of visits says; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


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
