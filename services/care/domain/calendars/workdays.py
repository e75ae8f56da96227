"""Workdays only: by which country's calendar messages leave, and what becomes of those that are due on a day off."""

from dataclasses import dataclass

from services.care.domain.calendars.blackout import BlackoutMove
from services.care.domain.calendars.statutory_rows import country_code


@dataclass(frozen=True, slots=True)
class WorkdayRule:
    """Messages leave on workdays only, make-up workdays included; of a year that nobody announced no day is one."""

    country_code: str
    """ISO 3166-1 alpha-2; which day it is says the calendar of each member."""
    move: BlackoutMove = BlackoutMove.FORWARD
    """What becomes of a message that is due on a day off."""

    def checked(self, field: str) -> "WorkdayRule":
        """Return the rule, or refuse a country that is none."""
        country_code(self.country_code, f"{field}.country_code")
        return self
