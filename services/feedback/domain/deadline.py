"""When a case must be closed: the promise that goes with its severity."""

from datetime import datetime, timedelta
from enum import StrEnum


class CaseSeverity(StrEnum):
    """How much a case matters."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    MAJOR = "major"


DAYS_TO_CLOSE: dict[CaseSeverity, int] = {
    CaseSeverity.LOW: 10,
    CaseSeverity.NORMAL: 5,
    CaseSeverity.HIGH: 2,
    CaseSeverity.MAJOR: 1,
}
"""Elapsed days of 24 hours, nights and holidays included."""


def due_time(severity: CaseSeverity, *, opened: datetime) -> datetime:
    """Return the last moment at which closing is on time."""
    return opened + timedelta(days=DAYS_TO_CLOSE[severity])
