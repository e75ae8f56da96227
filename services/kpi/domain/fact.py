"""A fact: one thing that counts for an employee, with its evidence, under an id that a repeat leads to again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from services.chassis.ids import derived_id
from services.kpi.domain.indicator import RETURN_VISITS_ON_TIME, Indicator


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
class Counted:
    """One thing that an event says of an employee."""

    id: str
    """Of the event, or derived from what can happen only once."""
    employee_id: str
    """Empty: nobody did it."""
    indicator: Indicator
    occurred_time: datetime
    met: bool
    """Counts one of one; else none of one."""
    evidence_id: str
    day: date | None = None
    """The day that decides the month; None: that of `occurred_time` in the company's zone."""


def due_visit(visit_id: str, *, due_date: date, owner_id: str, at: datetime, met: bool) -> Counted:
    """Return what a return visit counts for who owed it: once for each day it was due, in the month of that day.

    A visit that is overdue counts then and not again when it is made at last, so the value is whole before it is.
    """
    return Counted(
        id=derived_id("fct", RETURN_VISITS_ON_TIME.key, visit_id, due_date.isoformat()),
        employee_id=owner_id,
        indicator=RETURN_VISITS_ON_TIME,
        occurred_time=at,
        met=met,
        evidence_id=visit_id,
        day=due_date,
    )


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
    def of(cls, counted: Counted, *, zone: ZoneInfo, now: datetime) -> "Fact":
        """Return the fact of what was counted; months are those of the company's zone."""
        day = counted.day or counted.occurred_time.astimezone(zone).date()
        month = f"{day:%Y-%m}"
        said = FactRecorded(
            fact_id=counted.id,
            employee_id=counted.employee_id,
            indicator=counted.indicator.key,
            month=month,
            evidence_id=counted.evidence_id,
            occurred_time=now,
        )
        return cls(
            id=counted.id,
            employee_id=counted.employee_id,
            indicator=counted.indicator.key,
            month=month,
            numerator=int(counted.met),
            denominator=1,
            evidence_id=counted.evidence_id,
            occurred_time=counted.occurred_time,
            events=(said,),
        )
