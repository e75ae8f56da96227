"""Periods counted from one anchor: no drift, no gap, no overlap."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.domain.terms.periods import (
    Span,
    add_months_to_end,
    add_period,
    local_day,
    month_end,
    months_in,
    starts_at,
    tiles,
    whole_tiles,
)
from services.contracts.domain.terms.terms import AnchorMode, Period, PeriodUnit

DAY = timedelta(days=1)
MONTHLY, YEARLY = Period(PeriodUnit.MONTH, 1), Period(PeriodUnit.YEAR, 1)
ANNIVERSARY, CALENDAR, END_OF_MONTH = AnchorMode.ANNIVERSARY, AnchorMode.CALENDAR, AnchorMode.END_OF_MONTH
FROM, TO = date(1990, 1, 1), date(2100, 12, 31)
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Pacific/Auckland")

days = st.dates(FROM, TO)
periods = st.builds(Period, st.sampled_from(PeriodUnit), st.integers(1, 40))


def _dates(anchor: date, period: Period, *, count: int) -> list[str]:
    return [add_period(anchor, period, k=k).isoformat() for k in range(count)]


def _tile(spans: list[Span], *, first: date, last: date) -> None:
    assert spans[0].start == first
    assert spans[-1].end == last
    assert all(span.start <= span.end for span in spans)
    assert all(later.start - earlier.end == DAY for earlier, later in pairwise(spans))


def test_month_end_does_not_drift() -> None:
    """OCA contract: 31 Jan, 28 Feb, 28 Mar for ever. Stripe's "billing cycle" page: Feb 28 or 29, Mar 31, Apr 30."""
    assert _dates(date(2025, 1, 31), MONTHLY, count=5) == [
        "2025-01-31",
        "2025-02-28",
        "2025-03-31",
        "2025-04-30",
        "2025-05-31",
    ]
    assert add_period(date(2024, 1, 31), MONTHLY, k=1) == date(2024, 2, 29)


def test_a_billing_day_of_31_is_billed_in_every_month() -> None:
    """Kill Bill #127: an account with bill cycle day 31 silently stopped being billed."""
    starts = [span.start for span in tiles(date(2012, 7, 31), MONTHLY, mode=ANNIVERSARY, first=FROM, last=TO)][1:]
    months = [(day.year, day.month) for day in starts]
    assert len(months) == len(set(months)) == 111 * 12
    assert all(day.day == month_end(day).day for day in starts)


def test_a_leap_day_returns_in_leap_years_and_no_year_is_dropped_as_a_duplicate() -> None:
    """Lago #6173 dropped a year; OCA never came back to 29 February."""
    assert _dates(date(2024, 2, 29), YEARLY, count=6) == [
        "2024-02-29",
        "2025-02-28",
        "2026-02-28",
        "2027-02-28",
        "2028-02-29",
        "2029-02-28",
    ]
    assert add_period(date(2096, 2, 29), YEARLY, k=4) == date(2100, 2, 28)


def test_the_days_before_a_leap_days_period_end_belong_to_one_period() -> None:
    """BCApps #5718: 27 to 29 February 2020 was weighed as 3 of 31."""
    spans = list(tiles(date(2020, 2, 1), MONTHLY, mode=ANNIVERSARY, first=date(2020, 2, 27), last=date(2020, 3, 1)))
    assert spans == [Span(date(2020, 2, 27), date(2020, 2, 29)), Span(date(2020, 3, 1), date(2020, 3, 1))]
    whole = next(
        whole_tiles(date(2020, 2, 1), MONTHLY, mode=ANNIVERSARY, first=date(2020, 2, 27), last=date(2020, 3, 1))
    )
    assert (spans[0].days, whole.days) == (3, 29)


@pytest.mark.parametrize("mode", AnchorMode)
@pytest.mark.parametrize(("period", "days_each"), [(Period(PeriodUnit.DAY, 10), 10), (Period(PeriodUnit.WEEK, 2), 14)])
def test_a_ten_day_rhythm_is_not_snapped_to_month_end(mode: AnchorMode, period: Period, days_each: int) -> None:
    """BCApps #10608."""
    spans = list(whole_tiles(date(2026, 1, 31), period, mode=mode, first=date(2026, 1, 31), last=date(2027, 1, 31)))
    assert {span.days for span in spans} == {days_each}
    assert sum(span.end == month_end(span.end) for span in spans) < 6


