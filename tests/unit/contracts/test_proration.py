"""Parts of periods: golden tables of public documentation, and the identity that parts add up to the price."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.domain.terms.money import Money, rounded, scaled, split, total
from services.contracts.domain.terms.periods import Span, add_period, tiles, whole_tiles
from services.contracts.domain.terms.proration import days_30e_360, days_365, months_begun, prorate
from services.contracts.domain.terms.terms import AnchorMode, DayCount, Period, PeriodUnit

MONTHLY = Period(PeriodUnit.MONTH, 1)
DAY = timedelta(days=1)


def _cny(yuan: int) -> Money:
    return Money("CNY", yuan * 100)


def _span(start: str, end: str) -> Span:
    return Span(date.fromisoformat(start), date.fromisoformat(end))


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        # Stripe, "Backdate subscriptions": 15 February to 1 March is 14 of 28 days of an imagined month, exactly half;
        # 15 January to 1 February is 17 of 31. https://docs.stripe.com/billing/subscriptions/backdating
        (("2025-02-15", "2025-02-28"), ("2025-02-15", "2025-03-14"), "CNY 100.00 × 14/28 = CNY 50.00 (ACT/ACT)"),
        (("2025-01-15", "2025-01-31"), ("2025-01-15", "2025-02-14"), "CNY 100.00 × 17/31 = CNY 54.84 (ACT/ACT)"),
        # Business Central, BCApps #5718: 27 to 29 February 2020 is 3 of 29 days, not 3 of 31.
        (
            ("2020-02-27", "2020-02-29"),
            ("2020-02-01", "2020-02-29"),
            "CNY 100.00 × 29/29 − CNY 100.00 × 26/29 = CNY 100.00 − CNY 89.66 = CNY 10.34 (ACT/ACT)",
        ),
    ],
)
def test_published_examples_of_actual_days(part: tuple[str, str], whole: tuple[str, str], expected: str) -> None:
    found = prorate(_cny(100), part=_span(*part), whole=_span(*whole), day_count=DayCount.ACT_ACT)
    assert found.formula == expected


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        # The examples of ISDA for 30E/360 (2006 Definitions, section 4.16(g); ICMA rule 251 is the same count), as
        # QuantLib's day counter tests list them: https://github.com/lballabio/QuantLib test-suite/daycounters.cpp
        ("2007-01-15", "2007-01-30", 15),
        ("2007-01-15", "2007-02-15", 30),
        ("2007-01-15", "2007-07-15", 180),
        ("2007-09-30", "2008-03-31", 180),
        ("2007-09-30", "2007-10-31", 30),
        ("2007-09-30", "2008-09-30", 360),
        ("2007-01-15", "2007-01-31", 15),
        ("2007-01-31", "2007-02-28", 28),
        ("2007-02-28", "2007-03-31", 32),
        ("2006-08-31", "2007-02-28", 178),
        ("2007-02-28", "2007-08-31", 182),
        ("2007-02-14", "2007-02-28", 14),
        ("2007-02-26", "2008-02-29", 363),
        ("2008-02-29", "2009-02-28", 359),
        ("2008-02-29", "2008-03-31", 31),
        ("2007-02-28", "2007-03-05", 7),
        ("2007-10-31", "2007-11-28", 28),
        ("2007-08-31", "2008-02-29", 179),
        ("2008-02-29", "2008-08-31", 181),
    ],
)
def test_published_examples_of_30e_360(start: str, end: str, days: int) -> None:
    assert days_30e_360(date.fromisoformat(start), date.fromisoformat(end)) == days


@pytest.mark.parametrize("day_count", DayCount)
def test_twelve_months_are_not_billed_as_eleven(day_count: DayCount) -> None:
    """ERPNext #57768: twelve months at 20 came to 220."""
    year = _span("2026-01-01", "2026-12-31")
    months = list(tiles(year.start, MONTHLY, mode=AnchorMode.ANNIVERSARY, first=year.start, last=year.end))
    parts = [prorate(_cny(240), part=month, whole=year, day_count=day_count).amount for month in months]
    assert len(parts) == 12
    assert total(parts, "CNY") == _cny(240)
    assert [prorate(_cny(20), part=month, whole=month, day_count=day_count).amount for month in months] == 12 * [
        _cny(20)
    ]


def test_february_is_not_prorated_by_31() -> None:
    february = _span("2026-02-01", "2026-02-28")
    half = _span("2026-02-01", "2026-02-14")
    for day_count, formula in {
        DayCount.ACT_ACT: "CNY 280.00 × 14/28 = CNY 140.00 (ACT/ACT)",
        DayCount.ACT_365: "CNY 280.00 × 14/28 = CNY 140.00 (ACT/365)",
        DayCount.THIRTY_360: "CNY 280.00 × 14/30 = CNY 130.67 (30/360)",
        DayCount.WHOLE_MONTHS: "CNY 280.00 × 1/1 = CNY 280.00 (1/1)",
    }.items():
        assert prorate(_cny(280), part=half, whole=february, day_count=day_count).formula == formula


