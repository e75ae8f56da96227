"""The days, laws and prices of terms that end, without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.domain.life_cycle.cancel_contract import leaving
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.renewals.cancellation import CancellationVerdict
from services.contracts.domain.renewals.next_term import Quotes, next_span, next_term
from services.contracts.domain.renewals.notice_policies import POLICIES, policy_of
from services.contracts.domain.renewals.notice_states import NoticeState, bounds_of, state_of
from services.contracts.domain.renewals.reminders import legal_window, reminder_dates
from services.contracts.domain.renewals.renewal_opening import renewal_id
from services.contracts.domain.renewals.renewals_errors import TermNotPriceable
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.periods import Span, add_period
from services.contracts.domain.terms.terms import (
    BillingTerms,
    ContractLine,
    Period,
    PeriodUnit,
    PriceChange,
    RenewalKind,
    RenewalTerms,
)
from tests.unit.contracts.said.renewals import NOON, a_contract

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
MONTH = Period(PeriodUnit.MONTH, 1)
TODAY = date(2026, 11, 22)


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
    contract = _lasting(
        date(2026, 1, 31), date(2026, 2, 27), renewal=RenewalTerms(kind=RenewalKind.EVERGREEN, term=MONTH)
    )
    starts = []
    for _ in range(3):
        contract = contract.extended(next_term(contract, Quotes()).terms, now=NOON, by="jobs")
        starts.append(contract.start_date)
    assert starts == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


@given(start=DAYS, count=st.integers(1, 18), unit=st.sampled_from(list(PeriodUnit)))
def test_terms_tile_without_gap_or_overlap_and_without_drift(start: date, count: int, unit: PeriodUnit) -> None:
    term = Period(unit, count)
    rule = RenewalTerms(kind=RenewalKind.AUTO, term=term)
    contract = _lasting(start, add_period(start, term, k=1) - timedelta(days=1), renewal=rule)
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
        renewal=RenewalTerms(kind=RenewalKind.AUTO),
        price=Money("CNY", 10_000),
        lines=(line,),
        billing=monthly,
    )
    assert next_term(one_month, Quotes()).terms.price == Money("CNY", 120_000)
    agreed_as_a_whole = _lasting(
        date(2026, 1, 1), date(2026, 1, 31), renewal=RenewalTerms(kind=RenewalKind.AUTO), price=Money("CNY", 10_000)
    )
    assert next_term(agreed_as_a_whole, Quotes()).terms.price == Money("CNY", 120_000)


@pytest.mark.parametrize(
    ("rule", "quotes", "price"),
    [
        (RenewalTerms(price_change=PriceChange.SAME), Quotes(), 120_000),
        (RenewalTerms(price_change=PriceChange.UPLIFT, uplift_bps=333), Quotes(), 123_996),
    ],
)
def test_the_next_price_follows_the_agreed_rule(rule: RenewalTerms, quotes: Quotes, price: int) -> None:
    assert next_term(a_contract(rule), quotes).terms.price == Money("CNY", price)


def test_the_price_list_sets_the_price_of_every_line() -> None:
    line = ContractLine(id="lin_1", description="Care", product_id="prd_1", quantity=2, price=Money("CNY", 60_000))
    contract = _lasting(
        date(2026, 4, 1), date(2027, 3, 31), renewal=RenewalTerms(price_change=PriceChange.LIST), lines=(line,)
    )
    listed = Quotes(list_prices={"prd_1": Money("CNY", 65_000)})
    assert next_term(contract, listed).terms.price == Money("CNY", 130_000)


@pytest.mark.parametrize("change", [PriceChange.LIST, PriceChange.INDEX])
def test_a_price_that_cannot_be_found_is_refused_and_never_guessed(change: PriceChange) -> None:
    with pytest.raises(TermNotPriceable):
        next_term(a_contract(RenewalTerms(price_change=change)), Quotes())


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
    told = _leaving(a_contract(), "2027-03-30").verdict
    assert told.verdict is CancellationVerdict.IN_TIME
    assert told.english == (
        "Received on 2027-03-30. The contract does not go on by itself, so nothing had to be said: "
        "it ends on 2027-03-31."
    )
    assert told.chinese == "于 2027-03-30 收到解约通知。合同到期不自动续期，无需另行通知；合同于 2027-03-31 终止。"


def test_a_term_has_one_renewal() -> None:
    assert renewal_id("con_1", 1) == renewal_id("con_1", 1) != renewal_id("con_1", 2)


def _lasting(start: date, end: date, *, renewal: RenewalTerms, **terms: Any) -> Contract:
    contract = a_contract(renewal)
    version = replace(contract.versions[0], start_date=start, end_date=end, effective_date=start, **terms)
    return replace(contract, versions=(version,))


def _leaving(contract: Contract, received: str) -> Any:
    day = date.fromisoformat(received)
    now = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    return leaving(contract, day, renewals=(), quotes=Quotes(), note="", by="li.wen", now=now)
