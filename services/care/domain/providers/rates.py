"""The rates of a provider as windows of time, and how large a slice of each one dispatcher takes at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.care.domain.providers.kinds import NumberLimit
from services.care.domain.providers.provider import Provider

_SLICES_A_SECOND, _SLICES_A_MINUTE, _SLICES_A_DAY, _MOST_OF_A_DAY = 4, 20, 200, 500


@dataclass(frozen=True, slots=True)
class Window:
    """One second, minute or day in which a provider takes `most` messages."""

    key: str
    most: int
    slice: int
    """Room that is leased at once: one write for so many messages; what is not used of it is lost with the window."""
    ends_at: datetime


def windows(provider: Provider, now: datetime, *, zone: ZoneInfo) -> tuple[Window, ...]:
    """Return the windows that `now` lies in, one for each rate that is set."""
    second = now.astimezone(UTC).replace(microsecond=0)
    minute = second.replace(second=0)
    day = now.astimezone(zone).date()
    tomorrow = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    found = (
        ("s", provider.per_second, _SLICES_A_SECOND, second.isoformat(), second + timedelta(seconds=1)),
        ("m", provider.per_minute, _SLICES_A_MINUTE, minute.isoformat(), minute + timedelta(minutes=1)),
        ("d", provider.per_day, _SLICES_A_DAY, day.isoformat(), tomorrow),
    )
    return tuple(
        Window(f"{provider.id}/{unit}/{most}/{begins}", most, min(-(-most // slices), _MOST_OF_A_DAY), ends_at)
        for unit, most, slices, begins, ends_at in found
        if most
    )


def room_at(limits: Sequence[NumberLimit], sent: Sequence[datetime], *, now: datetime) -> datetime | None:
    """Return from when on a number that got messages at these moments may get a further one; None: at once."""
    waits = []
    for limit in limits:
        length = timedelta(minutes=limit.minutes)
        within = sorted(moment for moment in sent if moment > now - length)
        waits += [within[-limit.most] + length] if len(within) >= limit.most else []
    return max(waits, default=None)
