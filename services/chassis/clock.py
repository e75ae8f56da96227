"""The time: the only place that asks the machine for it."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the moment in UTC, cut to the millisecond: the grain the database stores."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the moment in UTC, cut to the millisecond."""
        return to_millisecond(datetime.now(UTC))


def to_millisecond(moment: datetime) -> datetime:
    """Cut a moment to the grain of the database, so that what is read equals what was written."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def epoch_ms() -> int:
    """Return milliseconds since 1970 in UTC, for leases that are compared in the database."""
    return time.time_ns() // 1_000_000
