from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar, birthday_key
from services.care.domain.calendars.birthday_rules import (
    BirthdayRules,
    DueKey,
    LeapDayPolicy,
    LeapMonthPolicy,
    LunarDay30Policy,
    keys_due,
    next_date,
)
from services.care.domain.calendars.lunar import OutsideLunarTable, find_month, lunar_day

SOLAR, LUNAR = BirthdayCalendar.SOLAR, BirthdayCalendar.LUNAR
FEB_28 = BirthdayRules(leap_day=LeapDayPolicy.FEB_28)
MAR_1 = BirthdayRules(leap_day=LeapDayPolicy.MAR_1)
LEAP_YEARS_ONLY = BirthdayRules(leap_day=LeapDayPolicy.LEAP_YEARS_ONLY)
REGULAR = BirthdayRules(leap_month=LeapMonthPolicy.REGULAR_MONTH)
LEAP = BirthdayRules(leap_month=LeapMonthPolicy.LEAP_MONTH)
BOTH = BirthdayRules(leap_month=LeapMonthPolicy.BOTH)
NEXT_FIRST = BirthdayRules(lunar_day30=LunarDay30Policy.NEXT_MONTH_FIRST)
BORN_29_FEB = 229


def occurrences_of(key: int, day: date, *, rules: BirthdayRules) -> list[str]:
    return [due.occurrence for due in keys_due(day, rules) if due.key == key]


def test_a_day_is_asked_for_as_one_solar_and_its_lunar_keys() -> None:
    assert keys_due(date(2026, 2, 17), REGULAR) == (
        DueKey(217, "birthday/2026"),
        DueKey(10101, "birthday/lunar-2026"),
        DueKey(20101, "birthday/lunar-2026"),
    )


@pytest.mark.parametrize(
    ("rules", "greeted"),
    [(FEB_28, [date(2027, 2, 28)]), (MAR_1, [date(2027, 3, 1)]), (LEAP_YEARS_ONLY, [])],
)
def test_29_february_in_a_common_year_follows_the_policy(rules: BirthdayRules, greeted: list[date]) -> None:
    days = [date(2027, 2, 27) + timedelta(days=n) for n in range(4)]
    assert [day for day in days if occurrences_of(BORN_29_FEB, day, rules=rules)] == greeted


@pytest.mark.parametrize("rules", [FEB_28, MAR_1, LEAP_YEARS_ONLY])
def test_29_february_in_a_leap_year_is_29_february_under_every_policy(rules: BirthdayRules) -> None:
    days = [date(2028, 2, 28) + timedelta(days=n) for n in range(3)]
    assert [day for day in days if occurrences_of(BORN_29_FEB, day, rules=rules)] == [date(2028, 2, 29)]


# 2025 has a leap month 6: the regular one begins on 25 June, the leap one on 25 July.
REGULAR_6_15, LEAP_6_15 = date(2025, 7, 9), date(2025, 8, 8)
BORN_6_15, BORN_LEAP_6_15 = 10615, 20615


@pytest.mark.parametrize(
    ("rules", "key", "in_regular", "in_leap"),
    [
        (REGULAR, BORN_6_15, ["birthday/lunar-2025"], []),
        (REGULAR, BORN_LEAP_6_15, ["birthday/lunar-2025"], []),
        (LEAP, BORN_6_15, ["birthday/lunar-2025"], []),
        (LEAP, BORN_LEAP_6_15, [], ["birthday/lunar-2025"]),
        (BOTH, BORN_6_15, ["birthday/lunar-2025"], ["birthday/lunar-2025-leap"]),
        (BOTH, BORN_LEAP_6_15, ["birthday/lunar-2025"], ["birthday/lunar-2025-leap"]),
    ],
)
def test_a_leap_month_is_celebrated_by_its_policy(
    rules: BirthdayRules, key: int, in_regular: list[str], in_leap: list[str]
) -> None:
    assert occurrences_of(key, REGULAR_6_15, rules=rules) == in_regular
    assert occurrences_of(key, LEAP_6_15, rules=rules) == in_leap


@pytest.mark.parametrize("rules", [REGULAR, LEAP, BOTH])
def test_a_leap_month_birthday_is_celebrated_in_the_regular_month_of_a_year_without_that_leap_month(
    rules: BirthdayRules,
) -> None:
    sixth_month = find_month(2026, 6)
    assert sixth_month is not None
    assert occurrences_of(BORN_LEAP_6_15, sixth_month.date_of(15), rules=rules) == ["birthday/lunar-2026"]


