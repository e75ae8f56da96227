from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.domain.entitlement.coverage import Ask, Facts, Promise, PromiseEnd, Reason, ServiceUnit, Verdict
from services.contracts.domain.entitlement.judge_coverage import judge
from services.contracts.domain.life_cycle.contract_states import ContractState
from tests.unit.contracts.cover_facts import (
    CUSTOMER,
    END,
    OTHER,
    START,
    a_line,
    a_promise,
    allowing,
    an_ask,
    an_asset,
    counter,
    facts,
    move,
    terms,
)

CASES, MINUTES, VISITS = ServiceUnit.CASES, ServiceUnit.MINUTES, ServiceUnit.VISITS
ACTIVE, SUSPENDED, SIGNED, TERMINATED = (
    ContractState.ACTIVE,
    ContractState.SUSPENDED,
    ContractState.SIGNED,
    ContractState.TERMINATED,
)


def test_a_line_without_allowance_covers_any_quantity() -> None:
    said = judge(an_ask(quantity=1000, unit=MINUTES), facts(a_promise()))
    assert (said.verdict, said.reason, said.covered, said.chargeable) == (Verdict.COVERED, Reason.CONTRACT, 1000, 0)
    assert (said.contract_id, said.terms_number, said.remaining) == ("con_1", 1, None)


@pytest.mark.parametrize(
    ("used", "verdict", "reason", "covered"),
    [
        (0, Verdict.COVERED, Reason.CONTRACT, 120),
        (480, Verdict.COVERED, Reason.CONTRACT, 120),
        (510, Verdict.PARTIAL, Reason.ALLOWANCE_INSUFFICIENT, 90),
        (600, Verdict.CHARGEABLE, Reason.ALLOWANCE_EXHAUSTED, 0),
        (700, Verdict.CHARGEABLE, Reason.ALLOWANCE_EXHAUSTED, 0),
    ],
)
def test_an_allowance_in_hours_is_counted_in_minutes(used: int, verdict: Verdict, reason: Reason, covered: int) -> None:
    promise = a_promise(terms(a_line(allowances=allowing(hours=10))))
    said = judge(an_ask(quantity=120, unit=MINUTES), facts(promise, used={counter(MINUTES): used}))
    assert (said.verdict, said.reason, said.covered) == (verdict, reason, covered)


def test_a_unit_that_a_line_does_not_count_it_does_not_limit() -> None:
    promise = a_promise(terms(a_line(allowances=allowing(hours=1))))
    said = judge(an_ask(quantity=3, unit=VISITS), facts(promise, used={counter(MINUTES): 60}))
    assert (said.verdict, said.covered, said.remaining) == (Verdict.COVERED, 3, None)


def test_one_call_for_service_needs_something_left_of_every_allowance() -> None:
    promise = a_promise(terms(a_line(allowances=allowing(hours=1, cases=2))))
    assert judge(an_ask(), facts(promise)).verdict is Verdict.COVERED
    assert judge(an_ask(), facts(promise, used={counter(MINUTES): 60})).reason is Reason.ALLOWANCE_EXHAUSTED


@pytest.mark.parametrize(
    ("moment", "verdict", "reason"),
    [
        (datetime(2026, 6, 30, 15, 59, tzinfo=UTC), Verdict.COVERED, Reason.WARRANTY),  # 23:59 in Shanghai
        (datetime(2026, 6, 30, 16, 0, tzinfo=UTC), Verdict.CHARGEABLE, Reason.WARRANTY_ENDED),
        (datetime(2025, 6, 30, 15, 59, tzinfo=UTC), Verdict.CHARGEABLE, Reason.NO_CONTRACT),  # before the delivery
    ],
)
def test_a_warranty_counts_to_the_end_of_its_last_day_where_the_customer_is(
    moment: datetime, verdict: Verdict, reason: Reason
) -> None:
    asset = an_asset(delivery_date=date(2025, 7, 1), warranty_end=date(2026, 6, 30))
    said = judge(an_ask(asset_id="ast_1", at=moment), facts(asset=asset))
    assert (said.verdict, said.reason) == (verdict, reason)


def test_a_warranty_claim_checks_the_expiry_even_where_no_contract_follows() -> None:
    asset = an_asset(delivery_date=date(2020, 1, 1), warranty_end=date(2021, 1, 1))
    said = judge(an_ask(asset_id="ast_1"), facts(asset=asset))
    assert (said.verdict, said.reason, said.on_date) == (
        Verdict.CHARGEABLE,
        Reason.WARRANTY_ENDED,
        date(2021, 1, 1),
    )


def test_the_asset_of_another_customer_is_covered_by_nothing_not_even_its_warranty() -> None:
    asset = an_asset(customer_id=OTHER, delivery_date=date(2026, 1, 1), warranty_end=date(2027, 1, 1))
    said = judge(an_ask(asset_id="ast_1"), facts(a_promise(), asset=asset))
    assert (said.verdict, said.reason) == (Verdict.CHARGEABLE, Reason.ASSET_OF_ANOTHER_CUSTOMER)


