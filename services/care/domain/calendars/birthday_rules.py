"""Which birthdays are celebrated on a civil day, by the rules that a campaign states."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.care.domain.calendars.birthday import LUNAR_KEYS, LUNAR_LEAP_KEYS, Birthday, BirthdayCalendar
from services.care.domain.calendars.lunar import (
    LONG_MONTH,
    SHORT_MONTH,
    LunarMonth,
    find_month,
    lunar_day,
    month_after,
    month_before,
)

FEB_28, FEB_29, MAR_1 = 228, 229, 301
YEARS_TO_LOOK = 10  # the longest wait is 8 years: 29 February around 1900 or 2100


class LeapDayPolicy(StrEnum):
    FEB_28 = "LEAP_DAY_POLICY_FEB_28"
    MAR_1 = "LEAP_DAY_POLICY_MAR_1"
    LEAP_YEARS_ONLY = "LEAP_DAY_POLICY_LEAP_YEARS_ONLY"


class LeapMonthPolicy(StrEnum):
    REGULAR_MONTH = "LEAP_MONTH_POLICY_REGULAR_MONTH"
    LEAP_MONTH = "LEAP_MONTH_POLICY_LEAP_MONTH"
    BOTH = "LEAP_MONTH_POLICY_BOTH"


class LunarDay30Policy(StrEnum):
    DAY_29 = "LUNAR_DAY30_POLICY_DAY_29"
    NEXT_MONTH_FIRST = "LUNAR_DAY30_POLICY_NEXT_MONTH_FIRST"


@dataclass(frozen=True, slots=True)
class BirthdayRules:
    leap_day: LeapDayPolicy = LeapDayPolicy.FEB_28
    leap_month: LeapMonthPolicy = LeapMonthPolicy.REGULAR_MONTH
    lunar_day30: LunarDay30Policy = LunarDay30Policy.DAY_29


@dataclass(frozen=True, slots=True)
class DueKey:
    """Everybody with this birthday key is due; the occurrence names the celebration, once for all time."""

    key: int
    occurrence: str


def keys_due(day: date, rules: BirthdayRules) -> tuple[DueKey, ...]:
    """The birthdays celebrated on a civil day. Costs one lunar conversion, however many members there are.

    A solar occurrence is named by the civil year, a lunar one by the lunar year: a lunar birthday falls into
    some civil years twice and into others never.
    """
    return (*_solar_due(day, rules.leap_day), *_lunar_due(day, rules))


def next_date(birthday: Birthday, rules: BirthdayRules, *, after: date) -> date | None:
    """The first celebration after a day; None where the lunar calendar is not known that far."""
    dates = _solar_dates if birthday.calendar is BirthdayCalendar.SOLAR else _lunar_dates
    # A lunar year begins in January or February and ends in the next civil year, hence one year before.
    for year in range(after.year - 1, after.year + YEARS_TO_LOOK):
        later = [found for found in dates(birthday, rules, year=year) if found > after]
        if later:
            return min(later)
    return None


def _solar_due(day: date, policy: LeapDayPolicy) -> Iterator[DueKey]:
    occurrence = f"birthday/{day.year}"
    key = day.month * 100 + day.day
    yield DueKey(key, occurrence)
    stand_in = {LeapDayPolicy.FEB_28: FEB_28, LeapDayPolicy.MAR_1: MAR_1}.get(policy)
    if key == stand_in and not calendar.isleap(day.year):
        yield DueKey(FEB_29, occurrence)


def _lunar_due(day: date, rules: BirthdayRules) -> Iterator[DueKey]:
    today = lunar_day(day)
    yield from _keys_of(today.month, today.day, policy=rules.leap_month)
    if rules.lunar_day30 is LunarDay30Policy.DAY_29:
        if today.day == today.month.days == SHORT_MONTH:
            yield from _keys_of(today.month, LONG_MONTH, policy=rules.leap_month)
        return
    before = month_before(today.month)
    if today.day == 1 and before is not None and before.days == SHORT_MONTH:
        yield from _keys_of(before, LONG_MONTH, policy=rules.leap_month)


def _keys_of(month: LunarMonth, day: int, *, policy: LeapMonthPolicy) -> Iterator[DueKey]:
    """Who celebrates on that day of that month: those born in the regular month, the leap month, or both."""
    plain = month.number * 100 + day
    occurrence = f"birthday/lunar-{month.year}"
    if month.leap and policy is LeapMonthPolicy.BOTH:
        yield DueKey(LUNAR_KEYS + plain, f"{occurrence}-leap")
        yield DueKey(LUNAR_LEAP_KEYS + plain, f"{occurrence}-leap")
    elif month.leap and policy is LeapMonthPolicy.LEAP_MONTH:
        yield DueKey(LUNAR_LEAP_KEYS + plain, occurrence)
    elif not month.leap:
        yield DueKey(LUNAR_KEYS + plain, occurrence)
        if policy is not LeapMonthPolicy.LEAP_MONTH or find_month(month.year, month.number, leap=True) is None:
            yield DueKey(LUNAR_LEAP_KEYS + plain, occurrence)


def solar_date(year: int, month: int, *, day: int, policy: LeapDayPolicy) -> date | None:
    """The day of a civil year; 29 February as the policy says where the year has none."""
    if (month, day) != (2, 29) or calendar.isleap(year):
        return date(year, month, day)
    return {LeapDayPolicy.FEB_28: date(year, 2, 28), LeapDayPolicy.MAR_1: date(year, 3, 1)}.get(policy)


def lunar_date(month: LunarMonth, day: int, *, policy: LunarDay30Policy) -> date | None:
    """The day of a lunar month; day 30 as the policy says where the month has 29; None after the known years."""
    if day <= month.days:
        return month.date_of(day)
    if policy is LunarDay30Policy.DAY_29:
        return month.date_of(SHORT_MONTH)
    following = month_after(month)
    return following.first if following else None


def _solar_dates(birthday: Birthday, rules: BirthdayRules, *, year: int) -> list[date]:
    found = solar_date(year, birthday.month, day=birthday.day, policy=rules.leap_day)
    return [] if found is None else [found]


def _lunar_dates(birthday: Birthday, rules: BirthdayRules, *, year: int) -> list[date]:
    regular = find_month(year, birthday.month)
    leap = find_month(year, birthday.month, leap=True)
    celebrated = [regular]
    if leap is not None and rules.leap_month is LeapMonthPolicy.BOTH:
        celebrated = [regular, leap]
    elif leap is not None and rules.leap_month is LeapMonthPolicy.LEAP_MONTH and birthday.leap_month:
        celebrated = [leap]
    dates = (lunar_date(month, birthday.day, policy=rules.lunar_day30) for month in celebrated if month)
    return [found for found in dates if found is not None]
