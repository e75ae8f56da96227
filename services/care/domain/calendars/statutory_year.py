"""The imported tables of one country and year: every version is kept, one is in force."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.care.domain.calendars.statutory import StatutoryDay, StatutoryTable, TableStatus
from services.chassis.errors import DomainError, InvalidField, Kind

MOST_VERSIONS = 100
BUILT_IN = 0
"""The number of the table that comes with the product."""


class StatutoryVersionNotFound(DomainError):
    kind, reason = Kind.NOT_FOUND, "STATUTORY_VERSION_NOT_FOUND"

    def __init__(self, year_id: str, number: int) -> None:
        """Name the year and the number asked for."""
        super().__init__(f"{year_id} has no version {number}.", statutory_year_id=year_id, number=str(number))


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutoryVersion:
    """One import; it never changes."""

    number: int
    status: TableStatus
    days: tuple[StatutoryDay, ...]
    imported_by: str
    imported_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutoryYear:
    """A year of a country, as the company has it."""

    id: str
    """`CN-2026`."""
    version: int = 1
    country: str
    year: int
    versions: tuple[StatutoryVersion, ...] = ()
    in_force: int = BUILT_IN
    update_time: datetime
    events: tuple[object, ...] = ()

    def imported(
        self, days: tuple[StatutoryDay, ...], *, status: TableStatus, by: str, now: datetime
    ) -> "StatutoryYear":
        """Return the year with a newer version in force; itself if the one in force says the same."""
        current = self.numbered(self.in_force) if self.in_force else None
        if current is not None and (current.days, current.status) == (days, status):
            return self
        number = len(self.versions) + 1
        if number > MOST_VERSIONS:
            raise InvalidField("content", f"{self.id} has {MOST_VERSIONS} versions; no more are kept.")
        newer = StatutoryVersion(number=number, status=status, days=days, imported_by=by, imported_time=now)
        return replace(self, versions=(*self.versions, newer), in_force=number, update_time=now)

    def restored(self, number: int, now: datetime) -> "StatutoryYear":
        """Return the year with an older version in force again; 0 is the table that comes with the product."""
        if number != BUILT_IN:
            self.numbered(number)
        return self if number == self.in_force else replace(self, in_force=number, update_time=now)

    def numbered(self, number: int) -> StatutoryVersion:
        """Return a version, or refuse with STATUTORY_VERSION_NOT_FOUND."""
        if not 1 <= number <= len(self.versions):
            raise StatutoryVersionNotFound(self.id, number)
        return self.versions[number - 1]

    def table(self, number: int, *, built_in: StatutoryTable) -> StatutoryTable:
        """Return the table of a version; an imported one stands in place of the built-in one, all of it."""
        if number == BUILT_IN:
            return built_in
        chosen = self.numbered(number)
        return replace(built_in, status=chosen.status, days=chosen.days)


def year_id(country: str, year: int) -> str:
    """Return the id of a year of a country."""
    return f"{country}-{year}"
