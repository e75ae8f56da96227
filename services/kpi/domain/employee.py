"""One of our own staff, and what people say about them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from services.chassis import checks
from services.kpi.domain.reporting import FROM_THE_BEGINNING, Assignment, manager_on, reassigned

MOST_REF, MOST_NAME, MOST_WORDS, MOST_SUBJECT = 100, 100, 100, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Employee:
    """An employee as stored."""

    id: str
    version: int = 1
    external_ref: str
    name: str
    position: str = ""
    unit: str = ""
    subject: str = ""
    """Subject of the sign-in token; empty: cannot sign in as staff."""
    assignments: tuple[Assignment, ...] = ()
    """Whom the employee reports to since when, in the order of the days."""
    create_time: datetime
    update_time: datetime
    events: tuple[object, ...] = ()

    def manager_on(self, day: date) -> str:
        """Return the manager on a day (`emp_...`), or the empty string."""
        return manager_on(self.assignments, day)

    def take_over(self, told: Mapping[str, Any], assignment: Assignment | None, *, now: datetime) -> "Employee":
        """Return the employee with what a row tells, or itself if nothing differs."""
        assignments = self.assignments if assignment is None else reassigned(self.assignments, assignment)
        changed = replace(self, **told, assignments=assignments)
        return self if changed == self else replace(changed, update_time=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeRow:
    """What a row of an employee file tells, checked but for the manager, whom only the whole file knows."""

    told: Mapping[str, Any]
    """Checked fields of an `Employee`; a column that the file does not have is not told."""
    manager_ref: str | None
    """None: the file has no column for it. Empty: nobody."""
    manager_since: date


def check_row(cells: Mapping[str, str]) -> EmployeeRow:
    """Return what a row tells, or refuse with INVALID_FIELD naming the column."""
    told = {field: check(cells[field]) for field, check in _CHECKS.items() if field in cells}
    since = cells.get("manager_since", "")
    manager_ref = cells.get("manager_ref")
    return EmployeeRow(
        told=told,
        manager_ref=manager_ref and checks.line(manager_ref, "manager_ref", most=MOST_REF),
        manager_since=checks.civil_date(since, "manager_since") if since else FROM_THE_BEGINNING,
    )


REQUIRED = ("external_ref", "name")
OPTIONAL = ("position", "unit", "subject", "manager_ref", "manager_since")

_CHECKS: Mapping[str, Any] = {
    "external_ref": lambda cell: checks.line(cell, "external_ref", most=MOST_REF, least=1),
    "name": lambda cell: checks.line(cell, "name", most=MOST_NAME, least=1),
    "position": lambda cell: checks.line(cell, "position", most=MOST_WORDS),
    "unit": lambda cell: checks.line(cell, "unit", most=MOST_WORDS),
    "subject": lambda cell: checks.line(cell, "subject", most=MOST_SUBJECT),
}
