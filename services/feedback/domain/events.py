"""What the feedback service says; the fields are those of events.proto."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.feedback.domain.deadline import CaseSeverity
from services.feedback.domain.kinds import CaseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOpened:
    """A case was opened."""

    type: ClassVar[str] = "case_opened"
    schema: ClassVar[str] = "membercare.feedback.v1.CaseOpened"
    subject: ClassVar[str] = "case_id"

    case_id: str
    kind: CaseKind
    severity: CaseSeverity
    customer_id: str
    member_id: str
    due_time: datetime
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAssigned:
    """A case was given to an employee."""

    type: ClassVar[str] = "case_assigned"
    schema: ClassVar[str] = "membercare.feedback.v1.CaseAssigned"
    subject: ClassVar[str] = "case_id"

    case_id: str
    assignee_id: str
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseClosed:
    """A case was closed, with its figures."""

    type: ClassVar[str] = "case_closed"
    schema: ClassVar[str] = "membercare.feedback.v1.CaseClosed"
    subject: ClassVar[str] = "case_id"

    case_id: str
    kind: CaseKind
    severity: CaseSeverity
    customer_id: str
    member_id: str
    assignee_id: str
    opened_time: datetime
    due_time: datetime
    closed_time: datetime
    on_time: bool
    handling_seconds: int