def test_day_30_of_a_short_month_is_celebrated_on_day_29_or_on_the_first_of_the_next() -> None:
    # Month 12 of lunar 2025 has 29 days: 16 February 2026 is its last, 17 February is Spring Festival.
    assert occurrences_of(11230, date(2026, 2, 16), rules=REGULAR) == ["birthday/lunar-2025"]
    assert occurrences_of(11230, date(2026, 2, 17), rules=REGULAR) == []
    assert occurrences_of(11230, date(2026, 2, 16), rules=NEXT_FIRST) == []
    assert occurrences_of(11230, date(2026, 2, 17), rules=NEXT_FIRST) == ["birthday/lunar-2025"]


def test_a_lunar_birthday_that_falls_twice_into_one_civil_year_is_two_occurrences() -> None:
    born_11_20 = Birthday(LUNAR, 11, 20)
    first = next_date(born_11_20, REGULAR, after=date(2024, 12, 31))
    assert first == date(2026, 1, 8)  # none in the whole of 2025
    second = next_date(born_11_20, REGULAR, after=first)
    assert second == date(2026, 12, 28)
    assert occurrences_of(11120, first, rules=REGULAR) == ["birthday/lunar-2025"]
    assert occurrences_of(11120, second, rules=REGULAR) == ["birthday/lunar-2026"]


def test_the_second_greeting_of_a_short_leap_month_is_never_on_the_day_of_the_first() -> None:
    both_next = BirthdayRules(leap_month=LeapMonthPolicy.BOTH, lunar_day30=LunarDay30Policy.NEXT_MONTH_FIRST)
    for year in range(1930, 2057):
        for month in range(1, 13):
            birthday = Birthday(LUNAR, month, 30, leap_month=True)
            start = date(year, 1, 1)
            first = next_date(birthday, both_next, after=start)
            assert first is not None
            second = next_date(birthday, both_next, after=first)
            assert second is not None
            assert second > first


@pytest.mark.parametrize("day", [date(1900, 1, 30), date(2101, 1, 29)])
def test_a_day_outside_the_lunar_table_is_refused_instead_of_guessed(day: date) -> None:
    with pytest.raises(OutsideLunarTable):
        lunar_day(day)


def test_the_first_and_the_last_day_of_the_lunar_table_are_known() -> None:
    assert (lunar_day(date(1900, 1, 31)).month.year, lunar_day(date(1900, 1, 31)).day) == (1900, 1)
    assert (lunar_day(date(2101, 1, 28)).month.year, lunar_day(date(2101, 1, 28)).month.number) == (2100, 12)
    assert keys_due(date(1900, 1, 31), NEXT_FIRST)[1] == DueKey(10101, "birthday/lunar-1900")


def test_no_next_date_is_promised_beyond_the_lunar_table() -> None:
    assert next_date(Birthday(LUNAR, 12, 30), NEXT_FIRST, after=date(2101, 1, 28)) is None
    assert next_date(Birthday(SOLAR, 2, 29), LEAP_YEARS_ONLY, after=date(2096, 2, 29)) == date(2104, 2, 29)


RULES = st.builds(
    BirthdayRules,
    leap_day=st.sampled_from(LeapDayPolicy),
    leap_month=st.sampled_from(LeapMonthPolicy),
    lunar_day30=st.sampled_from(LunarDay30Policy),
)
BIRTHDAYS = st.one_of(
    st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda d: Birthday(SOLAR, d.month, d.day)),
    st.builds(
        Birthday,
        calendar=st.just(LUNAR),
        month=st.integers(1, 12),
        day=st.integers(1, 30),
        leap_month=st.booleans(),
    ),
)


@given(birthday=BIRTHDAYS, rules=RULES, after=st.dates(date(1930, 1, 1), date(2056, 12, 31)))
def test_the_next_date_is_the_first_day_on_which_the_birthday_is_due(
    birthday: Birthday, rules: BirthdayRules, after: date
) -> None:
    found = next_date(birthday, rules, after=after)
    assert found is not None
    key = birthday_key(birthday)
    assert occurrences_of(key, found, rules=rules)
    waiting = min((found - after).days, 400)
    assert not [n for n in range(1, waiting) if occurrences_of(key, found - timedelta(days=n), rules=rules)]
