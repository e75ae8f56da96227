"""From the day somebody is due back to the days it is counted from, and from days to moments."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from services.care.domain.campaigns.due.who import Moments
from services.care.domain.span import Span

_MOST_CLAMPED = 3
"""The last days of a month that a shorter month pulls onto one day: 28 February has up to four."""


def anchors(day: date, span: Span, *, before: bool = False) -> tuple[date, ...]:
    """Return every day whose day a span later (earlier if `before`) is `day`, in order.

    Months are of different lengths: 28 February is one month after 28, 29, 30 and 31 January, 31 March is one month
    after no day at all. Every day is the anchor of exactly one.
    """
    times = -1 if before else 1
    near = span.after(day, times=-times)
    around = (near + timedelta(days=count) for count in range(-_MOST_CLAMPED, _MOST_CLAMPED + 1))
    return tuple(each for each in around if span.after(each, times=times) == day)


def moments_of(days: tuple[date, ...], zone: str) -> tuple[Moments, ...]:
    """Return the moments of each civil day in a zone."""
    return tuple((start_of(day, zone), start_of(day + timedelta(days=1), zone)) for day in days)


@lru_cache(maxsize=4096)
def start_of(day: date, zone: str) -> datetime:
    """Return the moment, in UTC, at which a civil day begins in a zone."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
