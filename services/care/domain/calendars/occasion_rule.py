"""On which days an occasion falls: a rule that is data, resolved for any span of days."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.care.domain.calendars.birthday_rules import LeapDayPolicy, LunarDay30Policy, lunar_date, solar_date
from services.care.domain.calendars.lunar import LONG_MONTH, find_month
from services.care.domain.calendars.solar_terms import SolarTerm, term_date
from services.chassis.errors import InvalidField

MONTHS = 12
LEAP_YEAR = 2000
LAST_OF_MONTH = 5
"""As `nth`: the fifth week or, where the month has only four such days, the fourth."""
MOST_OFFSET_DAYS = 180
DAYS_OF_WEEK = 7


class OccasionKind(StrEnum):
    """How the day of an occasion is found."""

    SOLAR_DATE = "solar_date"
    LUNAR_DATE = "lunar_date"
    NTH_WEEKDAY = "nth_weekday"
    SOLAR_TERM = "solar_term"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionDate:
    """One coming of an occasion; its name is the year of the calendar that the rule is written in."""

    day: date
    occurrence: str
    """`2026`, or `L2026` for a lunar year: a lunar day can come twice in a civil year, and then not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OccasionRule:
    """The rule; which fields count depends on the kind."""

    kind: OccasionKind
    month: int = 0
    """1 to 12, of the solar or the lunar calendar; never a leap month."""
    day: int = 0
    weekday: int = 0
    """1 (Monday) to 7 (Sunday)."""
    nth: int = 0
    """1 to 4, or 5 for the last one of the month."""
    term: SolarTerm | None = None
    base_id: str = ""
    """The occasion that a relative one is counted from; it is not relative itself."""
    offset_days: int = 0
    """Of a relative one: before (negative) or after."""
    leap_day: LeapDayPolicy = LeapDayPolicy.FEB_28
    lunar_day30: LunarDay30Policy = LunarDay30Policy.DAY_29

    def checked(self) -> "OccasionRule":
        """Return the rule without what its kind does not use, or refuse the field that is wrong."""
        return _CHECKS[self.kind](self)

    def dates(self, first: date, last: date) -> Iterator[OccasionDate]:
        """Yield the days from `first` to `last` in order; a relative rule has none of its own."""
        for year in range(max(first.year - 1, 1), min(last.year + 1, 9999) + 1):
            found = self._in_year(year)
            if found is not None and first <= found.day <= last:
                yield found

    def _in_year(self, year: int) -> OccasionDate | None:
        resolve = _RESOLVERS.get(self.kind)
        day = resolve(self, year) if resolve else None
        if day is None:
            return None
        return OccasionDate(day=day, occurrence=f"L{year}" if self.kind is OccasionKind.LUNAR_DATE else str(year))


def _solar_date(rule: OccasionRule, year: int) -> date | None:
    return solar_date(year, rule.month, day=rule.day, policy=rule.leap_day)


def _lunar_date(rule: OccasionRule, year: int) -> date | None:
    month = find_month(year, rule.month)
    return None if month is None else lunar_date(month, rule.day, policy=rule.lunar_day30)


def _nth_weekday(rule: OccasionRule, year: int) -> date:
    first = date(year, rule.month, 1)
    to_weekday = (rule.weekday - first.isoweekday()) % DAYS_OF_WEEK
    found = first + timedelta(days=to_weekday + DAYS_OF_WEEK * (rule.nth - 1))
    return found if found.month == rule.month else found - timedelta(days=DAYS_OF_WEEK)


def _solar_term(rule: OccasionRule, year: int) -> date | None:
    return None if rule.term is None else term_date(year, rule.term)


_RESOLVERS = {
    OccasionKind.SOLAR_DATE: _solar_date,
    OccasionKind.LUNAR_DATE: _lunar_date,
    OccasionKind.NTH_WEEKDAY: _nth_weekday,
    OccasionKind.SOLAR_TERM: _solar_term,
}


def _between(value: int, field: str, *, most: int) -> int:
    if not 1 <= value <= most:
        raise InvalidField(field, f"{field} must be 1 to {most}.")
    return value


def _check_solar_date(rule: OccasionRule) -> OccasionRule:
    month = _between(rule.month, "rule.month", most=MONTHS)
    day = _between(rule.day, "rule.day", most=calendar.monthrange(LEAP_YEAR, month)[1])
    return OccasionRule(kind=rule.kind, month=month, day=day, leap_day=rule.leap_day)


def _check_lunar_date(rule: OccasionRule) -> OccasionRule:
    return OccasionRule(
        kind=rule.kind,
        month=_between(rule.month, "rule.month", most=MONTHS),
        day=_between(rule.day, "rule.day", most=LONG_MONTH),
        lunar_day30=rule.lunar_day30,
    )


def _check_nth_weekday(rule: OccasionRule) -> OccasionRule:
    return OccasionRule(
        kind=rule.kind,
        month=_between(rule.month, "rule.month", most=MONTHS),
        weekday=_between(rule.weekday, "rule.weekday", most=DAYS_OF_WEEK),
        nth=_between(rule.nth, "rule.nth", most=LAST_OF_MONTH),
    )


def _check_solar_term(rule: OccasionRule) -> OccasionRule:
    if rule.term is None:
        raise InvalidField("rule.term", "rule.term is missing: which of the 24 solar terms?")
    return OccasionRule(kind=rule.kind, term=rule.term)


def _check_relative(rule: OccasionRule) -> OccasionRule:
    if not rule.base_id:
        raise InvalidField("rule.base_id", "rule.base_id is missing: the occasion that the days are counted from.")
    if not 1 <= abs(rule.offset_days) <= MOST_OFFSET_DAYS:
        raise InvalidField(
            "rule.offset_days", f"rule.offset_days must be 1 to {MOST_OFFSET_DAYS} days before (negative) or after."
        )
    return OccasionRule(kind=rule.kind, base_id=rule.base_id, offset_days=rule.offset_days)


_CHECKS = {
    OccasionKind.SOLAR_DATE: _check_solar_date,
    OccasionKind.LUNAR_DATE: _check_lunar_date,
    OccasionKind.NTH_WEEKDAY: _check_nth_weekday,
    OccasionKind.SOLAR_TERM: _check_solar_term,
    OccasionKind.RELATIVE: _check_relative,
}
