"""What makes a member due: one trigger for each kind of campaign."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Literal

from services.care.domain.campaigns.planning import FARTHEST_AHEAD, FARTHEST_BEHIND
from services.care.domain.names import checked_act
from services.care.domain.span import CLOCK_UNITS, DAY_UNITS, Span
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id

MOST_DAYS_BEFORE = 60
MOST_QUIET_DAYS = 3_650
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]{0,49}")


class CampaignKind(StrEnum):
    """Data: stored as the trigger's kind; add, never rename."""

    BIRTHDAY = "birthday"
    OCCASION = "occasion"
    AFTER_EVENT = "after_event"
    BEFORE_DATE = "before_date"
    INACTIVITY = "inactivity"
    RECURRING = "recurring"
    ONE_OFF = "one_off"
    EVENT_TRIGGERED = "event_triggered"


class DateKind(StrEnum):
    """Dates that come nearer."""

    CONTRACT_END = "contract_end"
    WARRANTY_END = "warranty_end"
    POINTS_EXPIRY = "points_expiry"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, slots=True)
class BirthdayTrigger:
    """Once a year, on the birthday or some days before."""

    days_before: int = 0
    kind: Literal["birthday"] = "birthday"

    def checked(self, field: str) -> "BirthdayTrigger":
        _check_days_before(self.days_before, field)
        return self


@dataclass(frozen=True, slots=True)
class OccasionTrigger:
    """On a day of the occasion calendar that falls anew each year, such as Mid-Autumn, or some days before."""

    occasion_id: str
    days_before: int = 0
    kind: Literal["occasion"] = "occasion"

    def checked(self, field: str) -> "OccasionTrigger":
        check_id(self.occasion_id, "occ", field=f"{field}.occasion_id")
        _check_days_before(self.days_before, field)
        return self


@dataclass(frozen=True, slots=True)
class AfterEventTrigger:
    """So many days, weeks, months or quarters after a member did something; each event is an occurrence."""

    act: str
    after: Span
    kind: Literal["after_event"] = "after_event"

    def checked(self, field: str) -> "AfterEventTrigger":
        checked_act(self.act, f"{field}.act")
        self.after.checked(f"{field}.after", units=DAY_UNITS, least=0)
        return self


@dataclass(frozen=True, slots=True)
class BeforeDateTrigger:
    """So long before a date that is known of the member."""

    date: DateKind
    before: Span
    attribute: str = ""
    """Which of the member's attributes; only with DateKind.ATTRIBUTE."""
    kind: Literal["before_date"] = "before_date"

    def checked(self, field: str) -> "BeforeDateTrigger":
        self.before.checked(f"{field}.before", units=DAY_UNITS, least=0)
        path = f"{field}.attribute"
        if self.date is DateKind.ATTRIBUTE and not _ATTRIBUTE.fullmatch(self.attribute):
            raise InvalidField(path, f"{path} must name a member's attribute that holds a date.")
        if self.date is not DateKind.ATTRIBUTE and self.attribute:
            raise InvalidField(path, f"{path} goes with the date `attribute` only.")
        return self


@dataclass(frozen=True, slots=True)
class InactivityTrigger:
    """So many days after the member was last active; active again, the next silence is a new occurrence."""

    days: int
    act: str = ""
    """Only this counts as activity; empty: anything does."""
    kind: Literal["inactivity"] = "inactivity"

    def checked(self, field: str) -> "InactivityTrigger":
        if not 1 <= self.days <= MOST_QUIET_DAYS:
            raise InvalidField(f"{field}.days", f"{field}.days must be 1 to {MOST_QUIET_DAYS}.")
        if self.act:
            checked_act(self.act, f"{field}.act")
        return self


@dataclass(frozen=True, slots=True)
class RecurringTrigger:
    """On the first day, and then every so many days, weeks, months, quarters or years counted from it."""

    first_date: date
    every: Span
    last_date: date | None = None
    kind: Literal["recurring"] = "recurring"

    def checked(self, field: str) -> "RecurringTrigger":
        self.every.checked(f"{field}.every", units=DAY_UNITS)
        if self.last_date is not None and self.last_date < self.first_date:
            raise InvalidField(f"{field}.last_date", f"{field}.last_date lies before {field}.first_date.")
        return self


@dataclass(frozen=True, slots=True)
class OneOffTrigger:
    """Once: on this civil day of each member's own calendar, or at one moment that is the same for everybody."""

    day: date
    """Of a moment: its civil day in UTC."""
    send_time: datetime | None = None
    """None: at the plan's hour of the day, where each member lives."""
    kind: Literal["one_off"] = "one_off"

    @classmethod
    def at(cls, moment: datetime) -> "OneOffTrigger":
        """Return the trigger of a moment."""
        return cls(moment.astimezone(UTC).date(), moment)

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last civil day that it is on somewhere on earth."""
        if self.send_time is None:
            return self.day, self.day
        return (self.send_time - FARTHEST_BEHIND).date(), (self.send_time + FARTHEST_AHEAD).date()

    def checked(self, field: str) -> "OneOffTrigger":
        if self.send_time is None:
            return self
        if not _EARLIEST <= self.send_time < _LATEST:
            raise InvalidField(f"{field}.send_time", f"{field}.send_time must be in the years 2000 to 2199.")
        if self.day != self.send_time.astimezone(UTC).date():
            path = f"{field}.date"
            raise InvalidField(path, f"{path} goes without a send_time, or is the day of that moment in UTC.")
        return self


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """As soon as a member does something."""

    act: str
    delay: Span | None = None
    again_after_days: int = 0
    """The same member not again for so many days; 0: with each event."""
    kind: Literal["event_triggered"] = "event_triggered"

    def checked(self, field: str) -> "EventTrigger":
        checked_act(self.act, f"{field}.act")
        if self.delay is not None:
            self.delay.checked(f"{field}.delay", units=CLOCK_UNITS)
        if not 0 <= self.again_after_days <= MOST_QUIET_DAYS:
            raise InvalidField(f"{field}.again_after_days", f"{field}.again_after_days must be 0 to {MOST_QUIET_DAYS}.")
        return self


Trigger = (
    BirthdayTrigger
    | OccasionTrigger
    | AfterEventTrigger
    | BeforeDateTrigger
    | InactivityTrigger
    | RecurringTrigger
    | OneOffTrigger
    | EventTrigger
)


def last_day(trigger: Trigger) -> date | None:
    """Return the last civil day on which anybody can become due; None: there is none."""
    if isinstance(trigger, OneOffTrigger):
        return trigger.days[1]
    return trigger.last_date if isinstance(trigger, RecurringTrigger) else None


def moment_of(trigger: Trigger) -> datetime | None:
    """Return the moment at which everybody becomes due at once; None: each on a day of their own calendar."""
    return trigger.send_time if isinstance(trigger, OneOffTrigger) else None


def _check_days_before(days: int, field: str) -> None:
    if not 0 <= days <= MOST_DAYS_BEFORE:
        raise InvalidField(f"{field}.days_before", f"{field}.days_before must be 0 to {MOST_DAYS_BEFORE}.")
