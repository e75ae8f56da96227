"""Which civil days a campaign has to plan, and at which moment a greeting is due."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

FARTHEST_AHEAD = timedelta(hours=14)
"""UTC+14 is where a day begins first."""
FARTHEST_BEHIND = timedelta(hours=12)
"""UTC-12 is where a day ends last."""
MOST_DAYS_BEHIND = 400
"""After a longer outage only the last so many days are materialised; older greetings would be skipped anyway."""


def first_open_day(now: datetime) -> date:
    """Return the earliest civil date that is still today somewhere on earth."""
    return (now - FARTHEST_BEHIND).date()


def last_open_day(now: datetime) -> date:
    """Return the latest civil date that is already today somewhere on earth."""
    return (now + FARTHEST_AHEAD).date()


def days_to_plan(planned_through: date | None, started_at: datetime, *, now: datetime) -> list[date]:
    """Return the days that were never planned, oldest first: after an outage these are the days missed."""
    first = first_open_day(started_at) if planned_through is None else planned_through + timedelta(days=1)
    last = last_open_day(now)
    first = max(first, last - timedelta(days=MOST_DAYS_BEHIND))
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]


def open_days(
    planned_through: date | None, now: datetime, *, looked_at: datetime | None = None, behind: int = 0
) -> list[date]:
    """Return the days that are planned and not over everywhere: news may make members due on them.

    A day that was open when somebody `looked_at` it last counts: what became known of it since has not been seen.
    With `behind` so many days before these count as well.
    """
    if planned_through is None:
        return []
    last = min(planned_through, last_open_day(now))
    first = first_open_day(min(looked_at or now, now)) - timedelta(days=behind)
    first = max(first, last - timedelta(days=MOST_DAYS_BEHIND))
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]


@lru_cache(maxsize=65_536)
def due_moment(day: date, wall_time: str, *, zone: str) -> datetime:
    """Return the moment in UTC at which this wall time of this day is reached in a zone.

    A wall time that a clock change skips is read as if the clock had not changed, so it falls just after the gap; one
    that occurs twice means the first.
    """
    local = datetime.combine(day, time.fromisoformat(wall_time), ZoneInfo(zone))
    return local.astimezone(ZoneInfo("UTC"))


@lru_cache(maxsize=65_536)
def day_is_over(day: date, zone: str, *, now: datetime) -> bool:
    """Say whether a civil day has ended in a zone."""
    return now.astimezone(ZoneInfo(zone)).date() > day
