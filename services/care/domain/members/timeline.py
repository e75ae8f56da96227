"""What happened between us and one person, in one order: messages, visits, consents, points and what was heard."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from services.chassis.errors import InvalidField

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_PLACE = re.compile(r"(\d{1,15})\.([a-z]+)\.(\w{1,100})", re.ASCII)
TOLD_ELSEWHERE = frozenset({"visit_completed", "touch_engaged"})
"""Acts that the visit, or the message, tells already."""


class TimelineKind(StrEnum):
    """Data: it stands in tokens of pages."""

    TOUCH = "touch"
    """A message, at the moment it was due."""
    VISIT = "visit"
    """A visit, when it was made; until then, when it was planned."""
    CONSENT = "consent"
    POINTS = "points"
    ACT = "act"
    """Something heard of the person or the customer, such as a case that was opened."""


@dataclass(frozen=True, slots=True, order=True)
class TimelineEntry:
    """One thing; the greatest is the newest, and of things at one moment the order is fixed."""

    at_ms: int
    """Milliseconds since 1970 in UTC."""
    kind: TimelineKind
    ref: str
    """Id of the thing; of an act its name."""

    @classmethod
    def told(cls, at: datetime, kind: TimelineKind, *, ref: str) -> "TimelineEntry":
        """Return the entry of a thing."""
        return cls((at - _EPOCH) // _MILLISECOND, kind, ref)

    @property
    def at(self) -> datetime:
        """The moment."""
        return _EPOCH + self.at_ms * _MILLISECOND

    @property
    def token(self) -> str:
        """Where it stands: the next page begins behind it."""
        return f"{self.at_ms}.{self.kind}.{self.ref}"


def entry_of(token: str) -> TimelineEntry:
    """Return the entry that a token stands for, or refuse with INVALID_FIELD."""
    told = _PLACE.fullmatch(token)
    if told is None or told[2] not in set(TimelineKind):
        raise InvalidField("page_token", "page_token is none: use next_page_token of the page before.")
    return TimelineEntry(int(told[1]), TimelineKind(told[2]), told[3])
