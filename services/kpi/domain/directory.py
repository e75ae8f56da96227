"""The staff directory as a file would make it: who is new, who changes, and which rows cannot be true together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.chassis.csv_rows import CheckedRow, RowError, RowOutcome
from services.chassis.ids import new_id
from services.kpi.domain.employee import Employee, EmployeeRow
from services.kpi.domain.reporting import Assignment, LineFault, fault_above

Row = CheckedRow[EmployeeRow]
_BAD_LINES = {
    LineFault.CYCLE: "With this manager the employee would at some time be their own manager.",
    LineFault.TOO_DEEP: "There are more than 100 levels above this employee.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryPlan:
    """What good rows lead to, by external reference, and what is wrong with the others."""

    stored: Mapping[str, Employee]
    wanted: Mapping[str, Employee]
    errors: Sequence[RowError]

    @property
    def new(self) -> list[Employee]:
        return [employee for ref, employee in self.wanted.items() if ref not in self.stored]

    @property
    def changes(self) -> list[tuple[Employee, Employee]]:
        pairs = ((self.stored.get(ref), employee) for ref, employee in self.wanted.items())
        return [(old, new) for old, new in pairs if old is not None and new is not old]

    @property
    def outcomes(self) -> dict[str, RowOutcome]:
        return {ref: self._outcome(ref) for ref in self.wanted}

    def _outcome(self, ref: str) -> RowOutcome:
        if ref not in self.stored:
            return RowOutcome.CREATED
        return RowOutcome.UNCHANGED if self.wanted[ref] is self.stored[ref] else RowOutcome.UPDATED


def plan_directory(rows: Sequence[Row], employees: Sequence[Employee], *, now: datetime) -> DirectoryPlan:
    """Return the plan; rows that depend on a row that is refused are refused too, so it looks until nothing changes."""
    stored = {employee.external_ref: employee for employee in employees}
    good = list(rows)
    fresh = {row.key: new_id("emp", now) for row in rows if row.key not in stored}
    errors: list[RowError] = []
    while True:
        wanted, bad = _attempt(good, stored, fresh=fresh, now=now)
        if not bad:
            return DirectoryPlan(stored=stored, wanted=wanted, errors=errors)
        errors += bad
        lines = {error.line for error in bad}
        good = [row for row in good if row.line not in lines]


def _attempt(
    rows: Sequence[Row], stored: Mapping[str, Employee], *, fresh: Mapping[str, str], now: datetime
) -> tuple[dict[str, Employee], list[RowError]]:
    ids = {ref: employee.id for ref, employee in stored.items()}
    ids |= {row.key: fresh[row.key] for row in rows if row.key in fresh}
    if unknown := [row for row in rows if row.told.manager_ref and row.told.manager_ref not in ids]:
        return {}, [_unknown_manager(row) for row in unknown]
    wanted = {row.key: _employee(row, stored, ids=ids, now=now) for row in rows}
    return wanted, _faults(rows, stored=stored, wanted=wanted)


def _employee(row: Row, stored: Mapping[str, Employee], *, ids: Mapping[str, str], now: datetime) -> Employee:
    told, ref = row.told, row.told.manager_ref
    assignment = None if ref is None else Assignment(told.manager_since, ids[ref] if ref else "")
    blank = Employee(id=ids[row.key], external_ref=row.key, name="", create_time=now, update_time=now)
    return stored.get(row.key, blank).take_over(told.told, assignment, now=now)


def _unknown_manager(row: Row) -> RowError:
    wrong = f"No employee has the number {row.told.manager_ref}: not on record, and in this file not on a good row."
    return RowError(row.line, "manager_ref", "MANAGER_NOT_FOUND", wrong)


def _faults(rows: Sequence[Row], *, stored: Mapping[str, Employee], wanted: Mapping[str, Employee]) -> list[RowError]:
    """Subjects first: whoever is refused for one may have been in a line."""
    return _taken_subjects(rows, stored=stored, wanted=wanted) or _bad_lines(rows, stored=stored, wanted=wanted)


def _taken_subjects(
    rows: Sequence[Row], *, stored: Mapping[str, Employee], wanted: Mapping[str, Employee]
) -> list[RowError]:
    """A sign-in subject is one person's: it opens that person's figures."""
    holders = {employee.subject: ref for ref, employee in stored.items() if ref not in wanted}
    errors = []
    for row in rows:
        subject = wanted[row.key].subject
        holder = holders.setdefault(subject, row.key)
        if subject and holder != row.key:
            wrong = f"The employee {holder} signs in as {subject} already."
            errors.append(RowError(row.line, "subject", "SUBJECT_TAKEN", wrong))
    return errors


def _bad_lines(
    rows: Sequence[Row], *, stored: Mapping[str, Employee], wanted: Mapping[str, Employee]
) -> list[RowError]:
    lines = {employee.id: employee.assignments for employee in {**stored, **wanted}.values()}
    faults = ((row, fault_above(wanted[row.key].id, lines)) for row in rows if row.told.manager_ref)
    return [RowError(row.line, "manager_ref", fault.value, _BAD_LINES[fault]) for row, fault in faults if fault]
