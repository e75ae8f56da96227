"""Who reports to whom, and since when: assignments that each hold until the next one begins."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

FROM_THE_BEGINNING = date.min
END_OF_TIME = date.max
MOST_LEVELS = 100


@dataclass(frozen=True, slots=True)
class Assignment:
    """From `since` on, the employee reports to this manager; an empty `manager_id` means to nobody."""

    since: date
    manager_id: str


class LineFault(StrEnum):
    """Why a reporting line cannot be stored."""

    CYCLE = "REPORTING_CYCLE"
    TOO_DEEP = "REPORTING_LINE_TOO_DEEP"


def manager_on(assignments: Sequence[Assignment], day: date) -> str:
    """Return the manager on a day, or the empty string for none."""
    begun = [assignment for assignment in assignments if assignment.since <= day]
    return max(begun, key=lambda assignment: assignment.since).manager_id if begun else ""


def reassigned(assignments: Sequence[Assignment], new: Assignment) -> tuple[Assignment, ...]:
    """Return the assignments in the order of their days, the new one in place of one that begins on the same day."""
    kept = [assignment for assignment in assignments if assignment.since != new.since]
    if new == Assignment(FROM_THE_BEGINNING, ""):
        return tuple(kept)
    return tuple(sorted([*kept, new], key=lambda assignment: assignment.since))


def line_above(employee_id: str, managers: Mapping[str, str]) -> list[str]:
    """Return the managers above an employee, the direct one first; ends where a line bites its tail."""
    line: list[str] = []
    above = managers.get(employee_id, "")
    while above and above != employee_id and above not in line:
        line.append(above)
        above = managers.get(above, "")
    return line


def fault_above(employee_id: str, lines: Mapping[str, Sequence[Assignment]]) -> LineFault | None:
    """Say whether an employee is on any day their own manager, through however many others.

    Climbs with the span of days for which the line so far holds, so that A above B until March and B above A from
    April is no cycle.
    """
    fault: LineFault | None = None
    open_climbs = [(employee_id, FROM_THE_BEGINNING, END_OF_TIME, 0)]
    while open_climbs:
        current, begins, ends, level = open_climbs.pop()
        for since, until, manager_id in _spans(lines.get(current, ())):
            overlap = max(begins, since), min(ends, until)
            if not manager_id or overlap[0] >= overlap[1]:
                continue
            if manager_id == employee_id:
                return LineFault.CYCLE
            if level == MOST_LEVELS:
                fault = LineFault.TOO_DEEP
                continue
            open_climbs.append((manager_id, *overlap, level + 1))
    return fault


def _spans(assignments: Sequence[Assignment]) -> Iterator[tuple[date, date, str]]:
    """Yield first day, first day after, and manager of each assignment."""
    ordered = sorted(assignments, key=lambda assignment: assignment.since)
    ends = [assignment.since for assignment in ordered[1:]] + [END_OF_TIME]
    for assignment, end in zip(ordered, ends, strict=False):
        yield assignment.since, end, assignment.manager_id
