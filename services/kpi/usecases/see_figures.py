"""Figures and the facts behind them, for those who may see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from services.chassis.clock import Clock
from services.chassis.errors import Forbidden
from services.chassis.identity import Caller
from services.chassis.paging import Page
from services.kpi.domain.fact import Fact
from services.kpi.domain.indicator import IndicatorValue, find_indicator
from services.kpi.domain.reporting import line_above
from services.kpi.domain.visibility import LINE_ROLE, OWN_ROLES, sees_all
from services.kpi.ports import Employees, FactFilter, Facts


@dataclass(frozen=True, slots=True)
class CompanyDay:
    """Today, as the company counts its days."""

    clock: Clock
    time_zone: str

    def __call__(self) -> date:
        return self.clock.now().astimezone(ZoneInfo(self.time_zone)).date()


@dataclass(frozen=True, slots=True)
class FindManagers:
    """Climbs many reporting lines at once: one read for each level."""

    employees: Employees

    def __call__(self, employee_ids: Collection[str], day: date) -> dict[str, str]:
        """Return the manager on a day of these employees and of everybody above them."""
        managers: dict[str, str] = {}
        level = sorted(set(employee_ids))
        while level:
            found = self.employees.managers_on(level, day)
            managers.update({employee_id: found.get(employee_id, "") for employee_id in level})
            level = sorted({manager for manager in found.values() if manager and manager not in managers})
        return managers


@dataclass(frozen=True, slots=True)
class ChooseVisible:
    """Decides whose figures a caller may see: hr, admin and auditor all; a manager the own line; staff their own."""

    employees: Employees
    find_managers: FindManagers
    today: CompanyDay

    def __call__(self, caller: Caller, employee_ids: Collection[str]) -> set[str]:
        """Return those of the employees asked for whose figures the caller may see; by default none."""
        if sees_all(caller):
            return set(employee_ids)
        me = self.employees.by_subject(caller.subject) if caller.has(*OWN_ROLES) else None
        if me is None:
            return set()
        visible = {me.id} & set(employee_ids)
        if caller.has(LINE_ROLE):
            managers = self.find_managers(employee_ids, self.today())
            visible |= {each for each in employee_ids if me.id in line_above(each, managers)}
        return visible

    def require(self, caller: Caller, employee_id: str) -> None:
        """Refuse with FORBIDDEN unless the caller may see this employee's figures."""
        if employee_id not in self(caller, [employee_id]):
            raise Forbidden(
                "You may see your own figures and, as a manager, those of your line.", employee_id=employee_id
            )


@dataclass(frozen=True, slots=True)
class SeeValues:
    facts: Facts
    choose_visible: ChooseVisible

    def __call__(
        self, caller: Caller, employee_ids: Sequence[str], *, indicator: str, month: str
    ) -> Sequence[IndicatorValue]:
        """Return the values of those that the caller may see; the others are left out."""
        measured = find_indicator(indicator)
        visible = self.choose_visible(caller, employee_ids)
        return self.facts.values(measured, month=month, employee_ids=[each for each in employee_ids if each in visible])


@dataclass(frozen=True, slots=True)
class SeeFacts:
    facts: Facts
    choose_visible: ChooseVisible

    def __call__(self, caller: Caller, match: FactFilter, *, size: int, after: str) -> Page[Fact]:
        """Return a page of the evidence behind an employee's figures, or refuse with FORBIDDEN."""
        self.choose_visible.require(caller, match.employee_id)
        return self.facts.page(match, size=size, after=after)
