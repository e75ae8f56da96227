"""The models against the estimates that their authors published for the CDNOW sample.

The sample (2,357 customers, a tenth of those who first bought at CDNOW in the first quarter of 1997) is public:
http://www.brucehardie.com/datasets/. The package `lifetimes` ships it; its files are read, its code is not.
"""

import csv
from dataclasses import replace
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import hyp2f1

from services.contracts.domain.figures.buying import Buying, Histories, NotFitted, log_likelihood
from services.contracts.domain.figures.spending import Spending, value_ahead

PUBLISHED = Buying(r=0.243, alpha=4.414, a=0.793, b=2.426)
"""Fader, Hardie, Lee (2005), Marketing Science 24, table 2."""
PUBLISHED_SPENDING = Spending(p=6.25, q=3.74, v=15.44)
"""Fader, Hardie, Lee (2005), Journal of Marketing Research 42, p. 423."""


@cache
def cdnow() -> tuple[Histories, np.ndarray]:
    """Return the histories in weeks up to 30 September 1997, and the mean amount of each customer's repeats."""
    name = "lifetimes/datasets/cdnow_customers_summary_with_transactions.csv"
    text = Path(str(distribution("lifetimes").locate_file(name))).read_text()
    table = csv.DictReader(text.splitlines())
    rows = np.array([[float(row[key]) for key in ("x", "t_x", "T", "zbar")] for row in table])
    return Histories.of(rows[:, 0], last=rows[:, 1], observed=rows[:, 2]), rows[:, 3]


@cache
def fitted() -> Buying:
    return Buying.fit(cdnow()[0])


@cache
def fitted_spending() -> Spending:
    histories, average = cdnow()
    return Spending.fit(histories.repeats, average)


def history(repeats: float, *, last: float, observed: float) -> Histories:
    return Histories.of([repeats], last=[last], observed=[observed])


def test_the_sample_is_the_published_one() -> None:
    histories, average = cdnow()
    assert len(histories.repeats) == 2357
    assert (int((histories.repeats > 0).sum()), int(histories.repeats.sum())) == (946, 2457)
    assert average[histories.repeats > 0].mean() == pytest.approx(35.08, abs=0.01)


def test_bg_nbd_reproduces_the_published_estimates_on_cdnow_within_one_percent() -> None:
    found = fitted()
    assert found.r == pytest.approx(PUBLISHED.r, rel=0.01)
    assert found.alpha == pytest.approx(PUBLISHED.alpha, rel=0.01)
    assert found.a == pytest.approx(PUBLISHED.a, rel=0.01)
    assert found.b == pytest.approx(PUBLISHED.b, rel=0.01)
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.05)


def test_gamma_gamma_reproduces_the_published_estimates_on_cdnow_within_one_percent() -> None:
    found = fitted_spending()
    assert found.p == pytest.approx(PUBLISHED_SPENDING.p, rel=0.01)
    assert found.q == pytest.approx(PUBLISHED_SPENDING.q, rel=0.01)
    assert found.v == pytest.approx(PUBLISHED_SPENDING.v, rel=0.01)


def test_no_other_parameters_are_likelier_than_those_found() -> None:
    histories, _ = cdnow()
    best = fitted()
    for name in ("r", "alpha", "a", "b"):
        for factor in (0.98, 1.02):
            other = replace(best, **{name: getattr(best, name) * factor})
            assert log_likelihood(other, histories) < best.log_likelihood


def test_the_expected_purchases_are_those_of_the_authors_spreadsheet() -> None:
    """Customer 1 in 39 weeks ahead: http://brucehardie.com/notes/004/."""
    assert PUBLISHED.purchases(history(2, last=30.43, observed=38.86), 39)[0] == pytest.approx(1.226, abs=0.001)


def test_the_expected_amounts_are_those_of_the_authors_spreadsheet() -> None:
    """The first ten customers: http://brucehardie.com/notes/025/."""
    histories, average = cdnow()
    found = fitted_spending().average(histories.repeats[:10], average[:10])
    expected = [24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17]
    assert found == pytest.approx(expected, abs=0.02)


