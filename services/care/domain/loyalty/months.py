"""Calendar months: how points are counted and how long they live."""

import calendar
from collections.abc import Mapping
from datetime import date

_MONTHS = 12


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later (or earlier); where there is none, the last day of that month."""
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_of(day: date) -> str:
    """Return `YYYY-MM`."""
    return f"{day:%Y-%m}"


def within_window(earned: Mapping[str, int], today: date, *, months: int) -> int:
    """Return what was earned in the last so many calendar months, the present one included."""
    first = month_of(months_later(today.replace(day=1), 1 - months))
    return sum(points for month, points in earned.items() if first <= month <= month_of(today))
