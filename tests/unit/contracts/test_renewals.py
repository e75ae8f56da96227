"""Renewals without a database: days, laws, likelihood, calls, prices of next terms, cancellations."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.domain.cancel_contract import leaving
from services.contracts.domain.cancellation import CancellationVerdict
from services.contracts.domain.contract import Contract
from services.contracts.domain.forecast_accuracy import Judged, bands_of, brier, errors_of, mape
from services.contracts.domain.likelihood import Band, Factor, LikelihoodModel, likelihood_of
from services.contracts.domain.money import Money
from services.contracts.domain.next_term import Quotes, next_span, next_term
from services.contracts.domain.notice_policies import POLICIES, policy_of
from services.contracts.domain.notice_states import NoticeState, bounds_of, state_of
from services.contracts.domain.periods import Span, add_period
from services.contracts.domain.reminders import legal_window, reminder_dates
from services.contracts.domain.renewal_calls import (
    FITTING,
    Attention,
    Call,
    CallCategory,
    Decision,
    attention_of,
)
from services.contracts.domain.renewal_forecast import Expected, weighted
from services.contracts.domain.renewal_opening import renewal_id
from services.contracts.domain.renewal_signals import Signal, SignalKind, facts_of
from services.contracts.domain.renewal_stages import OPEN_STAGES, STEPS, RenewalStage
from services.contracts.domain.renewals_errors import RenewalMoveRefused, TermNotPriceable
from services.contracts.domain.terms import (
    BillingTerms,
    ContractLine,
    Period,
    PeriodUnit,
    PriceChange,
    RenewalKind,
    RenewalTerms,
)
from services.contracts.store.renewals.likelihood_models import load_model
from tests.unit.contracts.said.renewals import NOON, a_contract, a_renewal, an_outcome

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
MONTH = Period(PeriodUnit.MONTH, 1)
TODAY = date(2026, 11, 22)
CUSTOMER = "cus_01JTDB8D40CQS3K9Q8YV1H2T3A"


@given(notice=DAYS, length=st.integers(0, 800), today=DAYS)
def test_a_term_is_in_exactly_one_state_by_the_very_bounds_that_a_search_asks_for(
    notice: date, length: int, today: date
) -> None:
    end = notice + timedelta(days=length)
    holding = [state for state in NoticeState if bounds_of(state, today).hold(notice, end)]
    assert holding == [state_of(notice, end, today=today)]


def test_a_contract_whose_notice_date_is_today_is_due_and_can_still_be_cancelled() -> None:
    assert state_of(TODAY, date(2026, 12, 31), today=TODAY) is NoticeState.DUE
    assert state_of(TODAY - timedelta(days=1), date(2026, 12, 31), today=TODAY) is NoticeState.BINDING


def test_every_law_names_its_source_and_no_kind_of_customer_twice() -> None:
    assert all(policy.source for policy in POLICIES)
    assert len({(policy.jurisdiction, policy.consumer) for policy in POLICIES}) == len(POLICIES)


def test_a_part_of_a_country_falls_back_on_the_country_and_a_stranger_on_nothing() -> None:
    assert policy_of("FR-75", consumer=True).source == policy_of("FR", consumer=True).source
    assert policy_of("FR", consumer=False).latest is None
    assert policy_of("XX", consumer=True).latest is None


@pytest.mark.parametrize(
    ("jurisdiction", "window"),
    [
        ("CN", Span(date(2026, 3, 25) - timedelta(days=364), date(2027, 3, 27))),
        ("FR", Span(date(2026, 11, 28), date(2027, 1, 28))),
        ("US-CA", Span(date(2027, 2, 15), date(2027, 3, 17))),
        ("US-NY", Span(date(2027, 1, 29), date(2027, 2, 13))),
        ("DE", None),
    ],
)
def test_the_laws_window_is_counted_back_from_the_day_that_the_law_names(
    jurisdiction: str, window: Span | None
) -> None:
    found = legal_window(
        policy_of(jurisdiction, consumer=True),
        term_start=date(2026, 4, 1),
        term_end=date(2027, 3, 31),
        notice_date=date(2027, 2, 28),
    )
    if window is None or found is None:
        assert found == window
    else:
        assert found.end == window.end
        assert jurisdiction == "CN" or found.start == window.start


def test_california_says_nothing_of_a_term_of_less_than_a_year() -> None:
    policy = policy_of("US-CA", consumer=True)
    short = legal_window(policy, term_start=date(2027, 1, 1), term_end=date(2027, 6, 30), notice_date=date(2027, 5, 31))
    assert short is None


def test_reminders_fall_on_90_60_30_15_and_1_days_before_the_end_and_none_in_the_past() -> None:
    end = date(2027, 3, 31)
    all_five = reminder_dates(None, term_end=end, opened=TODAY)
    assert [(end - day).days for day in all_five] == [90, 60, 30, 15, 1]
    assert [(end - day).days for day in reminder_dates(None, term_end=end, opened=date(2027, 3, 10))] == [15, 1]


def test_a_reminder_is_added_where_none_of_the_usual_days_lies_in_the_laws_window() -> None:
    end = date(2027, 3, 31)
    window = Span(date(2027, 2, 1), date(2027, 2, 20))
    assert date(2027, 2, 1) in reminder_dates(window, term_end=end, opened=TODAY)
    holds_one = Span(date(2027, 1, 20), date(2027, 2, 20))
    assert len(reminder_dates(holds_one, term_end=end, opened=TODAY)) == 5


def test_a_monthly_term_that_began_on_the_31st_does_so_again_after_february() -> None:
    contract = _lasting(date(2026, 1, 31), date(2026, 2, 27), RenewalTerms(kind=RenewalKind.EVERGREEN, term=MONTH))
    starts = []
    for _ in range(3):
        contract = contract.extended(next_term(contract, Quotes()).terms, now=NOON, by="jobs")
        starts.append(contract.start_date)
    assert starts == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


@given(start=DAYS, count=st.integers(1, 18), unit=st.sampled_from(list(PeriodUnit)))
def test_terms_tile_without_gap_or_overlap_and_without_drift(start: date, count: int, unit: PeriodUnit) -> None:
    term = Period(unit, count)
    rule = RenewalTerms(kind=RenewalKind.AUTO, term=term)
    contract = _lasting(start, add_period(start, term, k=1) - timedelta(days=1), rule)
    for number in range(2, 5):
        span = next_span(contract)
        assert span.start == contract.end_date + timedelta(days=1) == add_period(start, term, k=number - 1)
        contract = contract.extended(next_term(contract, Quotes()).terms, now=NOON, by="jobs")


def test_a_renewal_quote_of_a_year_is_twelve_months_and_not_one_months_price() -> None:
    monthly = BillingTerms(period=MONTH)
    line = ContractLine(id="lin_1", description="Care", price=Money("CNY", 10_000))
    one_month = _lasting(
        date(2026, 1, 1),
        date(2026, 1, 31),
        RenewalTerms(kind=RenewalKind.AUTO),
        price=Money("CNY", 10_000),
        lines=(line,),
        billing=monthly,
    )
    assert next_term(one_month, Quotes()).terms.price == Money("CNY", 120_000)
    agreed_as_a_whole = _lasting(
        date(2026, 1, 1), date(2026, 1, 31), RenewalTerms(kind=RenewalKind.AUTO), price=Money("CNY", 10_000)
    )
    assert next_term(agreed_as_a_whole, Quotes()).terms.price == Money("CNY", 120_000)


@pytest.mark.parametrize(
    ("rule", "quotes", "price"),
    [
        (RenewalTerms(price_change=PriceChange.SAME), Quotes(), 120_000),
        (RenewalTerms(price_change=PriceChange.UPLIFT, uplift_bps=333), Quotes(), 123_996),
        (RenewalTerms(price_change=PriceChange.INDEX), Quotes(index_factor=Fraction(11425, 10565)), 129_768),
    ],
)
def test_the_next_price_follows_the_agreed_rule(rule: RenewalTerms, quotes: Quotes, price: int) -> None:
    assert next_term(a_contract(rule), quotes).terms.price == Money("CNY", price)


def test_the_price_list_sets_the_price_of_every_line() -> None:
    line = ContractLine(id="lin_1", description="Care", product_id="prd_1", quantity=2, price=Money("CNY", 60_000))
    contract = _lasting(date(2026, 4, 1), date(2027, 3, 31), RenewalTerms(price_change=PriceChange.LIST), lines=(line,))
    listed = Quotes(list_prices={"prd_1": Money("CNY", 65_000)})
    assert next_term(contract, listed).terms.price == Money("CNY", 130_000)


@pytest.mark.parametrize("change", [PriceChange.LIST, PriceChange.INDEX])
def test_a_price_that_cannot_be_found_is_refused_and_never_guessed(change: PriceChange) -> None:
    with pytest.raises(TermNotPriceable):
        next_term(a_contract(RenewalTerms(price_change=change)), Quotes())


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
        _signal("1", SignalKind.COMPLAINT_OPENED, old, subject="cas_1"),
        _signal("2", SignalKind.COMPLAINT_OPENED, new, subject="cas_2"),
        _signal("3", SignalKind.CASE_CLOSED, new, subject="cas_2"),
        _signal("4", SignalKind.VISIT_COMPLETED, new, value=4),
        _signal("5", SignalKind.VISIT_COMPLETED, new, value=5),
        _signal("6", SignalKind.PAYMENT_MADE, new, value=7),
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


@pytest.mark.parametrize(
    ("received", "verdict", "last"),
    [
        ("2027-02-27", CancellationVerdict.IN_TIME, "2027-03-31"),
        ("2027-02-28", CancellationVerdict.IN_TIME, "2027-03-31"),
        ("2027-03-01", CancellationVerdict.TOO_LATE, "2028-03-31"),
    ],
)
def test_the_last_cancellation_date_itself_is_in_time_and_the_day_after_is_not(
    received: str, verdict: CancellationVerdict, last: str
) -> None:
    contract = a_contract(RenewalTerms(kind=RenewalKind.AUTO))
    found = _leaving(contract, received)
    assert (found.verdict.verdict, found.verdict.last_date) == (verdict, date.fromisoformat(last))
    assert found.contract.end_date == date.fromisoformat(last)
    assert found.contract.ends_by_itself
    assert found.verdict.english != found.verdict.chinese


def test_an_offer_that_ends_anyhow_is_never_cancelled_too_late() -> None:
    assert _leaving(a_contract(), "2027-03-30").verdict.verdict is CancellationVerdict.IN_TIME


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
        Judged(_expected("2026-01", 80, CallCategory.COMMIT), True, 1_000),
        Judged(_expected("2026-02", 40, CallCategory.AT_RISK), False, 0),
    ]
    errors = {each.forecast: each for each in errors_of(judged)}
    assert (errors["commit"].months, errors["commit"].left_out, errors["commit"].mape) == (1, 1, Fraction(0))
    assert errors["weighted"].mape == Fraction(1, 5)
    assert [(band.from_score, band.to_score, band.won) for band in bands_of(judged)] == [(40, 59, 0), (80, 100, 1)]


@given(st.lists(st.integers(0, 100), max_size=20))
def test_a_weighted_forecast_lies_between_nothing_and_everything(likelihoods: list[int]) -> None:
    expected = [_expected("2026-01", each, CallCategory.COMMIT) for each in likelihoods]
    assert 0 <= weighted(expected, "CNY").minor_units <= 1_000 * len(expected)
    assert weighted(expected, "CNY").minor_units == 10 * sum(likelihoods)


def test_a_term_has_one_renewal() -> None:
    assert renewal_id("con_1", 1) == renewal_id("con_1", 1) != renewal_id("con_1", 2)


def _lasting(start: date, end: date, renewal: RenewalTerms, **terms: Any) -> Contract:
    contract = a_contract(renewal)
    version = replace(contract.versions[0], start_date=start, end_date=end, effective_date=start, **terms)
    return replace(contract, versions=(version,))


def _call(category: CallCategory) -> Call:
    return Call(
        category=category,
        amount=Money("CNY", 1),
        close_date=TODAY,
        note="",
        called_by="li.wen",
        called_time=NOON,
    )


def _signal(event: str, kind: SignalKind, at: datetime, *, subject: str = "", value: int = 0) -> Signal:
    return Signal.heard(event, customer_id=CUSTOMER, kind=kind, subject_id=subject, value=value, occurred_time=at)


def _leaving(contract: Contract, received: str) -> Any:
    day = date.fromisoformat(received)
    now = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    return leaving(contract, day, renewals=(), quotes=Quotes(), note="", by="li.wen", now=now)


def _expected(month: str, likelihood: int, category: CallCategory) -> Expected:
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