def test_the_asset_of_a_doublet_is_the_customers_own() -> None:
    known = replace(facts(a_promise(), asset=an_asset(customer_id=OTHER)), family=frozenset({CUSTOMER, OTHER}))
    assert judge(an_ask(asset_id="ast_1"), known).verdict is Verdict.COVERED


def priority(*promises: Promise) -> list[str]:
    """Return the contracts in the order in which they are drawn on."""
    asset = an_asset()
    said = judge(an_ask(asset_id="ast_1", quantity=1000, unit=CASES), facts(*promises, asset=asset))
    return [cover.contract_id for cover in said.covers]


def limited(key: str, *, asset: bool = False, end: date = END) -> Promise:
    ids = ("ast_1",) if asset else ()
    line = a_line(id=f"lin_{key}", allowances=allowing(cases=1), asset_ids=ids)
    return a_promise(terms(line, end_date=end), key=key)


def test_lines_for_the_asset_come_first_then_what_ends_first_then_the_oldest_contract() -> None:
    general_early, general = limited("con_1", end=date(2026, 7, 1)), limited("con_2")
    own, own_early = limited("con_3", asset=True), limited("con_4", asset=True, end=date(2026, 8, 1))
    twin = limited("con_0")
    assert priority(general, own, twin, general_early, own_early) == ["con_4", "con_3", "con_1", "con_0", "con_2"]


def test_what_has_no_limit_is_drawn_on_before_what_has() -> None:
    free = a_promise(key="con_9")
    assert priority(limited("con_1"), free) == ["con_9"]


def test_a_line_for_another_asset_does_not_cover_this_one() -> None:
    promise = a_promise(terms(a_line(asset_ids=("ast_2",))))
    for asked in (an_ask(asset_id="ast_1"), an_ask()):
        said = judge(asked, facts(promise, asset=an_asset() if asked.asset_id else None))
        assert (said.reason, said.contract_id) == (Reason.ASSET_NOT_COVERED, "con_1")


def test_a_line_without_services_is_only_billed() -> None:
    said = judge(an_ask(), facts(a_promise(terms(a_line(service_types=())))))
    assert said.reason is Reason.NO_CONTRACT


@pytest.mark.parametrize(
    ("promise", "reason", "on_date"),
    [
        (a_promise(moves=(move(ACTIVE, START), move(SUSPENDED, date(2026, 6, 1)))), Reason.CONTRACT_SUSPENDED, None),
        (a_promise(moves=(move(SIGNED, START),)), Reason.CONTRACT_NOT_IN_FORCE_YET, START),
        (
            a_promise(terms(start_date=date(2026, 7, 1))),
            Reason.CONTRACT_NOT_IN_FORCE_YET,
            date(2026, 7, 1),
        ),
        (a_promise(terms(end_date=date(2026, 6, 14))), Reason.CONTRACT_EXPIRED, date(2026, 6, 14)),
        (
            a_promise(moves=(move(ACTIVE, START), move(TERMINATED, date(2026, 6, 15)))),
            Reason.CONTRACT_TERMINATED,
            date(2026, 6, 14),
        ),
        (
            a_promise(termination=PromiseEnd(date(2026, 6, 14), datetime(2026, 5, 1, tzinfo=UTC))),
            Reason.CONTRACT_TERMINATED,
            date(2026, 6, 14),
        ),
        (a_promise(terms(a_line(service_types=("training",)))), Reason.SERVICE_TYPE_NOT_COVERED, None),
        (a_promise(terms(a_line(end_date=date(2026, 6, 14)))), Reason.CONTRACT_EXPIRED, date(2026, 6, 14)),
        (
            a_promise(terms(a_line(start_date=date(2026, 6, 16)))),
            Reason.CONTRACT_NOT_IN_FORCE_YET,
            date(2026, 6, 16),
        ),
    ],
)
def test_a_contract_that_does_not_help_is_named_with_the_reason(
    promise: Promise, reason: Reason, on_date: date | None
) -> None:
    said = judge(an_ask(), facts(promise))
    assert (said.verdict, said.reason, said.contract_id, said.on_date) == (
        Verdict.CHARGEABLE,
        reason,
        "con_1",
        on_date,
    )


def test_of_several_reasons_the_one_closest_to_cover_is_told() -> None:
    expired, suspended = (
        a_promise(terms(end_date=date(2026, 6, 14)), key="con_1"),
        a_promise(key="con_2", moves=(move(ACTIVE, START), move(SUSPENDED, date(2026, 6, 1)))),
    )
    assert judge(an_ask(), facts(expired, suspended)).contract_id == "con_2"


