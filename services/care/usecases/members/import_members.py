"""Import a file of members, again and again if need be: what is stored already stays as it is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.care.domain.members.asking import CONFIRMED_BY
from services.care.domain.members.confirmations import ConfirmationRule
from services.care.domain.members.consents import Consent, ConsentSource, ConsentWord, current
from services.care.domain.members.details import FIELDS, MemberDetails
from services.care.domain.members.member import Member
from services.care.domain.members.rows import OPTIONAL, REQUIRED, WORDS, check_row
from services.care.ports.imports import FileRows, Tables
from services.care.ports.members import AttributeRegistry, ImportedMembers
from services.chassis import csv_rows
from services.chassis.checks import line
from services.chassis.clock import Clock
from services.chassis.csv_rows import CheckedRow, CheckedRows, ImportMode, ImportReport, RowError, RowOutcome
from services.chassis.errors import DomainError, InvalidField
from services.chassis.ids import new_id
from services.chassis.import_progress import MOST_KEY, ImportPhase, ImportProgress, counted, failure_told
from services.chassis.tables import Columns

CHUNK = 1_000
MOST_RACES = 20
"""A chunk is tried again this often when somebody else writes the same members at the same time."""

Row = CheckedRow[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFile:
    """A file, or a slice of one, and what to do with it."""

    content: bytes
    dry_run: bool = False
    mode: ImportMode = ImportMode.GOOD_ROWS
    line_offset: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    """Where the file calls a column otherwise: the file's word by ours."""
    file_key: str = ""
    """The same for all slices of one file; empty: this is all of it, and nobody asks how far it is."""
    confirm: bool = False
    """Consent by e-mail and SMS that the file grants counts once the person has confirmed it."""


@dataclass(frozen=True, slots=True)
class MemberImport:
    """What became of a file."""

    report: ImportReport
    consents_kept: int
    """Rows whose word on consent gave way to what is on record."""
    names: Mapping[str, str]
    """The file's word for a column by ours."""


@dataclass(slots=True)
class _Plan:
    """What a chunk of rows leads to, given what is stored."""

    new: list[Member] = field(default_factory=list)
    changes: list[tuple[Member, Member]] = field(default_factory=list)
    outcomes: dict[str, RowOutcome] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Done:
    """What became of the rows so far."""

    outcomes: Counter[RowOutcome] = field(default_factory=Counter)
    errors: list[RowError] = field(default_factory=list)
    kept: int = 0

    def add(self, plan: _Plan, *, lost: set[str]) -> None:
        self.outcomes.update(outcome for key, outcome in plan.outcomes.items() if key not in lost)
        self.errors.extend(plan.errors)
        self.kept += len(plan.kept - lost)


