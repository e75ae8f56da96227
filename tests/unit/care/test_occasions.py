from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.calendars.birthday_rules import LeapDayPolicy, LunarDay30Policy
from services.care.domain.calendars.day_book import DayBook
from services.care.domain.calendars.lunar import lunar_day
from services.care.domain.calendars.occasion import (
    BUILT_IN,
    Occasion,
    OccasionIsBuiltIn,
    OccasionRetired,
    built_in_id,
    refuse_chain,
)
from services.care.domain.calendars.occasion_rule import OccasionKind, OccasionRule
from services.care.domain.calendars.solar_terms import SolarTerm
from services.care.domain.calendars.statutory import unknown_table
from services.chassis.errors import InvalidField

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SOLAR, LUNAR, NTH = OccasionKind.SOLAR_DATE, OccasionKind.LUNAR_DATE, OccasionKind.NTH_WEEKDAY
TERM, RELATIVE = OccasionKind.SOLAR_TERM, OccasionKind.RELATIVE
OWN = "occ_01JD0000000000000000000001"


def an_occasion(**rule: Any) -> Occasion:
    return Occasion.write(OWN, "Company day", name_zh="司庆日", rule=OccasionRule(**rule), now=NOW)


def a_book(*own: Occasion) -> DayBook:
    return DayBook(occasions=BUILT_IN | {each.id: each for each in own}, blackouts=(), tables=unknown_table)


def days_of(occasion_id: str, years: tuple[int, int], *own: Occasion) -> list[str]:
    found = a_book(*own).occasion_dates(occasion_id, first=date(years[0], 1, 1), last=date(years[1], 12, 31))
    return [each.day.isoformat() for each in found]


# The dates are those of the announcements and almanacs, not of our own table.
@pytest.mark.parametrize(
    ("code", "days"),
    [
        (
            "spring_festival",
            (
                "2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23 2032-02-11 2033-01-31 2034-02-19 "
                "2035-02-08 2036-01-28"
            ),
        ),
        (
            "mid_autumn",
            (
                "2026-09-25 2027-09-15 2028-10-03 2029-09-22 2030-09-12 2031-10-01 2032-09-19 2033-09-08 2034-09-27 "
                "2035-09-16 2036-10-04"
            ),
        ),
        (
            "mother",
            (
                "2026-05-10 2027-05-09 2028-05-14 2029-05-13 2030-05-12 2031-05-11 2032-05-09 2033-05-08 2034-05-14 "
                "2035-05-13 2036-05-11"
            ),
        ),
    ],
)
def test_one_occasion_falls_on_the_right_day_of_eleven_years_without_a_clone_for_each(code: str, days: str) -> None:
    assert days_of(built_in_id(code), (2026, 2036)) == days.split()


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("new_year", ["2026-01-01"]),
        ("laba", ["2026-01-26"]),
        ("new_years_eve", ["2026-02-16"]),
        ("lantern", ["2026-03-03"]),
        ("women", ["2026-03-08"]),
        ("qingming", ["2026-04-05"]),
        ("father", ["2026-06-21"]),
        ("dragon_boat", ["2026-06-19"]),
        ("qixi", ["2026-08-19"]),
        ("teacher", ["2026-09-10"]),
        ("national", ["2026-10-01"]),
        ("double_ninth", ["2026-10-18"]),
        ("thanksgiving", ["2026-11-26"]),
        ("winter_solstice", ["2026-12-22"]),
        ("christmas", ["2026-12-25"]),
    ],
)
def test_the_built_in_occasions_fall_on_their_days_of_2026(code: str, days: list[str]) -> None:
    assert days_of(built_in_id(code), (2026, 2026)) == days


def test_every_built_in_occasion_has_two_names_and_a_rule_that_its_check_accepts() -> None:
    assert len(BUILT_IN) == 25
    for occasion in BUILT_IN.values():
        assert occasion.rule.checked() == occasion.rule
        assert occasion.name_en.isascii()
        assert not occasion.name_zh.isascii()


