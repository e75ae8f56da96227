"""Import the statutory days of a country, and go back to an older version."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.care.domain.calendars.statutory import StatutoryDay, StatutoryTable, TableStatus
from services.care.domain.calendars.statutory_rows import (
    Difference,
    by_year,
    check_row,
    country_code,
    differences,
    table_year,
)
from services.care.domain.calendars.statutory_year import StatutoryYear
from services.care.ports.calendars import HolidayFiles, StatutoryLibrary, StatutoryYears
from services.chassis import csv_rows
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.csv_rows import RowError
from services.chassis.errors import InvalidField


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutoryUpload:
    """A file that somebody brought."""

    country: str
    content: bytes
    status: TableStatus | None
    by: str
    dry_run: bool = False
    request_id: str = ""

    def checked_status(self) -> TableStatus:
        """Return how sure the days are, or refuse what nobody can import."""
        if self.status in {None, TableStatus.UNKNOWN}:
            raise InvalidField("status", "status must be official or provisional.")
        return TableStatus(self.status or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOutcome:
    """What the file means for one year."""

    year: StatutoryYear
    changed: bool
    before: StatutoryTable
    after: StatutoryTable
    differences: Sequence[Difference]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutoryReport:
    """What became of the file; without `stored`, what would have become of it."""

    rows: int
    years: Sequence[YearOutcome]
    errors: Sequence[RowError]
    stored: bool


@dataclass(frozen=True, slots=True)
class ImportStatutoryDays:
    """Each year of the file becomes the version in force of that year; with a bad row nothing is stored."""

    years: StatutoryYears
    library: StatutoryLibrary
    files: HolidayFiles
    clock: Clock

    def __call__(self, upload: StatutoryUpload) -> StatutoryReport:
        """Return what became of the file; refused with INVALID_FIELD, CSV_..., ICS_MALFORMED."""
        country_code(upload.country)
        upload.checked_status()
        checked = csv_rows.check_rows(self.files.rows(upload.content), key="date", check=check_row)
        if checked.errors:
            return StatutoryReport(rows=checked.rows, years=(), errors=checked.errors, stored=False)
        tables = by_year([row.told for row in checked.good])
        outcomes = [self._plan(upload, year, days=days) for year, days in tables.items()]
        if not upload.dry_run:
            for outcome in outcomes:
                self._store(upload, outcome)
        return StatutoryReport(rows=checked.rows, years=outcomes, errors=(), stored=not upload.dry_run)

    def _plan(self, upload: StatutoryUpload, year: int, *, days: tuple[StatutoryDay, ...]) -> YearOutcome:
        old, built_in = self.years.get(upload.country, year), self.library.table(upload.country, year)
        new = old.imported(days, status=upload.checked_status(), by=upload.by, now=self.clock.now())
        before, after = old.table(old.in_force, built_in=built_in), new.table(new.in_force, built_in=built_in)
        return YearOutcome(
            year=new, changed=new is not old, before=before, after=after, differences=differences(before, after)
        )

    def _store(self, upload: StatutoryUpload, outcome: YearOutcome) -> None:
        year, now = outcome.year, self.clock.now()
        self.years.put(
            upload.country,
            year.year,
            step=lambda old: old.imported(outcome.after.days, status=upload.checked_status(), by=upload.by, now=now),
            etag="",
            request_key=request_key(f"import {year.id}", upload.request_id),
        )


@dataclass(frozen=True, slots=True)
class RestoreStatutoryYear:
    """Puts an older version in force again."""

    years: StatutoryYears
    clock: Clock

    def __call__(self, country: str, year: int, *, number: int, etag: str, request_id: str) -> StatutoryYear:
        """Return the year; refused with INVALID_FIELD, STATUTORY_VERSION_NOT_FOUND, STALE_VERSION."""
        now = self.clock.now()
        return self.years.put(
            country_code(country),
            table_year(year),
            step=lambda old: old.restored(number, now),
            etag=etag,
            request_key=request_key("restore", request_id),
        )