@dataclass(frozen=True, slots=True)
class ImportMembers:
    """Creates and changes members by their external reference, in chunks."""

    members: ImportedMembers
    registry: AttributeRegistry
    tables: Tables
    rows: FileRows
    progress: ImportProgress
    rule: ConfirmationRule
    clock: Clock

    def __call__(self, file: MemberFile) -> MemberImport:
        """Return what became of each row; refuses what is no table (CSV_..., XLSX_...), and then stores nothing.

        Refuses LINKS_NOT_SET_UP where people are to confirm and cannot.
        """
        key = line(file.file_key, "file_key", most=MOST_KEY)
        self._tell(key, ImportPhase.CHECKING, rows=0, done=0)
        with failure_told(self.progress, key, clock=self.clock):
            return self._imported(file, key)

    def _imported(self, file: MemberFile, key: str) -> MemberImport:
        if file.confirm:
            self.rule.require_links()
        checked = self._checked(file, key)
        stores, cautious = not file.dry_run, file.mode is ImportMode.ALL_OR_NOTHING
        if cautious or not stores:
            done = self._run(checked, key, stores=False)
            stores = stores and not done.errors
        if stores:
            done = self._run(checked, key, stores=True)
        last = ImportPhase.FINISHED if stores or file.dry_run else ImportPhase.FAILED
        self._tell(key, last, rows=checked.rows, done=checked.rows)
        errors = sorted(done.errors, key=lambda error: error.line)
        report = ImportReport(rows=checked.rows, outcomes=done.outcomes, errors=errors, stored=stores)
        return MemberImport(report, done.kept, file.names)

    def _run(self, checked: CheckedRows[dict[str, Any]], key: str, *, stores: bool) -> _Done:
        done = _Done(errors=list(checked.errors))
        for start in range(0, len(checked.good), CHUNK):
            chunk = self._unseen(checked.good[start : start + CHUNK], done.errors, key=key, stores=stores)
            if stores:
                self._store(chunk, done)
            else:
                done.add(self._plan(chunk), lost=set())
            self._tell(key, ImportPhase.STORING, rows=checked.rows, done=min(start + CHUNK, len(checked.good)))
        return done

    def _checked(self, file: MemberFile, key: str) -> CheckedRows[dict[str, Any]]:
        now, registry = self.clock.now(), {each.id: each for each in self.registry.all()}
        optional = (*OPTIONAL, *(f"attributes.{name}" for name in registry))
        for column in file.names:
            if column not in {*REQUIRED, *optional}:
                raise InvalidField("columns", f"{column} is no column of ours: {', '.join([*REQUIRED, *optional])}.")
        rows = self.tables.rows(file.content, Columns(REQUIRED, optional, file.names))
        return csv_rows.check_rows(
            counted(rows, lambda number: self._tell(key, ImportPhase.CHECKING, rows=0, done=number)),
            key="external_ref",
            check=lambda cells: self._awaiting(check_row(cells, now=now, registry=registry), confirm=file.confirm),
            line_offset=file.line_offset,
        )

    def _awaiting(self, told: dict[str, Any], *, confirm: bool) -> dict[str, Any]:
        """Return the row with its grants as what the person is to confirm, where that is wished or the rule."""
        words: Sequence[ConsentWord] = told.get(WORDS, ())
        asks = [
            self.rule.applied(word, granted=False, confirm=confirm and word.channel in CONFIRMED_BY) for word in words
        ]
        return told | {WORDS: tuple(asks)} if words else told

    def _unseen(self, rows: Sequence[Row], errors: list[RowError], *, key: str, stores: bool) -> list[Row]:
        """Return the rows whose reference stood on no other line of the file, whichever slice that was in."""
        if not key:
            return list(rows)
        lines = self.rows.first_lines(key, {row.key: row.line for row in rows}, store=stores, now=self.clock.now())
        for row in rows:
            if lines[row.key] != row.line:
                wrong = f"{row.key} was already on line {lines[row.key]}. Keep one of the two rows."
                errors.append(RowError(row.line, "external_ref", "DUPLICATE_REFERENCE", wrong))
        return [row for row in rows if lines[row.key] == row.line]

    def _tell(self, key: str, phase: ImportPhase, *, rows: int, done: int) -> None:
        if key:
            self.progress.tell(key, phase, rows=rows, done=done, now=self.clock.now())

    def _plan(self, rows: Sequence[Row]) -> _Plan:
        now = self.clock.now()
        stored = self.members.by_external_refs([row.key for row in rows])
        plan = _Plan()
        for row in rows:
            old = stored.get(row.key)
            values = dict(row.told)
            words: Sequence[ConsentWord] = values.pop(WORDS, ())
            values.pop("email_consent", None)
            if old is None:
                plan.new.append(_made(values, words, now=now))
                plan.outcomes[row.key] = RowOutcome.CREATED
                continue
            fitting = [word for word in words if not _says_nothing_new(old.consent_facts, word)]
            heard = [word for word in fitting if old.objection(word, now=now) is None]
            if len(heard) < len(fitting):
                plan.kept.add(row.key)
            try:
                new = old.take_over(_over(old, values), now=now, words=heard)
            except DomainError as refusal:
                plan.errors.append(RowError(row.line, refusal.field, refusal.code, refusal.message))
                continue
            plan.outcomes[row.key] = RowOutcome.UNCHANGED if new is old else RowOutcome.UPDATED
            if new is not old:
                plan.changes.append((old, new))
        return plan

    def _store(self, rows: Sequence[Row], done: _Done) -> None:
        """Write a chunk; rows that somebody else wrote meanwhile are planned again on what is stored now."""
        left = rows
        for _ in range(MOST_RACES):
            plan = self._plan(left)
            lost = self.members.add_many(plan.new) | self.members.change_many(plan.changes)
            done.add(plan, lost=lost)
            left = [row for row in left if row.key in lost]
            if not left:
                break
        done.errors.extend(csv_rows.overtaken(row, "external_ref") for row in left)


def _made(values: Mapping[str, Any], words: Sequence[ConsentWord], *, now: datetime) -> Member:
    """Return the new member; that nobody ever agreed is no word, unless the file says when it was given."""
    member = Member.of(new_id("mem", now), {**_UNTOLD, **values}, now=now)
    for word in words:
        if word.granted or word.pending or word.time is not None:
            member = member.hear(word, now=now)
    return member


def _over(member: Member, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values that a file may change: it opens nobody who must not be contacted, and keeps other fields."""
    taken = dict(values)
    if member.do_not_contact:
        taken.pop("do_not_contact", None)
    if "attributes" in taken:
        taken["attributes"] = {**member.attributes, **taken["attributes"]}
    return taken


def _says_nothing_new(facts: Sequence[Consent], word: ConsentWord) -> bool:
    known = current(facts, channel=word.channel, purpose=word.purpose)
    if known is None:
        return not word.granted and not word.pending and word.time is None
    if word.pending:
        return known.granted or known.pending
    same = known.granted == word.granted and not known.pending
    return same and (word.time is None or word.source is ConsentSource.IMPORT or word.time <= known.time)


_UNTOLD = {field: getattr(MemberDetails(), field) for field in FIELDS} | {
    "birthday_key": None, "cheerless_until": None, "attributes": {},
}  # fmt: skip
"""What a new member has where the file has no column for it."""
