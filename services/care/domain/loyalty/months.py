"""Calendar months, by which points are counted."""

from collections.abc import Mapping
from datetime import date

from services.care.domain.span import months_later


def month_of(day: date) -> str:
    """Return `YYYY-MM`."""
    return f"{day:%Y-%m}"


def within_window(earned: Mapping[str, int], today: date, *, months: int) -> int:
    """Return what was earned in the last so many calendar months, the present one included."""
    first = month_of(months_later(today.replace(day=1), 1 - months))
    return sum(points for month, points in earned.items() if first <= month <= month_of(today))
