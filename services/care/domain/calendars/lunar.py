"""The Chinese lunar calendar as a row of months, each with its first day and its length."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from borax.calendars.lunardate import MAX_LUNAR_YEAR, MIN_LUNAR_YEAR, MIN_SOLAR_DATE, LCalendars

FIRST_YEAR: int = MIN_LUNAR_YEAR
LAST_YEAR: int = MAX_LUNAR_YEAR
LONG_MONTH = 30
SHORT_MONTH = 29


@dataclass(frozen=True, slots=True)
class LunarMonth:
    year: int
    number: int
    leap: bool
    days: int
    first: date

    def date_of(self, day: int) -> date:
        return self.first + timedelta(days=day - 1)


@dataclass(frozen=True, slots=True)
class LunarDay:
    month: LunarMonth
    day: int


class OutsideLunarTable(ValueError):
    """The day lies outside the years 1900 to 2100, for which the calendar is known."""


@cache
def months() -> tuple[LunarMonth, ...]:
    """Every month of the lunar years 1900 to 2100, in order."""
    found: list[LunarMonth] = []
    first: date = MIN_SOLAR_DATE
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        for number, days, leap in LCalendars.iter_year_month(year):
            found.append(LunarMonth(year=year, number=number, leap=bool(leap), days=days, first=first))
            first += timedelta(days=days)
    return tuple(found)


@cache
def _first_days() -> tuple[date, ...]:
    return tuple(month.first for month in months())


@cache
def _positions() -> dict[tuple[int, int, bool], int]:
    return {(month.year, month.number, month.leap): place for place, month in enumerate(months())}


def find_month(year: int, number: int, *, leap: bool = False) -> LunarMonth | None:
    """The month, or None where that year has no such month."""
    place = _positions().get((year, number, leap))
    return None if place is None else months()[place]


def month_after(month: LunarMonth) -> LunarMonth | None:
    """The next month in the row: a leap month follows the regular month of its number."""
    place = _positions()[month.year, month.number, month.leap] + 1
    return months()[place] if place < len(months()) else None


def month_before(month: LunarMonth) -> LunarMonth | None:
    place = _positions()[month.year, month.number, month.leap] - 1
    return months()[place] if place >= 0 else None


def lunar_day(day: date) -> LunarDay:
    """Convert a civil day (of UTC+8); raises OutsideLunarTable before 1900-01-31 and after 2101-01-28."""
    place = bisect_right(_first_days(), day) - 1
    month = months()[max(place, 0)]
    number = (day - month.first).days + 1
    if not 1 <= number <= month.days:
        raise OutsideLunarTable(f"The lunar calendar is not known for {day.isoformat()}.")
    return LunarDay(month=month, day=number)