@pytest.mark.parametrize(
    ("mode", "unit", "expected"),
    [
        (ANNIVERSARY, PeriodUnit.QUARTER, ["2026-02-17..2026-05-16", "2026-05-17..2026-08-16"]),
        (CALENDAR, PeriodUnit.QUARTER, ["2026-02-17..2026-03-31", "2026-04-01..2026-06-30"]),
        (END_OF_MONTH, PeriodUnit.QUARTER, ["2026-02-17..2026-04-30", "2026-05-01..2026-07-31"]),
        (CALENDAR, PeriodUnit.WEEK, ["2026-02-17..2026-02-22", "2026-02-23..2026-03-01"]),
        (CALENDAR, PeriodUnit.YEAR, ["2026-02-17..2026-12-31", "2027-01-01..2027-12-31"]),
        (END_OF_MONTH, PeriodUnit.MONTH, ["2026-02-17..2026-02-28", "2026-03-01..2026-03-31"]),
    ],
)
def test_the_mode_says_where_periods_begin(mode: AnchorMode, unit: PeriodUnit, expected: list[str]) -> None:
    anchor = date(2026, 2, 17)
    spans = list(tiles(anchor, Period(unit, 1), mode=mode, first=anchor, last=date(2027, 12, 31)))
    assert [f"{span.start}..{span.end}" for span in spans[:2]] == expected


def test_periods_tile_110_years_for_every_day_a_month_may_be_anchored_on() -> None:
    for day in range(1, 32):
        for period in (MONTHLY, Period(PeriodUnit.MONTH, 5), Period(PeriodUnit.QUARTER, 1), YEARLY):
            for mode in AnchorMode:
                _tile(list(tiles(date(2000, 1, day), period, mode=mode, first=FROM, last=TO)), first=FROM, last=TO)


@given(days, periods, st.sampled_from(AnchorMode), days, st.integers(0, 4000))
def test_periods_tile_for_any_anchor_period_mode_and_span(
    anchor: date, period: Period, mode: AnchorMode, first: date, length: int
) -> None:
    last = first + timedelta(days=length)
    _tile(list(tiles(anchor, period, mode=mode, first=first, last=last)), first=first, last=last)


@given(days, periods, st.sampled_from(AnchorMode), days)
def test_a_period_does_not_depend_on_where_one_begins_to_look(
    anchor: date, period: Period, mode: AnchorMode, day: date
) -> None:
    (alone,) = whole_tiles(anchor, period, mode=mode, first=day, last=day)
    assert alone.holds(day)
    assert alone in list(whole_tiles(anchor, period, mode=mode, first=day - 40 * DAY, last=day + 40 * DAY))


@given(days, st.integers(1, 24), st.integers(-60, 60))
def test_the_kth_date_counts_from_the_anchor_never_from_the_date_before(anchor: date, count: int, k: int) -> None:
    found = add_period(anchor, Period(PeriodUnit.MONTH, count), k=k)
    assert (found.year * 12 + found.month) - (anchor.year * 12 + anchor.month) == count * k
    assert found.day == min(anchor.day, month_end(found).day)


@given(days, st.integers(1, 40))
def test_a_quarter_is_three_months_and_a_year_twelve(anchor: date, k: int) -> None:
    assert add_period(anchor, Period(PeriodUnit.QUARTER, 1), k=k) == add_period(anchor, MONTHLY, k=3 * k)
    assert add_period(anchor, YEARLY, k=k) == add_period(anchor, MONTHLY, k=12 * k)
    assert add_period(anchor, Period(PeriodUnit.WEEK, 1), k=k) == add_period(anchor, Period(PeriodUnit.DAY, 1), k=7 * k)


@pytest.mark.parametrize("zone", ZONES)
@given(st.dates(date(1991, 1, 1), date(2099, 1, 1)), st.sampled_from(AnchorMode))
def test_periods_of_local_days_leave_no_moment_out(zone: str, anchor: date, mode: AnchorMode) -> None:
    spans = list(whole_tiles(anchor, MONTHLY, mode=mode, first=anchor, last=anchor + 400 * DAY))
    for earlier, later in pairwise(spans):
        moment = starts_at(later.start, zone)
        assert local_day(moment, zone) == later.start
        assert local_day(moment - timedelta(milliseconds=1), zone) == earlier.end


def test_a_day_begins_at_one_oclock_where_the_clock_skips_midnight() -> None:
    assert starts_at(date(2018, 11, 4), "America/Sao_Paulo") == datetime(2018, 11, 4, 3, tzinfo=UTC)
    assert starts_at(date(2026, 11, 22), "Asia/Shanghai") == datetime(2026, 11, 21, 16, tzinfo=UTC)


def test_a_span_knows_whether_it_is_whole_months() -> None:
    assert months_in(Span(date(2026, 1, 1), date(2026, 12, 31))) == 12
    assert months_in(Span(date(2024, 2, 29), date(2025, 2, 27))) == 12
    assert months_in(Span(date(2026, 1, 15), date(2026, 2, 13))) == 0


def test_from_a_month_end_one_comes_to_month_ends() -> None:
    assert add_months_to_end(date(2026, 2, 28), 1) == date(2026, 3, 31)
    assert add_months_to_end(date(2026, 2, 27), 1) == date(2026, 3, 27)


def test_a_period_of_no_units_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one unit"):
        list(tiles(FROM, Period(PeriodUnit.MONTH, 0), mode=ANNIVERSARY, first=FROM, last=TO))
