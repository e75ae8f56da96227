"""Import a file of members, again and again if need be: what is stored already stays as it is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.care.domain.members.consents import ConsentSource
from services.care.domain.members.member import FIELDS, Member, MemberDetails, greetings_by_email
from services.care.domain.members.rows import OPTIONAL, REQUIRED, check_row
from services.care.ports.members import ImportedMembers
from services.chassis import csv_rows
from services.chassis.clock import Clock
from services.chassis.csv_rows import CheckedRow, ImportMode, ImportReport, RowError, RowOutcome
from services.chassis.errors import DomainError
from services.chassis.ids import new_id

CHUNK = 1_000
MOST_RACES = 20
"""A chunk is tried again this often when somebody else writes the same members at the same time."""

Row = CheckedRow[dict[str, Any]]


@dataclass(slots=True)
class _Plan:
    """What a chunk of rows leads to, given what is stored."""

    new: list[Member] = field(default_factory=list)
    changes: list[tuple[Member, Member]] = field(default_factory=list)
    outcomes: dict[str, RowOutcome] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ImportMembers:
    """Creates and changes members by their external reference, in chunks."""

    members: ImportedMembers
    clock: Clock

    def __call__(self, content: bytes, *, dry_run: bool, mode: ImportMode, line_offset: int = 0) -> ImportReport:
        """Return what became of each row; refuses only a file that is no table (CSV_...), and then stores nothing."""
        now = self.clock.now()
        checked = csv_rows.check_rows(
            csv_rows.read_rows(content, required=REQUIRED, optional=OPTIONAL),
            key="external_ref",
            check=lambda cells: check_row(cells, now=now),
            line_offset=line_offset,
        )
        stores = not dry_run and not (checked.errors and mode is ImportMode.ALL_OR_NOTHING)
        outcomes: Counter[RowOutcome] = Counter()
        for start in range(0, len(checked.good), CHUNK):
            chunk = checked.good[start : start + CHUNK]
            outcomes.update((self._store if stores else self._planned)(chunk, checked.errors).values())
        return ImportReport(rows=checked.rows, outcomes=outcomes, errors=checked.errors, stored=stores)

    def _plan(self, rows: Sequence[Row]) -> _Plan:
        now = self.clock.now()
        stored = self.members.by_external_refs([row.key for row in rows])
        plan = _Plan()
        for row in rows:
            old = stored.get(row.key)
            if old is None:
                told = {**_UNTOLD, **row.told}
                plan.new.append(Member.of(new_id("mem", now), told, now=now, source=ConsentSource.IMPORT))
                plan.outcomes[row.key] = RowOutcome.CREATED
                continue
            try:
                new = _taken_over(old, row.told, now=now)
            except DomainError as refusal:
                plan.errors.append(RowError(row.line, refusal.field, refusal.code, refusal.message))
                continue
            plan.outcomes[row.key] = RowOutcome.UNCHANGED if new is old else RowOutcome.UPDATED
            if new is not old:
                plan.changes.append((old, new))
        return plan

    def _planned(self, rows: Sequence[Row], errors: list[RowError]) -> dict[str, RowOutcome]:
        plan = self._plan(rows)
        errors.extend(plan.errors)
        return plan.outcomes

    def _store(self, rows: Sequence[Row], errors: list[RowError]) -> dict[str, RowOutcome]:
        """Write a chunk; rows that somebody else wrote meanwhile are planned again on what is stored now."""
        outcomes: dict[str, RowOutcome] = {}
        left = rows
        for _ in range(MOST_RACES):
            plan = self._plan(left)
            errors.extend(plan.errors)
            lost = self.members.add_many(plan.new) | self.members.change_many(plan.changes)
            outcomes.update((key, outcome) for key, outcome in plan.outcomes.items() if key not in lost)
            left = [row for row in left if row.key in lost]
            if not left:
                break
        errors.extend(csv_rows.overtaken(row, "external_ref") for row in left)
        return outcomes


def _taken_over(member: Member, told: Mapping[str, Any], *, now: datetime) -> Member:
    """Return the member as the row tells it; a consent that must not replace what is on record stays as it is."""
    values = dict(told)
    agreed = values.pop("email_consent", member.email_consent)
    word = greetings_by_email(granted=agreed, source=ConsentSource.IMPORT)
    heard = [word] if agreed != member.email_consent and member.objection(word, now=now) is None else []
    return member.take_over(values, now=now, words=heard)


_UNTOLD = {field: getattr(MemberDetails(), field) for field in FIELDS} | {
    "birthday_key": None, "cheerless_until": None, "attributes": {},
}  # fmt: skip
"""What a new member has where the file has no column for it."""
