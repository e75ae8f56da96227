from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import InvalidField
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_due import move_when_due
from services.contracts.domain.life_cycle.contract_end import Ending, terminate
from services.contracts.domain.life_cycle.contract_states import ContractState, TerminationCode
from services.contracts.domain.life_cycle.life_cycle_events import ContractExpired, ContractResumed, ContractTerminated
from services.contracts.domain.terms.proration import Prorated
from services.contracts.domain.terms.terms import (
    AnchorMode,
    BillingTerms,
    BillingTiming,
    CreditPolicy,
    DayCount,
    Period,
    PeriodUnit,
    RenewalKind,
    RenewalTerms,
)
from tests.unit.contracts.contract_cases import (
    AUTHOR,
    CONTRACT,
    CUSTOMER,
    OWNER,
    TERMS,
    a_line,
    active,
    cny,
    suspended,
)

OCTOBER = datetime(2026, 10, 1, 12, tzinfo=UTC)
MONTHLY = BillingTerms(period=Period(PeriodUnit.MONTH, 1))
SUCCESSOR = "con_00000000000000000000000002"


def ending(day: date | None = None, **fields: Any) -> Ending:
    return replace(Ending(code=TerminationCode.MUTUAL, reason="moved away", effective_date=day), **fields)


def test_a_termination_keeps_its_code_and_words_and_says_them() -> None:
    ended = terminate(replace(active(), version=3), ending(reason="  moved away "), by=AUTHOR, now=OCTOBER)
    assert (ended.state, ended.terminated_time) == (ContractState.TERMINATED, OCTOBER)
    assert ended.termination is not None
    assert (ended.termination.reason, ended.termination.last_date) == ("moved away", date(2026, 9, 30))
    assert ended.events == (
        ContractTerminated(
            contract_id=CONTRACT,
            customer_id=CUSTOMER,
            owner_id=OWNER,
            termination_reason="moved away",
            termination_code=TerminationCode.MUTUAL,
            effective_date=date(2026, 10, 1),
            credit=cny(0),
            contract_version=4,
            occurred_time=OCTOBER,
        ),
    )
    assert [ended.in_force_at(date(2026, 9, 30)), ended.in_force_at(date(2026, 10, 1))] == [True, False]


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"code": None}, "termination_code"),
        ({"reason": ""}, "termination_reason"),
        ({"reason": "   "}, "termination_reason"),
        ({"reason": "x" * 501}, "termination_reason"),
        ({"reason": "bell\x07"}, "termination_reason"),
        ({"effective_date": date(2026, 5, 31)}, "effective_date"),
        ({"effective_date": date(2027, 6, 1)}, "effective_date"),
    ],
)
def test_a_termination_without_a_code_words_and_a_day_of_the_term_is_refused(
    fields: dict[str, Any], at_fault: str
) -> None:
    with pytest.raises(InvalidField) as refusal:
        terminate(active(), ending(**fields), by=AUTHOR, now=OCTOBER)
    assert refusal.value.field == at_fault


def test_a_termination_ahead_leaves_the_contract_in_force_until_its_day_and_then_ends_it_by_itself() -> None:
    agreed = terminate(active(), ending(date(2026, 11, 1)), by=AUTHOR, now=OCTOBER)
    assert (agreed.state, agreed.events, agreed.terminated_time) == (ContractState.ACTIVE, (), None)
    assert [agreed.in_force_at(date(2026, 10, 31)), agreed.in_force_at(date(2026, 11, 1))] == [True, False]
    eve = datetime(2026, 10, 31, 15, 59, tzinfo=UTC)  # one minute before midnight in Shanghai
    assert move_when_due(agreed, now=eve) is agreed
    ended = move_when_due(agreed, now=eve + timedelta(minutes=1))
    assert (ended.state, ended.moves[-1].effective_date, ended.moves[-1].by) == (
        ContractState.TERMINATED,
        date(2026, 11, 1),
        "jobs",
    )


@pytest.mark.parametrize(
    ("policy", "credit", "formula"),
    [
        (CreditPolicy.NONE, 0, "0"),
        (CreditPolicy.PRORATED, 79_890, "CNY 1200.00 − (CNY 1200.00 × 122/365 = CNY 401.10 (ACT/ACT)) = CNY 798.90"),
        (CreditPolicy.FULL, 120_000, "CNY 1200.00 × 365/365 = CNY 1200.00"),
    ],
)
def test_the_customer_gets_back_what_the_policy_says_of_the_year_that_was_paid(
    policy: CreditPolicy, credit: int, formula: str
) -> None:
    ended = terminate(active(), ending(credit_policy=policy), by=AUTHOR, now=OCTOBER)
    assert ended.termination is not None
    assert ended.termination.credit == cny(credit)
    assert ended.termination.formula.startswith(formula)


