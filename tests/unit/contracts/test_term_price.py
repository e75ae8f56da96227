"""The price of a term is what its lines are billed in it, however a version of the terms came about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.domain.billing.billing_plan import charges
from services.contracts.domain.billing.repricing import reprice
from services.contracts.domain.life_cycle import contract_force
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_terms import LineDetails, TermsDetails
from services.contracts.domain.life_cycle.errors import PriceDiffersFromLines
from services.contracts.domain.renewals.next_term import Quotes, next_term
from services.contracts.domain.sales.quote_contract import terms_of
from services.contracts.domain.sales.quote_lines import QuoteLineDetails
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import (
    AnchorMode,
    BillingTerms,
    DayCount,
    Period,
    PeriodUnit,
    PriceChange,
    RenewalKind,
    RenewalTerms,
)
from services.contracts.usecases.renewals.win_renewal import priced
from tests.unit.contracts.contract_cases import NOON, TERMS, a_line, active, cny, signed
from tests.unit.contracts.test_quote_pricing import accepted

FIRST = date(2026, 1, 1)
MONTH, YEAR = Period(PeriodUnit.MONTH, 1), Period(PeriodUnit.YEAR, 1)
MONTHLY = BillingTerms(period=MONTH)

BILLINGS = st.builds(
    BillingTerms,
    period=st.builds(Period, st.sampled_from(PeriodUnit), st.integers(1, 13)),
    anchor_mode=st.sampled_from(AnchorMode),
    anchor_date=st.none() | st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    day_count=st.sampled_from(DayCount),
)


@st.composite
def details_of(draw: st.DrawFn) -> TermsDetails:
    """Terms of up to three years, whose lines begin and end on any day of them."""
    start = FIRST + timedelta(days=draw(st.integers(0, 800)))
    end = start + timedelta(days=draw(st.integers(0, 1_100)))
    days = st.integers(0, (end - start).days)
    made: list[LineDetails] = []
    for _ in range(draw(st.integers(1, 3))):
        first, last = sorted((draw(days), draw(days)))
        made.append(
            a_line(
                price=cny(draw(st.integers(0, 10**6))),
                quantity=draw(st.integers(1, 5)),
                start_date=draw(st.sampled_from(["", (start + timedelta(days=first)).isoformat()])),
                end_date=draw(st.sampled_from(["", (start + timedelta(days=last)).isoformat()])),
            )
        )
    return replace(
        TERMS,
        start_date=start.isoformat(),
        end_date=end.isoformat(),
        price=None,
        lines=tuple(made),
        billing=draw(BILLINGS),
    )


def billed(contract: Contract) -> int:
    """Return what the schedule charges from the first day to the last."""
    return sum(each.amount.minor_units for each in charges(contract, until=date.max).values())


@given(details_of())
def test_the_price_that_is_computed_is_what_the_schedule_charges_to_the_cent(details: TermsDetails) -> None:
    contract = signed(details)
    assert contract.price.minor_units == billed(contract)
    assert signed(replace(details, price=contract.price)).price == contract.price
    with pytest.raises(PriceDiffersFromLines):
        signed(replace(details, price=contract.price + cny(1)))


QUOTED = st.builds(
    QuoteLineDetails,
    description=st.just("Care"),
    unit_price=st.builds(Money, st.just("CNY"), st.integers(0, 10**6)),
    quantity=st.integers(1, 9),
    discount_bps=st.integers(0, 10_000),
    term=st.sampled_from([Period(PeriodUnit.MONTH, 14), YEAR, MONTH, Period(PeriodUnit.MONTH, 5)]),
    period=st.sampled_from([None, MONTH, Period(PeriodUnit.QUARTER, 1), YEAR]),
    start_date=st.dates(date(2026, 6, 1), date(2028, 3, 31)).map(date.isoformat),
)


@given(st.lists(QUOTED, min_size=1, max_size=4), st.integers(0, 10_000))
def test_a_contract_of_a_quote_is_billed_what_was_signed_whatever_days_its_lines_begin_on(
    lines: Sequence[QuoteLineDetails], discount_bps: int
) -> None:
    quote = accepted(*lines, discount_bps=discount_bps)
    contract = signed(terms_of(quote))
    assert (contract.price, billed(contract)) == (quote.accepted.total, quote.accepted.total.minor_units)


def test_the_period_that_bears_the_difference_of_a_line_off_the_rhythm_is_a_line_of_its_own() -> None:
    on = QuoteLineDetails(description="On", unit_price=cny(1_000), term=YEAR, period=MONTH, start_date="2027-01-01")
    off = replace(on, description="Off", term=Period(PeriodUnit.MONTH, 3), start_date="2027-02-15")
    terms = terms_of(accepted(on, off))
    made = [(each.start_date, each.end_date, each.price) for each in terms.lines if each.description == "Off"]
    assert made == [  # 14 days of February and 14 of May are 500 + 452 of 1,000
        ("2027-02-15", "2027-02-28", cny(1_000)),
        ("2027-03-01", "2027-03-31", cny(1_048)),
        ("2027-04-01", "2027-05-14", cny(1_000)),
    ]
    assert billed(signed(terms)) == 15_000


def test_a_month_that_goes_on_by_itself_costs_a_month_also_after_a_february() -> None:
    contract = active(
        replace(
            TERMS,
            start_date="2026-01-31",
            end_date="2026-02-27",
            price=None,
            lines=(a_line(),),
            billing=MONTHLY,
            renewal=RenewalTerms(kind=RenewalKind.EVERGREEN, term=MONTH),
        )
    )
    for _ in range(14):
        contract = contract.extended(next_term(contract, Quotes()).terms, now=NOON, by="jobs")
    assert [each.price for each in contract.versions] == [cny(10_000)] * 15
    assert billed(contract) == 150_000


@given(details_of(), st.integers(-5_000, 5_000))
def test_the_terms_of_a_renewal_are_at_the_price_of_their_lines(details: TermsDetails, bps: int) -> None:
    rule = RenewalTerms(kind=RenewalKind.AUTO, term=YEAR, price_change=PriceChange.UPLIFT, uplift_bps=bps)
    contract = signed(replace(details, renewal=rule))
    grown = replace(active(), versions=contract.versions).extended(
        next_term(contract, Quotes()).terms, now=NOON, by="jobs"
    )
    assert grown.versions[-1].price.minor_units == billed(grown) - billed(contract)


def test_a_renewal_that_is_won_for_an_amount_is_at_the_price_that_its_lines_then_have() -> None:
    contract = active(replace(TERMS, price=None, lines=(a_line(), a_line(price=cny(500))), billing=MONTHLY))
    terms = next_term(contract, Quotes()).terms
    won = priced(terms, cny(130_000), first=contract.start_date)
    assert [each.price for each in won.lines] == [cny(10_317), cny(516)]
    assert won.price == cny(12 * (10_317 + 516))
    assert won.reason.endswith("→ CNY 1299.96")


def test_an_amendment_and_a_price_run_say_what_the_lines_cost_over_the_whole_term() -> None:
    before = active(replace(TERMS, price=None, lines=(a_line(),), billing=MONTHLY))
    now, half = datetime(2026, 12, 1, 4, tzinfo=UTC), date(2026, 12, 1)
    dearer = replace(TERMS, price=None, lines=(a_line(id=before.lines[0].id, price=cny(20_000)),))
    with pytest.raises(PriceDiffersFromLines) as refusal:
        contract_force.amend(
            before, replace(dearer, price=cny(120_000)), by="li.wen", effective_date=half, reason="more", now=now
        )
    assert refusal.value.metadata == {"price": "CNY 1200.00", "lines_price": "CNY 2400.00"}
    amended = contract_force.amend(before, dearer, by="li.wen", effective_date=half, reason="more", now=now)
    assert (amended.price, billed(amended)) == (cny(240_000), 180_000)
    line_id = before.lines[0].id
    run = reprice(before, {line_id: (cny(10_000), cny(11_000))}, on=half, mark="run", by="ops", now=now)
    assert (run.price, billed(run)) == (cny(132_000), 126_000)


def test_a_suspension_that_lengthens_the_term_leaves_the_price_at_that_of_the_lines() -> None:
    running = active(replace(TERMS, price=None, lines=(a_line(),), billing=MONTHLY), suspension_extends=True)
    july, august = datetime(2026, 7, 1, 4, tzinfo=UTC), datetime(2026, 8, 1, 4, tzinfo=UTC)
    halted = contract_force.suspend(
        running, by="li.wen", start_date=None, planned_end_date=None, reason="rebuilt", now=july
    )
    resumed = contract_force.resume(halted, by="li.wen", effective_date=None, now=august)
    assert (resumed.end_date, resumed.price) == (date(2027, 7, 1), cny(130_000 + 10_000 // 31 + 1))
    assert billed(resumed) == resumed.price.minor_units - 10_000
