"""Windows of days: relative to today, or between two days; always civil days of the company's time zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.chassis.errors import InvalidField

MOST_DAYS = 36_600
"""A hundred years: no rule looks farther."""
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class DateWindow:
    """Exactly one of the four ways to say it; `checked` refuses everything else."""

    last_days: int | None = None
    """Today and so many days before; 0 is today alone."""
    next_days: int | None = None
    """Today and so many days after; 0 is today alone."""
    before_last_days: int | None = None
    """Earlier than the last so many days: with 30, 31 days ago or longer."""
    first: date | None = None
    """On this day or later."""
    last: date | None = None
    """On this day or earlier."""

    def checked(self, path: str) -> "DateWindow":
        """Return itself, or refuse with INVALID_FIELD what is no window."""
        relative = (self.last_days, self.next_days, self.before_last_days)
        ways = sum(days is not None for days in relative) + bool(self.first or self.last)
        if ways != 1:
            raise InvalidField(path, f"{path} needs exactly one of last_days, next_days, before_last_days or range.")
        if any(days is not None and not 0 <= days <= MOST_DAYS for days in relative):
            raise InvalidField(path, f"{path}: days must be 0 to {MOST_DAYS}.")
        if any(day and not FIRST_YEAR <= day.year <= LAST_YEAR for day in (self.first, self.last)):
            raise InvalidField(path, f"{path}: the years {FIRST_YEAR} to {LAST_YEAR} can be asked for.")
        if self.first and self.last and self.first > self.last:
            raise InvalidField(path, f"{path}: from_date lies after to_date.")
        return self

    def days(self, today: date) -> tuple[date | None, date | None]:
        """Return the first and the last day; None: open."""
        if self.last_days is not None:
            return today - timedelta(days=self.last_days), today
        if self.next_days is not None:
            return today, today + timedelta(days=self.next_days)
        if self.before_last_days is not None:
            return None, today - timedelta(days=self.before_last_days + 1)
        return self.first, self.last


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield the days from the first to the last, both included."""
    for count in range((last - first).days + 1):
        yield first + timedelta(days=count)


@dataclass(frozen=True, slots=True)
class Today:
    """The moment of a question, and the day it is in the company's time zone."""

    now: datetime
    zone: str

    @property
    def day(self) -> date:
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def moments(self, window: DateWindow) -> tuple[datetime | None, datetime | None]:
        """Return the first moment of a window and the first moment after it, in UTC; None: open."""
        first, last = window.days(self.day)
        return self._start(first) if first else None, self._start(last + timedelta(days=1)) if last else None

    def since(self, days: int) -> datetime:
        """Return the moment so many times 24 hours ago."""
        return self.now - timedelta(days=days)

    def _start(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(ZoneInfo("UTC"))
