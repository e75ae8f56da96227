"""When on a day somebody may be called: from one wall time to another, where the member is."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.care.domain.wall_time import checked_wall_time
from services.chassis import checks
from services.chassis.errors import InvalidField


@dataclass(frozen=True, slots=True)
class CallWindow:
    """`first` to before `last`, `HH:MM`, in an IANA zone."""

    first: str
    last: str
    zone: str

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def opens(self, day: date) -> datetime:
        """Return the moment it opens on a day. A wall time that a clock change leaves out is read as the one after."""
        return datetime.combine(day, time.fromisoformat(self.first), self.tz).astimezone(ZoneInfo("UTC"))

    def holds(self, moment: datetime) -> bool:
        """Say whether somebody may be called at this moment."""
        local = moment.astimezone(self.tz).strftime("%H:%M")
        return self.first <= local < self.last

    def day_of(self, moment: datetime) -> date:
        """Return the day it is where the member is."""
        return moment.astimezone(self.tz).date()

    def next_after(self, moment: datetime) -> datetime:
        """Return the moment itself if it is open then, else the next one at which it opens."""
        if self.holds(moment):
            return moment
        day = self.day_of(moment)
        opening = self.opens(day)
        return opening if opening >= moment else self.opens(day + timedelta(days=1))

    def checked(self) -> "CallWindow":
        """Return it, or refuse with INVALID_FIELD what is no window of a day."""
        first = checked_wall_time(self.first, "window_from")
        if first >= checked_wall_time(self.last, "window_to"):
            raise InvalidField("window_to", "window_to must be later than window_from.")
        return CallWindow(first, self.last, checks.zone(self.zone, "time_zone"))
