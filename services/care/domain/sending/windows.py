"""Hours of the member's own clock in which nothing may leave: across midnight, and across changes of the clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MOST_WINDOWS_IN_A_ROW = 20


@dataclass(frozen=True, slots=True)
class QuietWindow:
    """Local wall times, `HH:MM`: quiet from `start` on, at `end` no more; an `end` before `start` is tomorrow's."""

    start: str
    end: str

    def ends_after(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Return the moment at which the quiet time that holds now is over; None: it is not quiet."""
        local = now.astimezone(zone)
        wall, start, end = local.time().replace(tzinfo=None), _wall(self.start), _wall(self.end)
        by_the_wall = start <= wall < end if start < end else wall >= start or wall < end
        ends = []
        for day in (local.date() - timedelta(days=1), local.date()):
            begins, ends_on = _first(day, start, zone=zone), day + timedelta(days=0 if start < end else 1)
            until = _last(ends_on, end, zone=zone)
            # Where the clock is put back, the hour that comes twice is quiet both times if it is quiet once.
            if begins <= now < until or (by_the_wall and now < until):
                ends.append(until)
        return min(ends, default=None)


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo | None:
    """Return the zone, or None for one that is empty or that nobody knows: then no hour is safe."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def quiet_until(windows: Iterable[QuietWindow], now: datetime, *, zone: ZoneInfo) -> datetime | None:
    """Return the first moment that no window holds; None: now is such a moment."""
    windows, moment = tuple(windows), now
    for _ in range(_MOST_WINDOWS_IN_A_ROW):
        ends = [end for window in windows if (end := window.ends_after(moment, zone))]
        if not ends:
            return None if moment == now else moment
        moment = max(ends)
    return moment


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, at which a civil day begins in a zone."""
    return _first(day, time(0), zone=zone)


@lru_cache(maxsize=64)
def _wall(text: str) -> time:
    return time.fromisoformat(text)


@lru_cache(maxsize=16_384)
def _first(day: date, wall: time, *, zone: ZoneInfo) -> datetime:
    """Return the first time it is so late; a wall time that a clock change skips is read as if it had not changed."""
    return datetime.combine(day, wall, zone).astimezone(UTC)


@lru_cache(maxsize=16_384)
def _last(day: date, wall: time, *, zone: ZoneInfo) -> datetime:
    """Return the last time it is so late: the second one where the clock is put back."""
    return max(_first(day, wall, zone=zone), datetime.combine(day, wall.replace(fold=1), zone).astimezone(UTC))
