from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.codec import Codec
from services.chassis.errors import InvalidField
from services.contracts.domain.entitlement.coverage import Reason, ServiceUnit
from services.contracts.domain.entitlement.entitlement import Hint
from services.contracts.domain.entitlement.entitlement_errors import (
    ChargeAboveConsent,
    ConsentMissing,
    EstimateSuperseded,
    PriceNotListed,
    ServiceOrderTransitionRefused,
)
from services.contracts.domain.entitlement.service_lines import (
    Item,
    LineKind,
    ListedPart,
    PricedLine,
    checked_items,
    priced,
)
from services.contracts.domain.entitlement.service_order import (
    TRANSITIONS,
    ConsentChannel,
    ConsentDetails,
    Estimate,
    ServiceOrder,
    ServiceOrderState,
    ServiceOrderVerb,
)
from services.contracts.domain.entitlement.service_rates import ServiceRates, price_of, rounded_up
from services.contracts.domain.terms.money import Money

NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
RATES = ServiceRates(case=Money("CNY", 5_000), hour=Money("CNY", 30_000), visit=Money("CNY", 10_000))
PART = "prd_01JTDB8D40CQS3K9Q8YV1H2T3A"
S, V = ServiceOrderState, ServiceOrderVerb


def no_part(_: str) -> ListedPart | None:
    return None


def lines(minutes: int = 60) -> tuple[PricedLine, ...]:
    items = [Item(kind=LineKind.LABOUR, quantity=minutes), Item(kind=LineKind.TRAVEL, quantity=1)]
    return priced(items, rates=RATES, part=no_part, minutes=15, field="items")


def an_order(state: ServiceOrderState = S.ESTIMATED, **fields: Any) -> ServiceOrder:
    details: dict[str, Any] = {
        "id": "svc_1",
        "customer_id": "cus_1",
        "asset_id": "",
        "service_type": "repair",
        "reference": "",
        "state": state,
        "estimates": (Estimate.of(lines(), number=1, now=NOW),),
        "tolerance_bps": 1000,
        "reason": Reason.NO_CONTRACT,
        "created_by": "anna",
        "create_time": NOW,
        "update_time": NOW,
    }
    return ServiceOrder(**details | fields)


def a_consent(number: int = 1, **fields: Any) -> ConsentDetails:
    said: dict[str, Any] = {"given_by": "Li Na", "channel": ConsentChannel.PHONE, "given_time": None}
    return ConsentDetails(estimate_number=number, **said | fields)


def under_way() -> ServiceOrder:
    return an_order().consented(a_consent(), by="anna", now=LATER).started(LATER)


def do(order: ServiceOrder, verb: ServiceOrderVerb) -> ServiceOrder:
    return {
        V.REVISE: lambda: order.revised(lines(120), now=LATER),
        V.CONSENT: lambda: order.consented(a_consent(), by="anna", now=LATER),
        V.DECLINE: lambda: order.declined("too dear", now=LATER),
        V.START: lambda: order.started(LATER),
        V.COMPLETE: lambda: order.completed(lines(), by="tom", now=LATER),
        V.CANCEL: lambda: order.cancelled("not needed", now=LATER),
    }[verb]()


@pytest.mark.parametrize(("state", "verb"), list(product(S, V)))
def test_every_move_is_in_the_table_or_refused(state: ServiceOrderState, verb: ServiceOrderVerb) -> None:
    consents = an_order().consented(a_consent(), by="anna", now=LATER).consents
    order = an_order(state, consents=consents)
    wanted = TRANSITIONS.get((state, verb))
    if wanted is not None:
        assert do(order, verb).state is wanted
        return
    with pytest.raises((ServiceOrderTransitionRefused, ConsentMissing)):
        do(order, verb)


@pytest.mark.parametrize(
    ("state", "verb"), [(S.ESTIMATED, V.START), (S.ESTIMATED, V.COMPLETE), (S.CONSENT_ASKED_AGAIN, V.COMPLETE)]
)
def test_work_without_consent_is_refused_by_that_name(state: ServiceOrderState, verb: ServiceOrderVerb) -> None:
    with pytest.raises(ConsentMissing):
        do(an_order(state), verb)


def test_an_order_is_charged_for_what_was_done_and_says_so() -> None:
    done = under_way().completed(lines(60), by="tom", now=LATER)
    assert (done.charge, done.completed_by, done.estimate.amount) == (
        Money("CNY", 40_000),
        "tom",
        Money("CNY", 40_000),
    )
    (said,) = done.events
    assert (said.type, said.charge, said.contract_would_have_saved) == (  # type: ignore[attr-defined]
        "chargeable_service_completed",
        Money("CNY", 40_000),
        False,
    )


def test_the_charge_may_be_above_the_consent_by_the_tolerance_and_no_fen_more() -> None:
    order = replace(under_way(), tolerance_bps=1875)  # of 400.00 this is 75.00, the price of 15 minutes
    assert order.completed(lines(75), by="tom", now=LATER).charge == Money("CNY", 47_500)
    with pytest.raises(ChargeAboveConsent):
        replace(order, tolerance_bps=1874).completed(lines(75), by="tom", now=LATER)


