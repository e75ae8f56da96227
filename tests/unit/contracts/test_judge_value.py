from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.contracts.domain.customers.customer import CustomerStage, CustomerTier
from services.contracts.domain.figures.booked import BookedContract
from services.contracts.domain.figures.customer_value import CustomerValue, Judgement
from services.contracts.domain.figures.judge_value import Circumstances, Forecast, judge
from services.contracts.domain.figures.served import Served, ServedKind, Severity
from services.contracts.domain.figures.value_facts import CustomerFacts, Purchase, Survival, earned, expected_of
from services.contracts.domain.figures.value_policy import Rate, ValuePolicy
from services.contracts.domain.figures.value_reasons import WORDS, Because
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.periods import Span
from tests.unit.contracts.figures_builders import a_booked, a_step, a_version

TODAY = date(2026, 7, 1)
NOW = datetime(2026, 7, 1, tzinfo=UTC)
POLICY = ValuePolicy(contract_margin_bps=10_000, order_margin_bps=10_000, discount_bps=0)
GIVEN = Circumstances(today=TODAY, policy=POLICY, survival=Survival())
YEAR = a_version(1_200_000, "2026-01-01", end="2026-12-31")


def judged(*contracts: BookedContract, forecast: Forecast | None = None, **facts: Any) -> Judgement:
    known = CustomerFacts(customer_id="cus_1", contracts=contracts, **facts)
    return judge(known, forecast, given=GIVEN)


def points(found: Judgement) -> dict[str, int]:
    return {each.code: each.risk_points for each in found.reasons if each.risk_points}


def codes(found: Judgement) -> list[str]:
    return [each.code for each in found.reasons]


def some_served(number: int, **fields: Any) -> tuple[Served, ...]:
    moment = NOW - timedelta(days=30)
    details: dict[str, Any] = {"kind": ServedKind.CASE, "served_time": moment, "heard_time": moment} | fields
    return tuple(Served(id=f"evt_{k}", customer_id="cus_1", subject_id=f"cas_{k}", **details) for k in range(number))


def orders(*amounts: int, day: date = TODAY - timedelta(days=20)) -> tuple[Purchase, ...]:
    return tuple(Purchase(day=day - timedelta(days=k), amount=Money("CNY", each)) for k, each in enumerate(amounts))


def test_a_contract_that_ends_within_ninety_days_without_another_is_a_risk_and_one_followed_is_none() -> None:
    ending = a_version(1_200_000, "2025-09-01", end="2026-08-31")
    after = a_version(1_200_000, "2026-09-01", end="2027-08-31", number=2)
    assert points(judged(a_booked(ending))) == {"CONTRACT_ENDING": 20}
    assert points(judged(a_booked(ending, after))) == {}
    follower = a_booked(
        after, contract_id="con_2", predecessor="con_1", steps=(a_step(ContractState.SIGNED, "2026-06-01"),)
    )
    assert points(judged(a_booked(ending), follower)) == {}
    assert points(judged(a_booked(YEAR))) == {}


def test_a_contract_that_will_not_go_on_and_one_that_ended_are_worse_risks() -> None:
    assert points(judged(a_booked(YEAR, ends="2026-09-30"))) == {"RENEWAL_CANCELLED": 40}
    gone = judged(a_booked(YEAR, ends="2026-05-31"))
    assert points(gone) == {"NOTHING_IN_FORCE": 50}
    assert gone.stage is CustomerStage.LOST
    assert "2026-05-31" in gone.reasons[-1].text_zh


def test_the_points_of_complaints_lateness_and_dissatisfaction_are_bounded_and_the_risk_at_most_a_hundred() -> None:
    contract = a_booked(YEAR)
    for number, expected in ((1, 10), (3, 30), (9, 30)):
        assert points(judged(contract, served=some_served(number, complaint=True))) == {"COMPLAINTS": expected}
    assert points(judged(contract, served=some_served(9, on_time=False))) == {"LATE_CASES": 15}
    worst = judged(
        a_booked(YEAR, ends="2026-05-31"), served=some_served(9, complaint=True, on_time=False, dissatisfied=True)
    )
    assert sum(points(worst).values()) == 125
    assert (worst.risk, worst.tier) == (100, CustomerTier.AT_RISK)


def test_what_was_done_longer_ago_than_half_a_year_is_no_risk_and_longer_than_a_year_no_cost() -> None:
    old, older = NOW - timedelta(days=200), NOW - timedelta(days=400)
    half = judged(a_booked(YEAR), served=some_served(2, complaint=True, served_time=old, severity=Severity.MAJOR))
    assert (points(half), half.cost_to_serve) == ({}, Money("CNY", 120_000))
    assert judged(a_booked(YEAR), served=some_served(2, served_time=older)).cost_to_serve == Money("CNY", 0)


def test_the_tier_is_the_first_that_fits() -> None:
    rich = a_version(30_000_000, "2026-01-01", end="2026-12-31")
    before = a_booked(a_version(400_000, "2024-07-02", end="2025-07-01"), contract_id="con_0")
    assert judged(a_booked(rich)).tier is CustomerTier.HIGH_VALUE
    assert judged(a_booked(rich), served=some_served(9, complaint=True, on_time=False, dissatisfied=True)).tier is (
        CustomerTier.AT_RISK
    )
    growing = judged(before, a_booked(YEAR))
    assert (growing.tier, growing.stage) == (CustomerTier.GROWING, CustomerStage.DEVELOPING)
    assert codes(growing)[0] == "TURNOVER_GROWING"
    assert judged(purchases=orders(5_000)).tier is CustomerTier.STABLE
    assert judged(a_booked(YEAR)).tier is CustomerTier.POTENTIAL
    assert judged().tier is CustomerTier.POTENTIAL
    assert judged().stage is CustomerStage.PROSPECT