def credit(contract: Contract, day: date, *, policy: CreditPolicy) -> Prorated:
    agreed = terminate(contract, ending(day, credit_policy=policy), by=AUTHOR, now=OCTOBER).termination
    assert agreed is not None
    assert agreed.credit is not None
    return Prorated(agreed.credit, agreed.formula)


def test_without_a_policy_of_its_own_a_termination_follows_the_contract() -> None:
    ended = terminate(active(credit_policy=CreditPolicy.PRORATED), ending(), by=AUTHOR, now=OCTOBER)
    assert ended.termination is not None
    assert (ended.termination.credit_policy, ended.termination.credit) == (CreditPolicy.PRORATED, cny(79_890))


def test_of_a_monthly_contract_only_the_month_that_is_cut_off_is_given_back() -> None:
    running = active(replace(TERMS, price=None, billing=MONTHLY, lines=(a_line(quantity=2),)))
    half = credit(running, date(2026, 9, 16), policy=CreditPolicy.PRORATED)
    assert half.amount == cny(10_000)  # 15 of the 30 days of September, two units
    whole = credit(running, date(2026, 9, 16), policy=CreditPolicy.FULL)
    assert whole.amount == cny(20_000)
    next_month = credit(running, date(2026, 10, 1), policy=CreditPolicy.FULL)
    assert next_month.amount == cny(0)


def test_february_is_prorated_by_its_own_days_and_not_by_31() -> None:
    running = active(replace(TERMS, price=None, billing=MONTHLY, lines=(a_line(price=cny(28_000)),)))
    found = credit(running, date(2027, 2, 15), policy=CreditPolicy.PRORATED)
    assert found.amount == cny(14_000)


def test_what_is_billed_in_arrears_was_not_paid_and_is_not_given_back() -> None:
    arrears = replace(MONTHLY, timing=BillingTiming.IN_ARREARS)
    running = active(replace(TERMS, price=None, billing=arrears, lines=(a_line(),)))
    assert credit(running, date(2026, 9, 16), policy=CreditPolicy.FULL).amount == cny(0)


def test_every_line_is_credited_for_its_own_days_and_not_only_the_first() -> None:
    lines = (
        a_line(price=cny(30_000)),
        a_line(price=cny(60_000), start_date="2026-09-16"),
        a_line(end_date="2026-08-31"),
    )
    running = active(replace(TERMS, price=None, billing=MONTHLY, lines=lines))
    found = credit(running, date(2026, 9, 21), policy=CreditPolicy.PRORATED)
    assert found.amount == cny(10_000 + 20_000)
    assert found.formula.count(" + ") == 1


modes = st.sampled_from(AnchorMode)
periods = st.builds(Period, st.sampled_from(PeriodUnit), st.integers(1, 5))


@given(
    period=periods,
    mode=modes,
    day_count=st.sampled_from(DayCount),
    offset=st.integers(0, 364),
    price=st.integers(0, 10**12),
)
def test_a_credit_is_never_more_than_the_whole_period_and_never_negative(
    period: Period, mode: AnchorMode, day_count: DayCount, offset: int, price: int
) -> None:
    billing = BillingTerms(period=period, anchor_mode=mode, day_count=day_count)
    running = active(replace(TERMS, price=None, billing=billing, lines=(a_line(price=cny(price)),)))
    day = running.start_date + timedelta(days=offset)
    part = credit(running, day, policy=CreditPolicy.PRORATED).amount.minor_units
    full = credit(running, day, policy=CreditPolicy.FULL).amount.minor_units
    assert 0 <= part <= full <= price


def last_hour(zone_offset: int, day: date) -> datetime:
    """The last hour of a day at so many hours from UTC."""
    return datetime(day.year, day.month, day.day, 23, tzinfo=UTC) - timedelta(hours=zone_offset)


@pytest.mark.parametrize(
    ("zone", "offset"), [("Asia/Shanghai", 8), ("Pacific/Kiritimati", 14), ("Pacific/Pago_Pago", -11)]
)
def test_a_term_includes_its_last_day_in_the_zone_of_the_customer(zone: str, offset: int) -> None:
    running = active(time_zone=zone)
    eve = last_hour(offset, date(2027, 5, 31))
    assert move_when_due(running, now=eve) is running
    over = move_when_due(running, now=eve + timedelta(hours=1))
    assert (over.state, over.moves[-1].effective_date) == (ContractState.EXPIRED, date(2027, 6, 1))


