import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kpi.domain.indicator import (
    CASES_CLOSED_ON_TIME,
    INDICATORS,
    IndicatorNotFound,
    IndicatorValue,
    find_indicator,
    wilson_interval,
)


def value(numerator: int, denominator: int) -> IndicatorValue:
    return IndicatorValue(
        employee_id="emp_1",
        indicator=CASES_CLOSED_ON_TIME,
        month="2026-03",
        numerator=numerator,
        denominator=denominator,
    )


@pytest.mark.parametrize(
    ("successes", "sample", "low", "high"),
    [
        # Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998),
        # table I, method 3 (score, no continuity correction).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_interval_is_the_published_one(successes: int, sample: int, low: float, high: float) -> None:
    assert list(wilson_interval(successes, sample)) == pytest.approx([low, high], abs=5e-5)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_rate_and_stays_within_0_and_1(case: tuple[int, int]) -> None:
    successes, sample = case
    low, high = wilson_interval(successes, sample)
    assert 0 <= low <= successes / sample <= high <= 1
    mirrored = wilson_interval(sample - successes, sample)
    assert list(mirrored) == pytest.approx([1 - high, 1 - low])


def test_a_value_below_the_minimum_sample_is_insufficient_and_still_shows_rate_and_interval() -> None:
    four = value(3, 4)
    assert (four.sufficient, four.rate) == (False, 0.75)
    assert four.interval is not None
    assert value(4, 5).sufficient


def test_without_facts_there_is_no_rate_and_no_interval() -> None:
    assert (value(0, 0).rate, value(0, 0).interval, value(0, 0).sufficient) == (None, None, False)


def test_every_indicator_is_named_in_both_languages() -> None:
    for key, indicator in INDICATORS.items():
        assert key == indicator.key
        assert all((indicator.name_en, indicator.name_zh, indicator.formula_en, indicator.formula_zh))


def test_an_unknown_indicator_is_refused() -> None:
    with pytest.raises(IndicatorNotFound):
        find_indicator("happiness")
