"""Lengths of time as people say them: three days, two quarters."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.chassis.errors import InvalidField


class TimeUnit(StrEnum):
    """Data: stored in plans; add, never rename."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


DAY_UNITS = frozenset({TimeUnit.DAY, TimeUnit.WEEK, TimeUnit.MONTH, TimeUnit.QUARTER, TimeUnit.YEAR})
"""Units that lead from civil day to civil day."""
_FIXED = {
    TimeUnit.MINUTE: timedelta(minutes=1),
    TimeUnit.HOUR: timedelta(hours=1),
    TimeUnit.DAY: timedelta(days=1),
    TimeUnit.WEEK: timedelta(weeks=1),
}
CLOCK_UNITS = frozenset(_FIXED)
"""Units that have the same length at all times."""
_MONTHS = {TimeUnit.MONTH: 1, TimeUnit.QUARTER: 3, TimeUnit.YEAR: 12}
MOST_DAYS = 3_650
_LONGEST = {TimeUnit.MONTH: 31, TimeUnit.QUARTER: 92, TimeUnit.YEAR: 365}


@dataclass(frozen=True, slots=True)
class Span:
    """So many of a unit."""

    amount: int
    unit: TimeUnit

    def checked(self, field: str, *, units: frozenset[TimeUnit], least: int = 1) -> "Span":
        """Return the span, or refuse another unit, fewer than `least`, and more than ten years."""
        if self.unit not in units:
            names = ", ".join(unit.value for unit in TimeUnit if unit in units)
            raise InvalidField(f"{field}.unit", f"{field}.unit must be one of: {names}.")
        longest = self.amount * _LONGEST[self.unit] if self.unit in _LONGEST else (self.amount * _FIXED[self.unit]).days
        if self.amount < least or longest > MOST_DAYS:
            raise InvalidField(f"{field}.amount", f"{field}.amount must be {least} or more, and ten years at most.")
        return self

    def after(self, day: date, *, times: int = 1) -> date:
        """Return the civil day so many spans later (earlier if `times` is negative).

        A month that has no such day gives its last day: one month after 31 January is 28 or 29 February. Minutes and
        hours count as the whole days in them.
        """
        if self.unit in _FIXED:
            return day + times * self.amount * _FIXED[self.unit]
        return months_later(day, times * self.amount * _MONTHS[self.unit])

    def exact(self) -> timedelta:
        """Return the length, for a unit of `CLOCK_UNITS`; KeyError for others."""
        return self.amount * _FIXED[self.unit]


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later (or earlier); where there is none, the last day of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