def test_a_term_that_ends_today_is_found_active_and_one_that_ended_yesterday_is_found_expired() -> None:
    today = datetime(2027, 5, 31, 12, tzinfo=UTC)
    assert (active().state_at(date(2027, 5, 31)), active().in_force_at(date(2027, 5, 31))) == (
        ContractState.ACTIVE,
        True,
    )
    assert active().expired(today).state is ContractState.ACTIVE
    assert active().expired(today + timedelta(days=1)).state is ContractState.EXPIRED


def test_a_term_that_ran_out_long_ago_has_ended_on_its_own_day_however_late_anybody_looked() -> None:
    over = move_when_due(active(), now=datetime(2029, 1, 1, tzinfo=UTC))
    assert over.state_at(date(2027, 6, 1)) is ContractState.EXPIRED
    assert isinstance(over.events[0], ContractExpired)
    assert move_when_due(over, now=datetime(2029, 1, 2, tzinfo=UTC)) is over


@pytest.mark.parametrize("kind", [RenewalKind.AUTO, RenewalKind.EVERGREEN])
def test_what_renews_by_itself_does_not_run_out_unless_it_was_cancelled(kind: RenewalKind) -> None:
    long_after = datetime(2029, 1, 1, tzinfo=UTC)
    running = active(replace(TERMS, renewal=RenewalTerms(kind=kind)))
    assert move_when_due(running, now=long_after) is running
    cancelled = running.renewal_cancelled(OCTOBER)
    assert move_when_due(cancelled, now=long_after).state is ContractState.EXPIRED


def test_a_contract_that_another_one_follows_ends_renewed_and_not_expired() -> None:
    followed = active().renewed(SUCCESSOR, now=OCTOBER, by=AUTHOR)
    assert (followed.state, followed.in_force_at(date(2027, 5, 31))) == (ContractState.ACTIVE, True)
    over = move_when_due(followed, now=datetime(2027, 6, 1, tzinfo=UTC))
    assert (over.state, over.successor_id, over.events) == (ContractState.RENEWED, SUCCESSOR, ())


def test_another_term_begins_on_the_day_after_the_last_and_leaves_the_last_as_it_was() -> None:
    running = active(replace(TERMS, renewal=RenewalTerms(kind=RenewalKind.AUTO))).renewal_cancelled(OCTOBER)
    following = replace(running.terms, start_date=date(2027, 6, 1), end_date=date(2028, 5, 31), price=cny(130_000))
    longer = running.extended(following, now=OCTOBER, by="jobs")
    assert (longer.term_number, longer.price, longer.end_date) == (2, cny(130_000), date(2028, 5, 31))
    assert (longer.versions[0], longer.renewal_cancelled_time) == (running.versions[0], None)
    days = [date(2027, 5, 31), date(2027, 6, 1), date(2028, 5, 31), date(2028, 6, 1)]
    assert [longer.in_force_at(day) for day in days] == [True, True, True, False]
    with pytest.raises(InvalidField):
        running.extended(replace(following, start_date=date(2027, 6, 2)), now=OCTOBER, by="jobs")


def steps(contract: Contract, now: datetime) -> list[Contract]:
    found = [contract]
    while (after := move_when_due(found[-1], now=now)) is not found[-1]:
        found.append(after)
    return found[1:]


def test_whatever_was_slept_through_is_caught_up_in_the_order_of_its_days() -> None:
    halted = suspended(now=datetime(2026, 7, 1, 12, tzinfo=UTC), until=date(2026, 7, 31), suspension_extends=True)
    resumed, over = steps(halted, datetime(2029, 1, 1, tzinfo=UTC))
    assert isinstance(resumed.events[0], ContractResumed)
    assert resumed.suspensions[-1].end_date == date(2026, 7, 31)
    assert (over.end_date, over.moves[-1].effective_date) == (date(2027, 7, 1), date(2027, 7, 2))


def test_a_suspension_that_lengthens_the_term_keeps_it_from_running_out_and_one_that_does_not_does_not() -> None:
    july, after = datetime(2026, 7, 1, 12, tzinfo=UTC), datetime(2027, 6, 2, tzinfo=UTC)
    assert steps(suspended(now=july, suspension_extends=True), after) == []
    (over,) = steps(suspended(now=july), after)
    assert over.state is ContractState.EXPIRED


def test_an_agreed_termination_goes_before_the_end_of_the_term_on_the_same_day() -> None:
    agreed = terminate(active(), ending(date(2027, 5, 31)), by=AUTHOR, now=OCTOBER)
    (ended,) = steps(agreed, datetime(2029, 1, 1, tzinfo=UTC))
    assert (ended.state, ended.moves[-1].effective_date) == (ContractState.TERMINATED, date(2027, 5, 31))
