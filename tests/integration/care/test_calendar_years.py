from calendar import isleap
from collections import Counter
from datetime import date, timedelta
from itertools import product

import pytest
from lunar_python import LunarYear, Solar

from services.care.domain.calendars.birthday_rules import (
    BirthdayRules,
    LeapDayPolicy,
    LeapMonthPolicy,
    LunarDay30Policy,
    keys_due,
)
from services.care.domain.calendars.lunar import find_month, months
from services.care.domain.calendars.solar_terms import SolarTerm, term_date, term_on

FIRST, LAST = 1930, 2056
DISPUTED_IN_THESE_YEARS: list[date] = []  # the first one is 28 September 2057: a new moon within minutes of midnight


def test_every_lunar_month_of_1930_to_2056_is_the_one_of_a_second_library() -> None:
    other: dict[tuple[int, int, bool], tuple[date, int]] = {}
    for year in range(FIRST - 1, LAST + 1):
        for month in LunarYear.fromYear(year).getMonthsInYear():
            first = Solar.fromJulianDay(month.getFirstJulianDay())
            key = (month.getYear(), abs(month.getMonth()), month.getMonth() < 0)
            other[key] = date(first.getYear(), first.getMonth(), first.getDay()), month.getDayCount()
    ours = {
        (month.year, month.number, month.leap): (month.first, month.days)
        for month in months()
        if FIRST <= month.year <= LAST
    }
    assert len(ours) == 1571
    assert [month for key, month in ours.items() if other[key] != month] == DISPUTED_IN_THESE_YEARS


def due_in_all_years(rules: BirthdayRules) -> Counter[tuple[int, str]]:
    """How often each key is due for each occurrence, from the year before to the year after."""
    days = (date(LAST + 2, 1, 1) - date(FIRST - 1, 1, 1)).days
    day = date(FIRST - 1, 1, 1)
    return Counter((due.key, due.occurrence) for n in range(days) for due in keys_due(day + timedelta(days=n), rules))


@pytest.mark.parametrize(("leap_month", "day30"), list(product(LeapMonthPolicy, LunarDay30Policy)))
def test_every_lunar_birthday_is_due_exactly_once_for_each_occurrence(
    leap_month: LeapMonthPolicy, day30: LunarDay30Policy
) -> None:
    due = due_in_all_years(BirthdayRules(leap_month=leap_month, lunar_day30=day30))
    expected: set[tuple[int, str]] = set()
    for year, month, day, kind in product(range(FIRST, LAST + 1), range(1, 13), range(1, 31), (10_000, 20_000)):
        key = kind + month * 100 + day
        expected.add((key, f"birthday/lunar-{year}"))
        if leap_month is LeapMonthPolicy.BOTH and find_month(year, month, leap=True):
            expected.add((key, f"birthday/lunar-{year}-leap"))
    found = {entry: times for entry, times in due.items() if FIRST <= lunar_year(entry[1]) <= LAST}
    assert found == dict.fromkeys(expected, 1)


@pytest.mark.parametrize("policy", LeapDayPolicy)
def test_every_solar_birthday_is_due_exactly_once_a_year(policy: LeapDayPolicy) -> None:
    due = due_in_all_years(BirthdayRules(leap_day=policy))
    born = [date(2000, 1, 1) + timedelta(days=n) for n in range(366)]
    expected = {
        (day.month * 100 + day.day, f"birthday/{year}")
        for year, day in product(range(FIRST, LAST + 1), born)
        if (day.month, day.day) != (2, 29) or isleap(year) or policy is not LeapDayPolicy.LEAP_YEARS_ONLY
    }
    found = {entry: times for entry, times in due.items() if FIRST <= solar_year(entry[1]) <= LAST}
    assert found == dict.fromkeys(expected, 1)


def lunar_year(occurrence: str) -> int:
    _, _, name = occurrence.partition("/lunar-")
    return int(name.removesuffix("-leap")) if name else 0


def solar_year(occurrence: str) -> int:
    name = occurrence.removeprefix("birthday/")
    return int(name) if name.isdecimal() else 0


def test_every_solar_term_of_1930_to_2056_is_on_the_day_that_a_second_library_computes() -> None:
    computed = {
        (day.getYear(), day.getMonth(), day.getDay())
        for year in range(FIRST, LAST + 1)
        for day in map(Solar.fromJulianDay, LunarYear.fromYear(year).getJieQiJulianDays())
        if day.getYear() == year
    }
    ours = {
        (day.year, day.month, day.day): term
        for year in range(FIRST, LAST + 1)
        for term in SolarTerm
        if (day := term_date(year, term))
    }
    # The sun reached 300 degrees within seconds of midnight: Major Cold of 1979 is on the 20th or on the 21st.
    assert set(ours) - computed == {(1979, 1, 21)}
    assert computed - set(ours) == {(1979, 1, 20)}
    assert len(ours) == 24 * (LAST - FIRST + 1)
    assert all(term_on(date(*day)) is term for day, term in ours.items())