def test_a_customer_who_costs_more_than_it_brings_is_told_so() -> None:
    found = judged(purchases=orders(5_000), served=some_served(3))
    assert found.current_value == Money("CNY", -25_000)
    assert codes(found)[0] == "COSTS_MORE_THAN_IT_BRINGS"


def test_who_has_stopped_buying_is_at_risk_unless_a_contract_binds() -> None:
    gone = Forecast(alive_permille=50, expected_orders_hundredths=2, turnover=1_000)
    bought = orders(500_000, day=date(2024, 1, 1))
    assert points(judged(purchases=bought, forecast=gone)) == {"PURCHASES_STOPPED": 40}
    assert judged(purchases=bought, forecast=gone).stage is CustomerStage.LOST
    assert points(judged(a_booked(YEAR), purchases=bought, forecast=gone)) == {}


def test_every_reason_has_words_in_both_languages() -> None:
    assert set(WORDS) == set(Because)
    for english, chinese in WORDS.values():
        assert english.isascii()
        assert any("\u4e00" <= mark <= "\u9fff" for mark in chinese)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 700), st.integers(0, 500), st.integers(1, 10**8), st.integers(0, 400), st.integers(1, 400))
def test_what_a_contract_earns_in_parts_adds_up_to_its_price(
    start: int, days: int, price: int, cut: int, step: int
) -> None:
    first = date(2025, 1, 1) + timedelta(days=start)
    contract = a_booked(a_version(price, first.isoformat(), end=(first + timedelta(days=days)).isoformat()))
    begin = first - timedelta(days=cut)
    spans = []
    while begin <= first + timedelta(days=days):
        spans.append(Span(begin, begin + timedelta(days=step - 1)))
        begin += timedelta(days=step)
    assert sum(earned(contract, span, policy=POLICY) for span in spans) == price


def test_what_lies_ahead_is_the_agreed_months_and_then_those_that_survive_the_ends_of_terms() -> None:
    policy = ValuePolicy(horizon_months=24, discount_bps=0)
    survival = Survival(ended=10, renewed=3)  # (3 + 7) of (10 + 10): a half
    contract = a_booked(YEAR)
    found = expected_of(contract, TODAY, survival=survival, policy=policy)
    assert found == 100_000 * (6 + Fraction(12, 2) + Fraction(6, 4))
    agreed = expected_of(a_booked(YEAR, ends="2026-09-30"), TODAY, survival=survival, policy=policy)
    assert agreed == 100_000 * 3
    assert expected_of(contract, date(2027, 2, 1), survival=survival, policy=policy) == 0


def test_a_discount_of_a_year_counts_a_twelfth_each_month() -> None:
    policy = ValuePolicy(horizon_months=2, discount_bps=1_200)
    found = expected_of(a_booked(YEAR), TODAY, survival=Survival(), policy=policy)
    assert found == 100_000 * (Fraction(100, 101) + Fraction(100, 101) ** 2)


def test_money_is_converted_by_main_units_whatever_the_currencies_smallest() -> None:
    policy = ValuePolicy(
        rates=(Rate(currency_code="JPY", rate=Decimal("0.05")), Rate(currency_code="KWD", rate=Decimal(23)))
    )
    assert policy.converted(Money("JPY", 1_000)) == 5_000
    assert policy.converted(Money("KWD", 1_000)) == 2_300
    assert policy.converted(Money("USD", 1)) is None


def test_a_change_of_tier_is_kept_with_its_reasons_and_said_and_the_same_tier_is_silent() -> None:
    stable, risky = (
        judged(purchases=orders(5_000)),
        judged(a_booked(YEAR, ends="2026-05-31"), served=some_served(9, complaint=True)),
    )
    value = CustomerValue.first("cus_1", stable, now=NOW)
    assert [each.before for each in value.changes] == [None]
    assert value.judged_again(stable, now=NOW).events == ()
    worse = value.judged_again(risky, now=NOW)
    assert (worse.changes[0].before, worse.changes[0].after) == (CustomerTier.STABLE, CustomerTier.AT_RISK)
    assert worse.changes[0].reasons == risky.reasons
    (said,) = worse.events
    assert (said.tier_before, said.tier_after) == (CustomerTier.STABLE, CustomerTier.AT_RISK)  # type: ignore[attr-defined]
    for _ in range(60):
        worse = worse.judged_again(stable, now=NOW).judged_again(risky, now=NOW)
    assert len(worse.changes) == 100


@pytest.mark.parametrize("margin", [0, 10_000])
def test_a_margin_of_nothing_is_worth_nothing(margin: int) -> None:
    policy = ValuePolicy(contract_margin_bps=margin)
    known = CustomerFacts(customer_id="cus_1", contracts=(a_booked(YEAR),))
    found = judge(known, None, given=Circumstances(today=TODAY, policy=policy, survival=Survival()))
    assert bool(found.current_value.minor_units) == bool(margin)
