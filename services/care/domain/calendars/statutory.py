"""Statutory days of one country and year: holidays, weekends that are worked, and how sure we are of them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class DayKind(StrEnum):
    """What a civil day is by law. Unknown is an answer of its own: nobody may read it as work."""

    WORK = "work"
    OFF = "off"
    UNKNOWN = "unknown"


class TableStatus(StrEnum):
    """How sure the days of a year are."""

    OFFICIAL = "official"
    """As the authority announced them, or as law fixes them for ever."""
    PROVISIONAL = "provisional"
    """Expected: the authority may still move days."""
    UNKNOWN = "unknown"
    """Not announced, and not imported: whether a day is worked cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutoryDay:
    """A day that is not what its weekday says, or a holiday on a weekend."""

    day: date
    kind: DayKind
    """OFF, or WORK for a weekend that is worked."""
    name_en: str = ""
    name_zh: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatutoryTable:
    """A year of a country: every day that is not named follows its weekday."""

    country: str
    year: int
    status: TableStatus
    weekend: frozenset[int] = frozenset({5, 6})
    """Weekdays that are not worked, Monday is 0."""
    days: tuple[StatutoryDay, ...] = ()
    """In the order of days, each once."""

    def named(self, day: date) -> StatutoryDay | None:
        """Return what the table says of a day by name."""
        return next((each for each in self.days if each.day == day), None)

    def kind(self, day: date) -> DayKind:
        """Return what a day of this year is."""
        if self.status is TableStatus.UNKNOWN:
            return DayKind.UNKNOWN
        named = self.named(day)
        if named is not None:
            return named.kind
        return DayKind.OFF if day.weekday() in self.weekend else DayKind.WORK

    @property
    def off_weekdays(self) -> int:
        """Days off that would have been worked without the law."""
        return sum(each.kind is DayKind.OFF and each.day.weekday() not in self.weekend for each in self.days)

    @property
    def worked_weekends(self) -> int:
        """Days of a weekend that are worked: make-up days."""
        return sum(each.kind is DayKind.WORK for each in self.days)


def unknown_table(country: str, year: int) -> StatutoryTable:
    """Return the table of a year that nobody has announced."""
    return StatutoryTable(country=country, year=year, status=TableStatus.UNKNOWN)
