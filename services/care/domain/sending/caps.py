"""Frequency caps: how many messages a member may get, and who wins where there is no place for all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.care.domain.channels import Channel, Purpose
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.touch import Touch
from services.care.domain.sending.windows import start_of_day

LONGEST_ROLLING_HOURS = 31 * 24
_GRAIN = timedelta(milliseconds=1)
KEPT = timedelta(days=32)
"""No cap looks farther back."""


class CapPeriod(StrEnum):
    """Days, weeks (from Monday) and months are those of the member's own calendar."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ROLLING = "rolling"


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many messages in a period, over the channels and purposes named. Service is never counted."""

    most: int
    period: CapPeriod
    rolling_hours: int = 0
    """Length of a rolling period; 0 in a calendar one."""
    channels: tuple[Channel, ...] = ()
    """Empty: all channels together."""
    purposes: tuple[Purpose, ...] = ()
    """Empty: care and marketing together."""

    def counts(self, channel: str, purpose: str) -> bool:
        """Say whether a message of this kind takes a place."""
        return (
            purpose != Purpose.SERVICE
            and (not self.channels or channel in self.channels)
            and (not self.purposes or purpose in self.purposes)
        )

    def since(self, now: datetime, zone: ZoneInfo) -> datetime:
        """Return the moment from which on messages count; one from exactly a rolling period ago does not."""
        if self.period is CapPeriod.ROLLING:
            return now - timedelta(hours=self.rolling_hours) + _GRAIN
        today = now.astimezone(zone).date()
        back = {CapPeriod.DAY: 0, CapPeriod.WEEK: today.weekday(), CapPeriod.MONTH: today.day - 1}[self.period]
        return start_of_day(today - timedelta(days=back), zone)


@dataclass(frozen=True, slots=True)
class Contact:
    """A message that the member got, or is about to get."""

    touch_id: str
    at: datetime
    channel: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Rival:
    """A touch of the same member that still waits."""

    touch_id: str
    due_at: datetime
    channel: str
    purpose: str
    priority: int

    @property
    def rank(self) -> tuple[int, datetime, str]:
        """The lowest goes first: higher priority, then due earlier, then the smaller id."""
        return -self.priority, self.due_at, self.touch_id


def rival_of(touch: Touch) -> Rival:
    """Return a waiting touch as one that competes for a place."""
    return Rival(touch.id, touch.due_at, touch.channel, touch.purpose, touch.priority)


def over_cap(
    touch: Touch,
    caps: Iterable[Cap],
    *,
    contacts: Sequence[Contact],
    rivals: Sequence[Rival],
    zone: ZoneInfo,
    now: datetime,
) -> Reason | None:
    """Return why the caps leave no place for this touch, or None if they do.

    Places are kept for those who are due today and rank higher, whoever is asked first: the outcome is the same.
    """
    ours = rival_of(touch)
    tonight = start_of_day(now.astimezone(zone).date() + timedelta(days=1), zone)
    for cap in caps:
        if not cap.counts(touch.channel, touch.purpose):
            continue
        since = cap.since(now, zone)
        used = sum(
            1
            for each in contacts
            if each.at >= since and each.touch_id != touch.id and cap.counts(each.channel, each.purpose)
        )
        if used >= cap.most:
            return Reason.FREQUENCY_CAP
        taken = {each.touch_id for each in contacts}
        ahead = sum(
            1
            for each in rivals
            if each.rank < ours.rank
            and each.due_at < tonight
            and each.touch_id not in taken
            and cap.counts(each.channel, each.purpose)
        )
        if used + ahead >= cap.most:
            return Reason.OUTRANKED
    return None