def test_who_never_bought_again_counts_as_alive_and_who_stopped_long_ago_does_not() -> None:
    assert PUBLISHED.alive(history(0, last=0, observed=38.86))[0] == 1
    assert PUBLISHED.alive(history(10, last=38, observed=38.86))[0] > 0.9
    assert PUBLISHED.alive(history(10, last=5, observed=38.86))[0] < 0.001


def test_a_history_too_long_for_powers_is_computed_in_logarithms() -> None:
    busy = history(5000, last=900, observed=1000)
    assert np.isfinite(log_likelihood(PUBLISHED, busy))
    assert 0 <= PUBLISHED.alive(busy)[0] <= 1
    assert np.isfinite(PUBLISHED.purchases(history(5000, last=1000, observed=1000), 52)[0])


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 300),
    st.floats(0, 1),
    st.floats(0.1, 500),
    st.floats(0.05, 5),
    st.floats(0.05, 50),
    st.floats(0.05, 5),
    st.floats(0.05, 10),
)
def test_expectations_are_finite_never_negative_and_grow_with_time(
    x: int, part: float, observed: float, r: float, alpha: float, a: float, b: float
) -> None:
    model = Buying(r, alpha, a, b)
    one = history(x, last=observed * part if x else 0, observed=observed)
    short, long = model.purchases(one, 10)[0], model.purchases(one, 20)[0]
    assert 0 <= model.alive(one)[0] <= 1
    assert np.isfinite(log_likelihood(model, one))
    assert 0 <= short <= long
    assert np.isfinite(long)


def test_the_expectation_is_the_closed_form_of_the_paper_where_that_can_be_computed() -> None:
    for x, last, observed, ahead in ((0, 0, 20, 39), (1, 5, 30, 12), (7, 25, 26, 104), (29, 37, 38.86, 39)):
        r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
        share = ahead / (alpha + observed + ahead)
        closed = (a + b + x - 1) / (a - 1) * (1 - (1 - share) ** (r + x) * hyp2f1(r + x, b + x, a + b + x - 1, share))
        one = history(x, last=last, observed=observed)
        assert PUBLISHED.purchases(one, ahead)[0] == pytest.approx(closed * PUBLISHED.alive(one)[0], rel=1e-9)


def test_the_expectation_has_no_jump_where_the_formula_divides_by_zero() -> None:
    one = history(3, last=20, observed=30)
    around = [Buying(0.5, 5, a, 2.0).purchases(one, 26)[0] for a in (1 - 1e-4, 1.0, 1 + 1e-4)]
    assert around[1] == pytest.approx((around[0] + around[2]) / 2, rel=1e-3)


def test_a_value_ahead_without_discount_is_purchases_times_amount_and_a_discount_lessens_it() -> None:
    one = history(2, last=30.43, observed=38.86)
    plain = value_ahead(PUBLISHED, one, amounts=[100.0], periods=12, length=52 / 12, discount=0)
    assert plain[0] == pytest.approx(100 * PUBLISHED.purchases(one, 52)[0], rel=1e-9)
    assert value_ahead(PUBLISHED, one, amounts=[100.0], periods=12, length=52 / 12, discount=0.01)[0] < plain[0]


def test_the_order_of_customers_and_a_repeat_make_no_difference_to_a_fit() -> None:
    histories, _ = cdnow()
    turned = Histories(histories.repeats[::-1], histories.last[::-1], histories.observed[::-1])
    assert Buying.fit(turned) == fitted()


def test_too_few_who_bought_again_are_not_fitted() -> None:
    with pytest.raises(NotFitted, match="9 customers bought again"):
        Buying.fit(Histories.of([1] * 9 + [0] * 50, last=[3] * 9 + [0] * 50, observed=[10] * 59))
    with pytest.raises(NotFitted, match="2 customers bought again for money"):
        Spending.fit([1, 1, 1, 0], [10, 12, 0, 5])


def test_customers_who_all_spend_alike_are_not_fitted() -> None:
    with pytest.raises(NotFitted):
        Spending.fit([3] * 50, [100.0] * 50)


@pytest.mark.parametrize(("x", "last", "observed"), [(-1, 0, 5), (1, 6, 5), (1, -1, 5), (1, 2, float("inf"))])
def test_a_history_that_cannot_be_is_refused(x: float, last: float, observed: float) -> None:
    with pytest.raises(ValueError):
        history(x, last=last, observed=observed)
