"""Which thing to change, the guards against lost updates and repeats, and what day it is where the company is."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which thing somebody wants changed."""

    id: str
    etag: str = ""
    request_id: str = ""

    def key(self, prefix: str, noun: str) -> str:
        """Return the id, or refuse what is none."""
        return check_id(self.id, prefix, field=f"{noun}_id")

    def repeat(self, verb: str) -> str:
        """Return the key by which a repeat of this verb is recognised."""
        return request_key(verb, self.request_id)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The day, counted in the company's time zone."""

    clock: Clock
    time_zone: str

    def now(self) -> datetime:
        """Return the moment."""
        return self.clock.now()

    def today(self) -> date:
        """Return the day."""
        return self.day_of(self.clock.now())

    def day_of(self, moment: datetime) -> date:
        """Return the day that the moment falls on."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()