def test_a_lunar_occasion_that_comes_twice_in_a_civil_year_has_two_names() -> None:
    book, laba = a_book(), built_in_id("laba")
    found = book.occasion_dates(laba, first=date(2022, 1, 1), last=date(2023, 12, 31))
    assert [(each.day.isoformat(), each.occurrence) for each in found] == [
        ("2022-01-10", "L2021"),
        ("2022-12-30", "L2022"),
    ]


def test_a_relative_occasion_bears_the_name_of_the_coming_it_is_counted_from() -> None:
    after = an_occasion(kind=RELATIVE, base_id=built_in_id("christmas"), offset_days=10)
    (found,) = a_book(after).occasion_dates(OWN, first=date(2027, 1, 1), last=date(2027, 12, 1))
    assert (found.day, found.occurrence) == (date(2027, 1, 4), "2026")


def test_n_days_before_an_occasion_follows_it_from_year_to_year() -> None:
    before = an_occasion(kind=RELATIVE, base_id=built_in_id("qingming"), offset_days=-3)
    assert days_of(OWN, (2026, 2028), before) == ["2026-04-02", "2027-04-02", "2028-04-01"]


def test_the_fifth_weekday_is_the_last_one_of_the_month() -> None:
    last_friday = an_occasion(kind=NTH, month=2, weekday=5, nth=5)
    assert days_of(OWN, (2026, 2029), last_friday) == ["2026-02-27", "2027-02-26", "2028-02-25", "2029-02-23"]


@pytest.mark.parametrize(
    ("policy", "days"),
    [
        (LeapDayPolicy.FEB_28, ["2027-02-28", "2028-02-29"]),
        (LeapDayPolicy.MAR_1, ["2027-03-01", "2028-02-29"]),
        (LeapDayPolicy.LEAP_YEARS_ONLY, ["2028-02-29"]),
    ],
)
def test_a_company_founded_on_29_february_has_its_day_by_the_policy(policy: LeapDayPolicy, days: list[str]) -> None:
    assert days_of(OWN, (2027, 2028), an_occasion(kind=SOLAR, month=2, day=29, leap_day=policy)) == days


@pytest.mark.parametrize(
    ("policy", "day"), [(LunarDay30Policy.DAY_29, "2026-02-16"), (LunarDay30Policy.NEXT_MONTH_FIRST, "2026-02-17")]
)
def test_day_30_of_a_short_lunar_month_follows_the_policy(policy: LunarDay30Policy, day: str) -> None:
    assert days_of(OWN, (2026, 2026), an_occasion(kind=LUNAR, month=12, day=30, lunar_day30=policy)) == [day]


def test_beyond_the_lunar_table_no_day_is_promised() -> None:
    assert days_of(built_in_id("spring_festival"), (2101, 2105)) == []
    assert days_of(built_in_id("qingming"), (2101, 2105)) == []
    assert days_of(built_in_id("christmas"), (9999, 9999)) == ["9999-12-25"]


def test_an_occasion_that_nobody_knows_falls_on_no_day() -> None:
    assert days_of(OWN, (2026, 2026)) == []
    orphan = an_occasion(kind=RELATIVE, base_id="occ_01JD0000000000000000000009", offset_days=1)
    assert days_of(OWN, (2026, 2026), orphan) == []


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({"kind": SOLAR, "month": 13, "day": 1}, "rule.month"),
        ({"kind": SOLAR, "month": 2, "day": 30}, "rule.day"),
        ({"kind": SOLAR, "month": 2}, "rule.day"),
        ({"kind": LUNAR, "month": 0, "day": 1}, "rule.month"),
        ({"kind": LUNAR, "month": 1, "day": 31}, "rule.day"),
        ({"kind": NTH, "month": 5, "weekday": 8, "nth": 2}, "rule.weekday"),
        ({"kind": NTH, "month": 5, "weekday": 7, "nth": 6}, "rule.nth"),
        ({"kind": TERM}, "rule.term"),
        ({"kind": RELATIVE, "offset_days": 1}, "rule.base_id"),
        ({"kind": RELATIVE, "base_id": OWN}, "rule.offset_days"),
        ({"kind": RELATIVE, "base_id": OWN, "offset_days": -181}, "rule.offset_days"),
    ],
)
def test_a_rule_that_names_no_day_is_refused_by_its_field(rule: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidField) as refused:
        an_occasion(**rule)
    assert refused.value.field == field