def test_what_costs_more_needs_a_new_consent_before_it_is_charged() -> None:
    asked_again = under_way().revised(lines(120), now=LATER)
    with pytest.raises(ConsentMissing):
        asked_again.completed(lines(120), by="tom", now=LATER)
    with pytest.raises(EstimateSuperseded):
        asked_again.consented(a_consent(1), by="anna", now=LATER)
    agreed = asked_again.consented(a_consent(2), by="anna", now=LATER)
    assert agreed.completed(lines(120), by="tom", now=LATER).charge == Money("CNY", 70_000)


def test_a_customer_who_declines_more_keeps_the_earlier_consent_and_its_limit() -> None:
    kept = under_way().revised(lines(120), now=LATER).declined("no", now=LATER)
    assert (kept.state, kept.end_reason) == (S.IN_PROGRESS, "")
    with pytest.raises(ChargeAboveConsent):
        kept.completed(lines(120), by="tom", now=LATER)
    assert kept.completed(lines(60), by="tom", now=LATER).charge == Money("CNY", 40_000)


def test_a_new_estimate_before_work_takes_the_consent_away() -> None:
    revised = an_order().consented(a_consent(), by="anna", now=LATER).revised(lines(120), now=LATER)
    with pytest.raises(ConsentMissing):
        revised.started(LATER)


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"given_by": " "}, "given_by"),
        ({"given_by": "x" * 201}, "given_by"),
        ({"channel": None}, "channel"),
        ({"given_time": NOW - timedelta(seconds=1)}, "given_time"),
        ({"given_time": LATER + timedelta(seconds=1)}, "given_time"),
        ({"note": "x" * 501}, "note"),
    ],
)
def test_a_consent_says_who_when_and_how(fields: dict[str, Any], at_fault: str) -> None:
    with pytest.raises(InvalidField) as refused:
        an_order().consented(a_consent(**fields), by="anna", now=LATER)
    assert refused.value.field == at_fault


@pytest.mark.parametrize(
    ("items", "at_fault"),
    [
        ([], "items"),
        ([Item(kind=LineKind.LABOUR, quantity=1)] * 101, "items"),
        ([Item(kind=LineKind.LABOUR, quantity=-60)], "items[0].quantity"),
        ([Item(kind=LineKind.LABOUR, quantity=0)], "items[0].quantity"),
        ([Item(kind=LineKind.LABOUR, quantity=1_000_001)], "items[0].quantity"),
        ([Item(kind=LineKind.LABOUR, quantity=1, product_id=PART)], "items[0].product_id"),
    ],
)
def test_wrong_items_are_refused_with_the_fields_name(items: list[Item], at_fault: str) -> None:
    with pytest.raises(InvalidField) as refused:
        checked_items(items, "items")
    assert refused.value.field == at_fault


def test_what_the_list_does_not_price_or_prices_in_another_currency_is_refused() -> None:
    part = Item(kind=LineKind.PART, product_id=PART, quantity=2)
    dollars = ListedPart(product_id=PART, name="Pump", price=Money("USD", 900))
    labour = Item(kind=LineKind.LABOUR, quantity=60)
    for items, known, rates in (
        ([part], {}, RATES),
        ([labour], {}, ServiceRates()),
        ([labour, part], {PART: dollars}, RATES),
    ):
        with pytest.raises(PriceNotListed):
            priced(items, rates=rates, part=known.get, minutes=15, field="items")


def test_a_part_costs_its_price_times_its_number() -> None:
    part = Item(kind=LineKind.PART, product_id=PART, quantity=3)
    pump = ListedPart(product_id=PART, name="Pump", price=Money("CNY", 999))
    (line,) = priced([part], rates=RATES, part={PART: pump}.get, minutes=15, field="items")
    assert (line.amount, line.description) == (Money("CNY", 2_997), "Pump")


def test_begun_units_of_labour_are_charged_as_whole_ones() -> None:
    (line, _) = lines(61)
    assert (line.quantity, line.charged_quantity, line.amount) == (61, 75, Money("CNY", 37_500))


@given(st.integers(0, 10_000), st.integers(1, 480))
def test_minutes_are_rounded_up_by_less_than_a_unit(minutes: int, unit: int) -> None:
    counted = rounded_up(minutes, unit)
    assert counted % unit == 0
    assert minutes <= counted < minutes + unit


@pytest.mark.parametrize(
    ("quantity", "unit", "price"),
    [
        (2, ServiceUnit.CASES, 10_000),
        (90, ServiceUnit.MINUTES, 45_000),
        (3, ServiceUnit.VISITS, 30_000),
        (1, None, 5_000),
    ],
)
def test_a_quantity_has_its_list_price(quantity: int, unit: ServiceUnit | None, price: int) -> None:
    assert price_of(quantity, unit, rates=RATES) == Money("CNY", price)


def test_a_unit_without_a_rate_has_no_price() -> None:
    assert price_of(1, ServiceUnit.VISITS, rates=ServiceRates(hour=RATES.hour)) is None
    assert price_of(1, None, rates=ServiceRates()) is None


def test_an_order_is_read_back_from_the_database_as_it_was_written() -> None:
    hint = Hint(title_en="Care", title_zh="维护", contract_id="con_1", price=Money("CNY", 0), saved=Money("CNY", 1))
    done = replace(under_way().completed(lines(60), by="tom", now=LATER), events=(), hint=hint)
    codec = Codec(ServiceOrder)
    assert codec.to_aggregate(codec.to_document(done)) == done
