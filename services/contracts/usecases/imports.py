"""What every import does: check all rows, plan them on what is stored, store the plan, plan anew what lost a race."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from services.chassis import csv_rows
from services.chassis.clock import Clock
from services.chassis.csv_rows import CheckedRow, CheckedRows, ImportMode, ImportReport, Row, RowError, RowOutcome
from services.chassis.errors import DomainError
from services.chassis.import_progress import ImportPhase, ImportProgress, counted, failure_told

CHUNK = 1_000
MOST_RACES = 20
"""A chunk is tried again this often when somebody else writes the same things at the same time."""

Told = TypeVar("Told")
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that somebody brought, and what to do with it."""

    content: bytes
    dry_run: bool = False
    mode: ImportMode = ImportMode.GOOD_ROWS
    line_offset: int = 0
    file_key: str = ""
    """By which somebody asks how far it is; empty: nobody does."""


@dataclass(slots=True)
class Plan(Generic[Thing]):
    """What a chunk of rows leads to, given what is stored."""

    new: list[Thing] = field(default_factory=list)
    changes: list[tuple[Thing, Thing]] = field(default_factory=list)
    outcomes: dict[str, RowOutcome] = field(default_factory=dict)
    """By the key of the row."""
    errors: list[RowError] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TellProgress:
    """Notes how far an import is, for whoever asks meanwhile."""

    progress: ImportProgress
    clock: Clock

    def __call__(self, upload: Upload, phase: ImportPhase, *, rows: int = 0, done: int = 0) -> None:
        """Note it, where the file has a key."""
        if upload.file_key:
            self.progress.tell(upload.file_key, phase, rows=rows, done=done, now=self.clock.now())

    @contextmanager
    def following(self, upload: Upload) -> Iterator[None]:
        """Note that the file is being checked, and that the import failed if a refusal or a fault ends it."""
        self(upload, ImportPhase.CHECKING)
        with failure_told(self.progress, upload.file_key, clock=self.clock):
            yield

    def reading(self, upload: Upload, rows: Iterable[Row]) -> Iterator[Row]:
        """Yield the rows of the file, and note after each thousand how many have been read."""
        return counted(rows, lambda number: self(upload, ImportPhase.CHECKING, done=number))


class Shelf(Protocol[Told, Thing]):
    """Where one kind of import puts its rows; both writers return the keys of what they could not store."""

    @property
    def key_column(self) -> str: ...
    def plan(self, rows: Sequence[CheckedRow[Told]]) -> Plan[Thing]: ...
    def add_many(self, things: Sequence[Thing]) -> set[str]: ...
    def change_many(self, changes: Sequence[tuple[Thing, Thing]]) -> set[str]: ...


def plan_rows(
    rows: Sequence[CheckedRow[Told]],
    stored: Mapping[str, Thing],
    *,
    make: Callable[[Told], Thing],
    change: Callable[[Thing, Told], Thing],
) -> Plan[Thing]:
    """Return the plan; whatever `make` or `change` refuse becomes the error of its row."""
    plan: Plan[Thing] = Plan()
    for row in rows:
        old = stored.get(row.key)
        try:
            new = make(row.told) if old is None else change(old, row.told)
        except DomainError as refusal:
            plan.errors.append(RowError(row.line, refusal.field, refusal.code, refusal.message))
            continue
        if old is None:
            plan.new.append(new)
            plan.outcomes[row.key] = RowOutcome.CREATED
            continue
        plan.outcomes[row.key] = RowOutcome.UNCHANGED if new is old else RowOutcome.UPDATED
        if new is not old:
            plan.changes.append((old, new))
    return plan


def import_rows(
    checked: CheckedRows[Told], upload: Upload, *, shelf: Shelf[Told, Thing], tell: TellProgress
) -> ImportReport:
    """Return what became of the rows. Whoever wants all or nothing gets a plan of all before the first is stored."""
    errors, good = list(checked.errors), checked.good
    chunks = [good[start : start + CHUNK] for start in range(0, len(good), CHUNK)]
    cautious = upload.mode is ImportMode.ALL_OR_NOTHING
    outcomes: Counter[RowOutcome] = Counter()
    if upload.dry_run or cautious:
        for number, plan in enumerate(map(shelf.plan, chunks), start=1):
            tell(upload, ImportPhase.CHECKING, rows=len(good), done=min(number * CHUNK, len(good)))
            outcomes.update(plan.outcomes.values())
            errors.extend(plan.errors)
    stores = not upload.dry_run and not (errors and cautious)
    if stores:
        outcomes.clear()
        for number, chunk in enumerate(chunks, start=1):
            outcomes.update(_store(chunk, errors, shelf=shelf).values())
            tell(upload, ImportPhase.STORING, rows=len(good), done=min(number * CHUNK, len(good)))
    errors.sort(key=lambda error: error.line)
    last = ImportPhase.FINISHED if stores or upload.dry_run else ImportPhase.FAILED
    tell(upload, last, rows=len(good), done=len(good))
    return ImportReport(rows=checked.rows, outcomes=outcomes, errors=errors, stored=stores)


def _store(
    rows: Sequence[CheckedRow[Told]], errors: list[RowError], *, shelf: Shelf[Told, Thing]
) -> dict[str, RowOutcome]:
    """Write a chunk; rows that somebody else wrote meanwhile are planned again on what is stored now."""
    outcomes: dict[str, RowOutcome] = {}
    left = rows
    for _ in range(MOST_RACES):
        plan = shelf.plan(left)
        errors.extend(plan.errors)
        lost = shelf.add_many(plan.new) | shelf.change_many(plan.changes)
        outcomes.update((key, outcome) for key, outcome in plan.outcomes.items() if key not in lost)
        left = [row for row in left if row.key in lost]
        if not left:
            break
    errors.extend(csv_rows.overtaken(row, shelf.key_column) for row in left)
    return outcomes
