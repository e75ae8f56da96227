"""Rows of a file of statutory days, and what is wrong with them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.care.domain.calendars.statutory import DayKind, StatutoryDay, StatutoryTable, TableStatus
from services.chassis import checks
from services.chassis.errors import InvalidField

REQUIRED, OPTIONAL = ("date", "kind"), ("name_en", "name_zh")
FIRST_YEAR, LAST_YEAR = 1900, 2100
MOST_NAME, MOST_BYTES, MOST_YEARS = 100, 1024 * 1024, 20
_COUNTRY = re.compile(r"[A-Z]{2}")
_KINDS = {
    "off": DayKind.OFF, "holiday": DayKind.OFF, "休": DayKind.OFF, "放假": DayKind.OFF,
    "work": DayKind.WORK, "workday": DayKind.WORK, "班": DayKind.WORK, "上班": DayKind.WORK,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A day that a new table makes something else."""

    day: date
    before: DayKind
    after: DayKind


def country_code(value: str, field: str = "country") -> str:
    """Return the ISO 3166-1 alpha-2 code, or refuse what is none."""
    if not _COUNTRY.fullmatch(value):
        raise InvalidField(field, f"{field} must be two upper-case letters such as CN.")
    return value


def table_year(value: int, field: str = "year") -> int:
    """Return the civil year, or refuse one that no table can be of."""
    if not FIRST_YEAR <= value <= LAST_YEAR:
        raise InvalidField(field, f"{field} must be {FIRST_YEAR} to {LAST_YEAR}.")
    return value


def check_row(cells: Mapping[str, str]) -> StatutoryDay:
    """Return the day that the row tells, or refuse with INVALID_FIELD naming the column."""
    day = checks.civil_date(cells["date"], "date")
    table_year(day.year, "date")
    kind = _KINDS.get(cells["kind"].casefold())
    if kind is None:
        raise InvalidField("kind", "kind must be off or work.")
    return StatutoryDay(
        day=day,
        kind=kind,
        name_en=checks.line(cells.get("name_en", ""), "name_en", most=MOST_NAME),
        name_zh=checks.line(cells.get("name_zh", ""), "name_zh", most=MOST_NAME),
    )


def by_year(days: Sequence[StatutoryDay]) -> dict[int, tuple[StatutoryDay, ...]]:
    """Return the days of each year in order; refuse too many years, and a year without a single day off."""
    ordered = sorted(days, key=lambda each: each.day)
    years = {year: tuple(each for each in ordered if each.day.year == year) for year in {d.day.year for d in ordered}}
    if not 1 <= len(years) <= MOST_YEARS:
        raise InvalidField("content", f"The file has days of {len(years)} years; 1 to {MOST_YEARS} are needed.")
    for year, found in years.items():
        if not any(each.kind is DayKind.OFF for each in found):
            raise InvalidField(
                "content", f"The file has no day off in {year}: a table stands for the whole year, holidays included."
            )
    return dict(sorted(years.items()))


def differences(before: StatutoryTable, after: StatutoryTable) -> list[Difference]:
    """Return the days that are something else than before; none if before nobody knew the year."""
    if before.status is TableStatus.UNKNOWN:
        return []
    named = sorted({each.day for each in (*before.days, *after.days)})
    found = (Difference(day=day, before=before.kind(day), after=after.kind(day)) for day in named)
    return [each for each in found if each.before is not each.after]
