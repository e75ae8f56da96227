"""Import a file of employees, again and again if need be; a line is judged by the whole directory."""

from collections import Counter
from dataclasses import dataclass

from services.chassis import csv_rows
from services.chassis.clock import Clock
from services.chassis.csv_rows import ImportMode, ImportReport, RowOutcome
from services.kpi.domain.directory import DirectoryPlan, plan_directory
from services.kpi.domain.employee import OPTIONAL, REQUIRED, check_row
from services.kpi.ports import ImportedEmployees

MOST_RACES = 20
"""The file is planned again this often when somebody else writes the same employees at the same time."""


@dataclass(frozen=True, slots=True)
class ImportEmployees:
    """Creates and changes employees by their external reference, and whom they report to since when."""

    employees: ImportedEmployees
    clock: Clock

    def __call__(self, content: bytes, *, dry_run: bool, mode: ImportMode, line_offset: int = 0) -> ImportReport:
        """Return what became of each row; refuses only a file that is no table (CSV_...), and then stores nothing."""
        checked = csv_rows.check_rows(
            csv_rows.read_rows(content, required=REQUIRED, optional=OPTIONAL),
            key="external_ref",
            check=check_row,
            line_offset=line_offset,
        )
        outcomes: dict[str, RowOutcome] = {}
        for _ in range(MOST_RACES):
            # All rows again, not only those that lost: a manager who was stored by somebody else has another id.
            plan = plan_directory(checked.good, self.employees.all(), now=self.clock.now())
            errors = [*checked.errors, *plan.errors]
            stores = not dry_run and not (errors and mode is ImportMode.ALL_OR_NOTHING)
            lost = self._store(plan) if stores else set()
            outcomes = {ref: now for ref, now in plan.outcomes.items() if ref not in lost} | outcomes
            if not lost:
                break
        errors += [csv_rows.overtaken(row, "external_ref") for row in checked.good if row.key in lost]
        errors.sort(key=lambda error: error.line)
        return ImportReport(rows=checked.rows, outcomes=Counter(outcomes.values()), errors=errors, stored=stores)

    def _store(self, plan: DirectoryPlan) -> set[str]:
        """Write the plan; return the references that somebody else wrote meanwhile."""
        lost = [*self.employees.add_many(plan.new), *self.employees.change_many(plan.changes)]
        return {employee.external_ref for employee in lost}
