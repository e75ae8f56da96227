"""What the use cases of kpi need of the world, in their own words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.chassis.paging import Page
from services.kpi.domain.employee import Employee
from services.kpi.domain.fact import Fact
from services.kpi.domain.indicator import Indicator, IndicatorValue


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeFilter:
    """What a listed employee must match; what is empty matches all."""

    manager_id: str = ""
    unit: str = ""
    external_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactFilter:
    """Whose facts; an empty indicator or month matches all."""

    employee_id: str
    indicator: str = ""
    month: str = ""


class Employees(Protocol):
    """The staff directory."""

    def get(self, employee_id: str) -> Employee:
        """Return the employee, or refuse with EMPLOYEE_NOT_FOUND."""

    def batch_get(self, employee_ids: Sequence[str]) -> Sequence[Employee]:
        """Return those that exist, in no promised order."""

    def by_subject(self, subject: str) -> Employee | None:
        """Return whose sign-in subject this is, or None."""

    def page(self, match: EmployeeFilter, *, today: date, size: int, after: str) -> Page[Employee]:
        """Return the page of matching employees whose ids follow `after`; managers are those of `today`."""

    def managers_on(self, employee_ids: Sequence[str], day: date) -> Mapping[str, str]:
        """Return the manager on a day of each employee who exists; empty for none."""


class ImportedEmployees(Protocol):
    """The staff directory as an import writes it."""

    def all(self) -> Sequence[Employee]:
        """Return everybody: a line is judged by the whole directory."""

    def add_many(self, employees: Sequence[Employee]) -> Sequence[Employee]:
        """Store new employees; return those that somebody else has stored meanwhile."""

    def change_many(self, changes: Sequence[tuple[Employee, Employee]]) -> Sequence[Employee]:
        """Store each pair's second in place of its first; return those that were changed meanwhile."""


class Facts(Protocol):
    """The facts, each recorded once."""

    def record(self, fact: Fact) -> bool:
        """Store the fact and what it says in one write; False if it was stored before."""

    def page(self, match: FactFilter, *, size: int, after: str) -> Page[Fact]:
        """Return the page of matching facts whose ids follow `after`."""

    def values(self, indicator: Indicator, *, month: str, employee_ids: Sequence[str]) -> Sequence[IndicatorValue]:
        """Return the value of each employee asked for, in that order, from the facts."""