def test_what_a_kind_does_not_use_is_not_stored() -> None:
    given = OccasionRule(kind=TERM, term=SolarTerm.QINGMING, month=4, day=5, base_id=OWN, offset_days=4)
    assert given.checked() == OccasionRule(kind=TERM, term=SolarTerm.QINGMING)


def test_a_relative_occasion_of_a_relative_one_is_refused() -> None:
    rule = OccasionRule(kind=RELATIVE, base_id=built_in_id("new_years_eve"), offset_days=-1)
    with pytest.raises(InvalidField) as refused:
        refuse_chain(rule, BUILT_IN[rule.base_id])
    assert refused.value.field == "rule.base_id"
    with pytest.raises(InvalidField):
        refuse_chain(rule, None)
    with pytest.raises(OccasionRetired):
        refuse_chain(rule, replace(BUILT_IN[built_in_id("qixi")], retired=True))


def test_a_built_in_or_retired_occasion_cannot_be_changed() -> None:
    qixi = BUILT_IN[built_in_id("qixi")]
    with pytest.raises(OccasionIsBuiltIn):
        qixi.retire(NOW)
    retired = an_occasion(kind=SOLAR, month=6, day=18).retire(NOW)
    with pytest.raises(OccasionRetired):
        retired.rewrite("Other", "其他", rule=retired.rule, now=NOW)


def test_a_retired_occasion_still_resolves_for_what_was_planned_by_it() -> None:
    retired = an_occasion(kind=SOLAR, month=6, day=18).retire(NOW)
    assert days_of(OWN, (2026, 2026), retired) == ["2026-06-18"]


RULES = st.one_of(
    st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda d: OccasionRule(kind=SOLAR, month=d.month, day=d.day)),
    st.builds(OccasionRule, kind=st.just(LUNAR), month=st.integers(1, 12), day=st.integers(1, 30)),
    st.builds(
        OccasionRule, kind=st.just(NTH), month=st.integers(1, 12), weekday=st.integers(1, 7), nth=st.integers(1, 5)
    ),
    st.builds(OccasionRule, kind=st.just(TERM), term=st.sampled_from(SolarTerm)),
)


@given(rule=RULES, year=st.integers(1930, 2090))
def test_every_occasion_comes_once_for_each_name_in_order_and_within_the_span_asked_for(
    rule: OccasionRule, year: int
) -> None:
    first, last = date(year, 1, 1), date(year + 3, 12, 31)
    found = list(rule.dates(first, last))
    assert 3 <= len(found) <= 5
    assert [each.day for each in found] == sorted({each.day for each in found})
    assert len({each.occurrence for each in found}) == len(found)
    assert all(first <= each.day <= last for each in found)
    for each in found:
        assert list(rule.dates(each.day, each.day)) == [each]
        assert (each.day - timedelta(days=1)) not in {other.day for other in found}


@given(day=st.dates(date(1930, 1, 1), date(2056, 12, 31)))
def test_a_lunar_date_falls_where_the_calendar_says_it_is(day: date) -> None:
    place = lunar_day(day)
    rule = OccasionRule(kind=LUNAR, month=place.month.number, day=place.day)
    found = list(rule.dates(day, day))
    assert bool(found) is not place.month.leap
    assert all(each.occurrence == f"L{place.month.year}" for each in found)
