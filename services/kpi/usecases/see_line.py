"""Whom an employee reported to on a day."""

from dataclasses import dataclass
from datetime import date

from services.chassis.identity import Caller
from services.kpi.domain.employee import Employee
from services.kpi.domain.reporting import line_above
from services.kpi.ports import Employees
from services.kpi.usecases.see_figures import ChooseVisible, CompanyDay, FindManagers


@dataclass(frozen=True, slots=True)
class SeeReportingLine:
    employees: Employees
    find_managers: FindManagers
    choose_visible: ChooseVisible
    today: CompanyDay

    def __call__(self, caller: Caller, employee_id: str, as_of: date | None) -> list[Employee]:
        """Return the managers, the direct one first.

        Today's line is for all staff; that of another day is seen by those who may see the employee's figures.
        """
        employee = self.employees.get(employee_id)
        today = self.today()
        day = as_of or today
        if day != today:
            self.choose_visible.require(caller, employee.id)
        line = line_above(employee.id, self.find_managers([employee.id], day))
        found = {manager.id: manager for manager in self.employees.batch_get(line)} if line else {}
        return [found[manager_id] for manager_id in line if manager_id in found]