def test_the_last_day_of_a_term_counts_where_the_customer_is() -> None:
    last = a_promise(terms(end_date=date(2026, 6, 15)))
    assert judge(an_ask(at=datetime(2026, 6, 15, 15, 59, tzinfo=UTC)), facts(last)).verdict is Verdict.COVERED
    assert judge(an_ask(at=datetime(2026, 6, 15, 16, 0, tzinfo=UTC)), facts(last)).reason is Reason.CONTRACT_EXPIRED


def test_a_verdict_can_be_given_with_what_was_known_before_an_amendment_and_an_end() -> None:
    learned = datetime(2026, 7, 1, tzinfo=UTC)
    amended = replace(
        terms(a_line(service_types=("training",))),
        number=2,
        effective_date=date(2026, 6, 1),
        recorded_time=learned,
    )
    promise = a_promise(terms(), amended)
    before, after = learned - timedelta(seconds=1), learned
    assert judge(an_ask(known_at=before), facts(promise)).terms_number == 1
    assert judge(an_ask(known_at=after), facts(promise)).reason is Reason.SERVICE_TYPE_NOT_COVERED
    ended = a_promise(moves=(move(ACTIVE, START), move(TERMINATED, date(2026, 6, 1), recorded=learned)))
    assert judge(an_ask(known_at=before), facts(ended)).verdict is Verdict.COVERED
    assert judge(an_ask(known_at=after), facts(ended)).reason is Reason.CONTRACT_TERMINATED


def promises(letter: str) -> st.SearchStrategy[Promise]:
    days = st.dates(date(2026, 5, 1), date(2026, 8, 1))
    line = st.builds(
        a_line,
        id=st.sampled_from(["lin_1", "lin_2"]),
        asset_ids=st.sampled_from([(), ("ast_1",), ("ast_2",)]),
        service_types=st.sampled_from([("repair",), ("training",), ("repair", "training"), ()]),
        allowances=st.sampled_from(
            [(), allowing(cases=2), allowing(hours=1), allowing(hours=2, cases=1), allowing(visits=3)]
        ),
    )

    def made(start: date, length: int, *, lines: list[Any], state: ContractState) -> Promise:
        held = terms(*lines, start_date=start, end_date=start + timedelta(days=length))
        return a_promise(held, key=f"con_{letter}", moves=(move(state, start),))

    states = st.sampled_from([ACTIVE, ACTIVE, ACTIVE, SUSPENDED, SIGNED])
    return st.builds(made, days, st.integers(0, 100), lines=st.lists(line, min_size=1, max_size=3), state=states)


FACTS = st.builds(
    lambda first, second, used, warranty: Facts(
        time_zone="Asia/Shanghai",
        family=frozenset({CUSTOMER}),
        asset=an_asset(delivery_date=date(2026, 1, 1), warranty_end=warranty),
        promises=(first, second),
        used={
            counter(unit, promise.id, line_id=line, start=promise.versions[0].start_date): used
            for promise in (first, second)
            for line in ("lin_1", "lin_2")
            for unit in ServiceUnit
        },
    ),
    promises("a"),
    promises("b"),
    st.integers(0, 130),
    st.sampled_from([None, date(2026, 6, 15), date(2026, 6, 14)]),
)
ASKS = st.builds(
    lambda quantity, unit, asset: an_ask(quantity=quantity if unit else 1, unit=unit, asset_id=asset),
    st.integers(1, 300),
    st.sampled_from([None, *ServiceUnit]),
    st.just("ast_1"),
)


@given(ASKS, FACTS)
def test_covered_and_chargeable_add_up_to_what_was_asked_for(asked: Ask, known: Facts) -> None:
    said = judge(asked, known)
    assert said.covered + said.chargeable == said.ask.quantity
    assert 0 <= said.covered <= said.ask.quantity
    wanted = {said.ask.quantity: Verdict.COVERED, 0: Verdict.CHARGEABLE}
    assert said.verdict is wanted.get(said.covered, Verdict.PARTIAL)


@given(ASKS, FACTS, promises("c"))
def test_one_more_contract_never_covers_less(asked: Ask, known: Facts, more: Promise) -> None:
    before = judge(asked, known)
    after = judge(asked, replace(known, promises=(*known.promises, more)))
    assert after.covered >= before.covered
    assert not (before.verdict is Verdict.COVERED and after.verdict is not Verdict.COVERED)


@given(ASKS, FACTS)
def test_no_cover_takes_more_than_is_left(asked: Ask, known: Facts) -> None:
    said = judge(asked, known)
    for cover in said.covers:
        assert cover.quantity > 0
        if said.ask.unit and cover.remaining is not None:
            assert cover.quantity <= cover.remaining


@given(ASKS, FACTS)
def test_the_order_of_the_facts_makes_no_difference(asked: Ask, known: Facts) -> None:
    turned = replace(known, promises=tuple(reversed(known.promises)))
    assert judge(asked, turned) == judge(asked, known)
