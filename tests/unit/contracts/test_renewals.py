"""Renewals without a database: steps, calls, likelihood, and how good forecasts were."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.domain.renewals.forecast_accuracy import Judged, bands_of, brier, errors_of, mape
from services.contracts.domain.renewals.likelihood import Band, Factor, LikelihoodModel, likelihood_of
from services.contracts.domain.renewals.renewal_calls import (
    FITTING,
    Attention,
    Call,
    CallCategory,
    Decision,
    attention_of,
)
from services.contracts.domain.renewals.renewal_forecast import Expected, weighted
from services.contracts.domain.renewals.renewal_signals import Signal, SignalKind, facts_of
from services.contracts.domain.renewals.renewal_stages import OPEN_STAGES, STEPS, RenewalStage
from services.contracts.domain.renewals.renewals_errors import RenewalMoveRefused
from services.contracts.domain.terms.money import Money
from services.contracts.store.renewals.likelihood_models import load_model
from tests.unit.contracts.said.renewals import NOON, a_renewal, an_outcome

TODAY = date(2026, 11, 22)
CUSTOMER = "cus_01JTDB8D40CQS3K9Q8YV1H2T3A"


@pytest.mark.parametrize(("stage", "wanted"), list(product(RenewalStage, RenewalStage)))
def test_every_step_that_is_not_in_the_table_is_refused(stage: RenewalStage, wanted: RenewalStage) -> None:
    renewal = replace(a_renewal(), stage=stage)
    steps: Mapping[RenewalStage, Any] = {
        RenewalStage.WON: lambda: renewal.won(an_outcome(renewal)),
        RenewalStage.LOST: lambda: renewal.lost(an_outcome(renewal)),
    }
    step = steps.get(wanted, lambda: renewal.advanced(wanted, now=NOON))
    if (stage, wanted) in STEPS:
        assert step().stage is wanted
        return
    with pytest.raises(RenewalMoveRefused):
        step()


def test_an_outcome_is_final_and_every_open_stage_leads_to_one() -> None:
    assert not [step for step in STEPS if step[0] not in OPEN_STAGES]
    assert all((stage, end) in STEPS for stage in OPEN_STAGES for end in (RenewalStage.WON, RenewalStage.LOST))


@pytest.mark.parametrize("category", list(CallCategory))
@pytest.mark.parametrize("likelihood", [0, 29, 30, 49, 50, 59, 60, 79, 80, 100])
def test_a_call_outside_of_what_the_likelihood_bears_goes_to_the_leader(
    category: CallCategory, likelihood: int
) -> None:
    found = attention_of(
        _call(category), None, likelihood=likelihood, term_end=TODAY + timedelta(days=300), today=TODAY
    )
    assert (Attention.DISAGREEMENT in found) is (likelihood not in FITTING[category])


@pytest.mark.parametrize(
    ("today", "found"),
    [
        ("2026-09-29", ()),
        ("2026-09-30", (Attention.NO_CALL_AT_SIX_MONTHS,)),
        ("2026-12-30", (Attention.NO_CALL_AT_SIX_MONTHS,)),
        ("2026-12-31", (Attention.UNDECIDED_AT_THREE_MONTHS,)),
    ],
)
def test_the_checkpoints_stand_six_and_three_months_before_the_end_month_end_safe(
    today: str, found: tuple[Attention, ...]
) -> None:
    day = date.fromisoformat(today)
    assert attention_of(None, None, likelihood=60, term_end=date(2027, 3, 31), today=day) == found


def test_a_decision_settles_a_disagreement_until_the_likelihood_moves_far() -> None:
    call = _call(CallCategory.COMMIT)
    decision = Decision(
        category=CallCategory.COMMIT,
        note="I know them",
        likelihood=40,
        decided_by="zhou.min",
        decided_time=NOON + timedelta(hours=1),
    )
    end = TODAY + timedelta(days=300)
    assert attention_of(call, decision, likelihood=20, term_end=end, today=TODAY) == ()
    assert attention_of(call, decision, likelihood=19, term_end=end, today=TODAY) == (Attention.DISAGREEMENT,)


def test_points_add_up_to_the_likelihood_and_the_ends_are_cut() -> None:
    model = load_model()
    best = {"terms_renewed": 5, "by_itself": 1, "visits": 4, "satisfaction": 50, "complaints": 0, "days_late": 0}
    worst = {"satisfaction": 10, "complaints": 9, "open_cases": 9, "days_late": 99, "price_rise": 999, "visits": 0}
    for facts, score in (({}, 55), (best, 100), (worst, 0)):
        found = likelihood_of(facts, model, today=TODAY)
        assert found.score == score == min(max(sum(point.points for point in found.points), 0), 100)


def test_every_point_of_the_model_is_explained_in_both_languages() -> None:
    model = load_model()
    words = [(band.english, band.chinese) for factor in model.factors for band in factor.bands]
    assert all(english and any("\u4e00" <= mark <= "\u9fff" for mark in chinese) for english, chinese in words)
    shown = likelihood_of({"satisfaction": 43, "price_rise": -5}, model, today=TODAY).points
    assert "4.3" in shown[1].english
    assert "-0.5" in shown[2].chinese


@pytest.mark.parametrize("limits", [(3, 1, None), (1, 2), (), (None, None)])
def test_a_model_whose_bands_leave_a_value_without_points_is_refused(limits: tuple[int | None, ...]) -> None:
    bands = tuple(Band(at_most=limit, points=1, english="a", chinese="b") for limit in limits)
    with pytest.raises(ValueError, match="bands of x"):
        LikelihoodModel(
            version="1",
            base=0,
            base_english="",
            base_chinese="",
            factors=(Factor(fact="x", scale=0, bands=bands),),
        )


def test_facts_count_a_year_back_but_an_open_case_however_old() -> None:
    old, new = NOON - timedelta(days=400), NOON - timedelta(days=10)
    heard = [
        _signal("1", SignalKind.COMPLAINT_OPENED, at=old, subject="cas_1"),
        _signal("2", SignalKind.COMPLAINT_OPENED, at=new, subject="cas_2"),
        _signal("3", SignalKind.CASE_CLOSED, at=new, subject="cas_2"),
        _signal("4", SignalKind.VISIT_COMPLETED, at=new, value=4),
        _signal("5", SignalKind.VISIT_COMPLETED, at=new, value=5),
        _signal("6", SignalKind.PAYMENT_MADE, at=new, value=7),
    ]
    facts = facts_of(
        heard, terms_renewed=2, prices=(Money("CNY", 1_000), Money("CNY", 1_050)), by_itself=False, now=NOON
    )
    assert facts == {
        "visits": 2,
        "complaints": 1,
        "open_cases": 1,
        "terms_renewed": 2,
        "by_itself": 0,
        "satisfaction": 45,
        "days_late": 7,
        "price_rise": 50,
        "silent_months": 0,
    }


def test_the_brier_score_and_the_percentage_error_are_those_of_their_authors() -> None:
    # Brier (1950): a forecast of 70 % that comes true scores 0.09 in the form for two outcomes; 30 % scores 0.49.
    assert brier([(Fraction(7, 10), True)]) == Fraction(9, 100)
    assert brier([(Fraction(3, 10), True)]) == Fraction(49, 100)
    assert brier([(Fraction(1, 2), True), (Fraction(1, 2), False)]) == Fraction(1, 4)
    assert brier([]) is None
    # |100 - 90| / 100 and |50 - 60| / 50: a mean of 15 %.
    assert mape([(100, 90), (50, 60)]) == Fraction(15, 100)
    assert mape([(0, 10)]) is None


def test_a_month_in_which_nothing_was_won_is_left_out_of_the_percentage_and_told() -> None:
    judged = [
        Judged(_expected("2026-01", 80, category=CallCategory.COMMIT), True, 1_000),
        Judged(_expected("2026-02", 40, category=CallCategory.AT_RISK), False, 0),
    ]
    errors = {each.forecast: each for each in errors_of(judged)}
    assert (errors["commit"].months, errors["commit"].left_out, errors["commit"].mape) == (1, 1, Fraction(0))
    assert errors["weighted"].mape == Fraction(1, 5)
    assert [(band.from_score, band.to_score, band.won) for band in bands_of(judged)] == [(40, 59, 0), (80, 100, 1)]


@given(st.lists(st.integers(0, 100), max_size=20))
def test_a_weighted_forecast_lies_between_nothing_and_everything(likelihoods: list[int]) -> None:
    expected = [_expected("2026-01", each, category=CallCategory.COMMIT) for each in likelihoods]
    assert 0 <= weighted(expected, "CNY").minor_units <= 1_000 * len(expected)
    assert weighted(expected, "CNY").minor_units == 10 * sum(likelihoods)


def _call(category: CallCategory) -> Call:
    return Call(
        category=category,
        amount=Money("CNY", 1),
        close_date=TODAY,
        note="",
        called_by="li.wen",
        called_time=NOON,
    )


def _signal(event: str, kind: SignalKind, *, at: datetime, subject: str = "", value: int = 0) -> Signal:
    return Signal.heard(event, customer_id=CUSTOMER, kind=kind, subject_id=subject, value=value, occurred_time=at)


def _expected(month: str, likelihood: int, *, category: CallCategory) -> Expected:
    return Expected(
        renewal_id="ren_1",
        owner_id="",
        month=month,
        term_end=date.fromisoformat(f"{month}-28"),
        category=category,
        likelihood=likelihood,
        due=Money("CNY", 1_000),
        amount=Money("CNY", 1_000),
    )
