"""A fact: one thing that counts for an employee, with its evidence, under the id of the event that brought it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from services.kpi.domain.indicator import CASES_CLOSED_ON_TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRecorded:
    """A fact was recorded."""

    type: ClassVar[str] = "fact_recorded"
    schema: ClassVar[str] = "membercare.kpi.v1.FactRecorded"
    subject: ClassVar[str] = "employee_id"

    fact_id: str
    employee_id: str
    indicator: str
    month: str
    evidence_id: str
    occurred_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedCase:
    """What feedback said of a case that was closed."""

    event_id: str
    case_id: str
    assignee_id: str
    closed_time: datetime
    on_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact as stored; it never changes."""

    id: str
    version: int = 1
    employee_id: str
    indicator: str
    month: str
    """`YYYY-MM` in the company's time zone."""
    numerator: int
    denominator: int
    evidence_id: str
    occurred_time: datetime
    events: tuple[object, ...] = ()

    @classmethod
    def of_closed_case(cls, case: ClosedCase, *, zone: ZoneInfo, now: datetime) -> "Fact":
        """Return what a closed case counts for the employee who closed it, in the month it was closed in."""
        month = f"{case.closed_time.astimezone(zone):%Y-%m}"
        said = FactRecorded(
            fact_id=case.event_id,
            employee_id=case.assignee_id,
            indicator=CASES_CLOSED_ON_TIME.key,
            month=month,
            evidence_id=case.case_id,
            occurred_time=now,
        )
        return cls(
            id=case.event_id,
            employee_id=case.assignee_id,
            indicator=CASES_CLOSED_ON_TIME.key,
            month=month,
            numerator=int(case.on_time),
            denominator=1,
            evidence_id=case.case_id,
            occurred_time=case.closed_time,
            events=(said,),
        )