def test_a_day_of_a_leap_year_costs_a_365th_by_act_365_and_a_366th_by_act_act() -> None:
    year, january = _span("2024-01-01", "2024-12-31"), _span("2024-01-01", "2024-01-31")
    fixed = prorate(_cny(3650), part=january, whole=year, day_count=DayCount.ACT_365)
    actual = prorate(_cny(3650), part=january, whole=year, day_count=DayCount.ACT_ACT)
    assert fixed.amount == _cny(310)
    assert actual.amount == Money("CNY", 30915)


def test_a_period_that_weighs_nothing_is_counted_in_days() -> None:
    leap_day = _span("2024-02-29", "2024-02-29")
    assert prorate(_cny(5), part=leap_day, whole=leap_day, day_count=DayCount.ACT_365).formula == (
        "CNY 5.00 × 1/1 = CNY 5.00 (ACT/ACT)"
    )


def test_a_month_clamped_at_both_ends_is_one_month() -> None:
    assert months_begun(date(2026, 2, 28), date(2026, 3, 31)) == 1
    assert months_begun(date(2026, 1, 31), date(2026, 12, 31)) == 11
    assert months_begun(date(2026, 1, 1), date(2026, 1, 1)) == 0


def test_a_part_outside_of_its_period_is_refused() -> None:
    with pytest.raises(ValueError, match="not inside"):
        prorate(
            _cny(1),
            part=_span("2026-01-31", "2026-02-01"),
            whole=_span("2026-02-01", "2026-02-28"),
            day_count=DayCount.ACT_ACT,
        )


@given(
    st.integers(-(10**12), 10**12),
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.integers(1, 1500),
    st.lists(st.integers(0, 1500), max_size=8),
    st.sampled_from(DayCount),
)
def test_the_parts_of_any_partition_add_up_to_the_price(
    units: int, start: date, length: int, cuts: list[int], day_count: DayCount
) -> None:
    whole = Span(start, start + timedelta(days=length - 1))
    edges = sorted({0, length, *(cut for cut in cuts if cut < length)})
    parts = [Span(start + timedelta(days=one), start + timedelta(days=two - 1)) for one, two in pairwise(edges)]
    amounts = [prorate(Money("CNY", units), part=part, whole=whole, day_count=day_count).amount for part in parts]
    assert total(amounts, "CNY") == Money("CNY", units)
    assert all(amount.minor_units * units >= 0 for amount in amounts)


@given(st.integers(1, 31), st.integers(0, 27), st.sampled_from(DayCount), st.integers(1, 10**9))
def test_a_stub_and_the_rest_of_its_month_cost_a_month(day: int, cut: int, day_count: DayCount, units: int) -> None:
    for whole in whole_tiles(
        date(2024, 1, day), MONTHLY, mode=AnchorMode.ANNIVERSARY, first=date(2024, 1, day), last=date(2025, 3, 1)
    ):
        stub = Span(whole.start, whole.start + timedelta(days=cut))
        parts = [stub] if stub.end >= whole.end else [stub, Span(stub.end + DAY, whole.end)]
        found = [prorate(Money("CNY", units), part=part, whole=whole, day_count=day_count).amount for part in parts]
        assert total(found, "CNY").minor_units == units


@given(st.dates(date(1990, 1, 1), date(2099, 1, 1)), st.integers(0, 30))
def test_a_year_by_act_365_weighs_365_days_wherever_it_begins(start: date, years: int) -> None:
    end = add_period(start, Period(PeriodUnit.YEAR, 1), k=years)
    assert days_365(start, end) == 365 * years


@given(st.integers(-(10**15), 10**15), st.lists(st.integers(0, 1000), min_size=1, max_size=12).filter(any))
def test_a_split_adds_up_and_no_part_is_off_by_a_whole_unit(units: int, weights: list[int]) -> None:
    parts = split(Money("CNY", units), weights)
    assert total(parts, "CNY").minor_units == units
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor_units - Fraction(units * weight, sum(weights))) < 1


def test_the_largest_remainder_gets_the_unit_that_is_left() -> None:
    assert [part.minor_units for part in split(_cny(1), [1, 1, 1])] == [34, 33, 33]
    assert [part.minor_units for part in split(Money("CNY", -100), [1, 1, 1])] == [-34, -33, -33]
    assert [part.minor_units for part in split(Money("JPY", 10), [0, 5, 6])] == [0, 5, 5]
    with pytest.raises(ValueError, match="above zero"):
        split(_cny(1), [0, 0])


def test_a_half_goes_away_from_zero_so_that_a_credit_mirrors_its_charge() -> None:
    assert (rounded(Fraction(5, 2)), rounded(Fraction(-5, 2)), rounded(Fraction(7, 3))) == (3, -3, 2)
    assert scaled(Money("CNY", 333), Fraction(1, 2)) == Money("CNY", 167)


def test_currencies_do_not_mix_and_are_written_with_their_own_decimals() -> None:
    with pytest.raises(ValueError, match="CNY and USD do not add up"):
        total([_cny(1), Money("USD", 1)], "CNY")
    assert [str(Money(code, -1234)) for code in ("CNY", "JPY", "KWD")] == ["CNY -12.34", "JPY -1234", "KWD -1.234"]
