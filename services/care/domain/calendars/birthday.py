"""Birthdays of the solar and the lunar calendar, as they are told, checked and indexed."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from services.care.domain.calendars.lunar import FIRST_YEAR, LONG_MONTH, LunarMonth, find_month, months
from services.chassis.errors import InvalidField

LUNAR_KEYS = 10_000
LUNAR_LEAP_KEYS = 20_000
LEAP_YEAR = 2000  # any leap year: it knows every solar month and day
MONTHS = 12
CSV_FORM = re.compile(r"(?:(?P<year>\d{4})|-)-(?P<leap>[Ll])?(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)


class BirthdayCalendar(StrEnum):
    SOLAR = "BIRTHDAY_CALENDAR_SOLAR"
    LUNAR = "BIRTHDAY_CALENDAR_LUNAR"


@dataclass(frozen=True, slots=True)
class Birthday:
    """A month and a day of one calendar; `checked` says whether there is such a day."""

    calendar: BirthdayCalendar
    month: int
    day: int
    leap_month: bool = False
    year: int | None = None

    @classmethod
    def parse(cls, text: str, calendar: BirthdayCalendar, *, today: date, field: str = "birthday") -> "Birthday":
        """Read and check `YYYY-MM-DD`, `--MM-DD` (year unknown) or, for a lunar leap month, `YYYY-L04-15`."""
        form = CSV_FORM.fullmatch(text.strip())
        if form is None:
            raise InvalidField(
                field, "Write a birthday as YYYY-MM-DD, as --MM-DD without a year, a lunar leap month as YYYY-L04-15."
            )
        birthday = cls(
            calendar=calendar,
            month=int(form["month"]),
            day=int(form["day"]),
            leap_month=form["leap"] is not None,
            year=int(form["year"]) if form["year"] else None,
        )
        return birthday.checked(today, field)

    def checked(self, today: date, field: str = "birthday") -> "Birthday":
        """Return itself, or refuse with INVALID_FIELD a day that does not exist or lies after today."""
        if not 1 <= self.month <= MONTHS:
            raise InvalidField(field, "The month of a birthday is 1 to 12.")
        if self.year is not None and self.year < FIRST_YEAR:
            raise InvalidField(field, f"The year of birth is {FIRST_YEAR} or later; leave it out if it is unknown.")
        if self.calendar is BirthdayCalendar.LUNAR:
            _check_lunar(self, today=today, field=field)
        else:
            _check_solar(self, today=today, field=field)
        return self


def birthday_key(birthday: Birthday) -> int:
    """One integer for everybody born on that day of that calendar: what the planner asks the index for."""
    plain = birthday.month * 100 + birthday.day
    if birthday.calendar is BirthdayCalendar.SOLAR:
        return plain
    return plain + (LUNAR_LEAP_KEYS if birthday.leap_month else LUNAR_KEYS)


def _check_solar(birthday: Birthday, *, today: date, field: str) -> None:
    if birthday.leap_month:
        raise InvalidField(field, "Only a lunar birthday can be in a leap month.")
    try:
        born = date(birthday.year or LEAP_YEAR, birthday.month, birthday.day)
    except ValueError:
        raise InvalidField(field, "There is no such day in the solar calendar.") from None
    if birthday.year is not None and born > today:
        raise InvalidField(field, "A birthday cannot lie in the future.")


def _check_lunar(birthday: Birthday, *, today: date, field: str) -> None:
    if not 1 <= birthday.day <= LONG_MONTH:
        raise InvalidField(field, "The day of a lunar birthday is 1 to 30.")
    if birthday.year is not None and birthday.year > today.year:
        raise InvalidField(field, "A birthday cannot lie in the future.")
    candidates = _months_told(birthday.year, birthday.month, leap=birthday.leap_month, today=today)
    if not candidates:
        years = f"Lunar year {birthday.year} has" if birthday.year else "The lunar years up to today have"
        raise InvalidField(field, f"{years} no leap month {birthday.month}.")
    if not any(birthday.day <= month.days for month in candidates):
        raise InvalidField(field, "That lunar month had 29 days, so there is no day 30.")
    if not any(birthday.day <= month.days and month.date_of(birthday.day) <= today for month in candidates):
        raise InvalidField(field, "A birthday cannot lie in the future.")


@lru_cache(maxsize=4096)
def _months_told(year: int | None, number: int, *, leap: bool, today: date) -> tuple[LunarMonth, ...]:
    """The months meant: the one of the year told, or without a year all that have begun."""
    if year is not None:
        known = find_month(year, number, leap=leap)
        return (known,) if known else ()
    return tuple(month for month in months() if (month.number, month.leap) == (number, leap) and month.first <= today)
