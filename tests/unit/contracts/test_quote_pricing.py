"""What quotes cost, and that contracts made of them bill the same to the cent."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import InvalidField
from services.contracts.domain.life_cycle.contract_terms import TermsDetails
from services.contracts.domain.sales.opportunity import Opportunity, OpportunityDetails
from services.contracts.domain.sales.opportunity_stages import OpportunityKind
from services.contracts.domain.sales.quote import Quote, QuoteContent, Written
from services.contracts.domain.sales.quote_contract import terms_of
from services.contracts.domain.sales.quote_lines import QuoteLine, QuoteLineDetails, periods_in, priced
from services.contracts.domain.sales.sales_errors import QuoteHasNothingToPromise, QuoteNotAccepted, QuoteRhythmsDiffer
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.periods import Span, tiles
from services.contracts.domain.terms.terms import AnchorMode, BillingTerms, Period, PeriodUnit

NOW = datetime(2026, 5, 6, 12, tzinfo=UTC)
START = date(2026, 6, 1)
DAY, WEEK, MONTH, QUARTER, YEAR = PeriodUnit
ONE_MONTH, TWELVE_MONTHS, ONE_YEAR = Period(MONTH, 1), Period(MONTH, 12), Period(YEAR, 1)


def line(price: int, *, currency: str = "CNY", **fields: object) -> QuoteLineDetails:
    return QuoteLineDetails(description="Care", unit_price=Money(currency, price), **fields)  # type: ignore[arg-type]


def price(*lines: QuoteLineDetails, discount_bps: int = 0) -> tuple[QuoteLine, ...]:
    return priced(lines, discount_bps, start=START, ids=[f"lin_{place}" for place in range(len(lines))])


@pytest.mark.parametrize(
    ("term", "period", "periods", "total"),
    [
        (ONE_YEAR, ONE_MONTH, "12", 12_000),
        (TWELVE_MONTHS, ONE_MONTH, "12", 12_000),
        (TWELVE_MONTHS, ONE_YEAR, "1", 1_000),
        (ONE_MONTH, TWELVE_MONTHS, "1/12", 83),
        (Period(YEAR, 3), Period(QUARTER, 1), "12", 12_000),
        (Period(MONTH, 14), ONE_YEAR, "7/6", 1_167),
        (Period(MONTH, 18), TWELVE_MONTHS, "3/2", 1_500),
        (Period(WEEK, 4), Period(DAY, 7), "4", 4_000),
        (TWELVE_MONTHS, None, "1", 1_000),
        (None, None, "1", 1_000),
    ],
)
def test_a_line_costs_its_price_for_every_period_of_its_whole_term(
    term: Period | None, period: Period | None, periods: str, total: int
) -> None:
    (made,) = price(line(1_000, term=term, period=period))
    assert (made.periods, made.total) == (periods, Money("CNY", total))


def test_a_year_of_a_monthly_price_ends_the_day_before_it_began() -> None:
    (made,) = price(line(1_000, term=ONE_YEAR, period=ONE_MONTH, start_date="2028-02-29"))
    assert (made.start_date, made.end_date) == (date(2028, 2, 29), date(2029, 2, 27))


@pytest.mark.parametrize(
    ("term", "period"), [(Period(MONTH, 12), Period(DAY, 30)), (Period(DAY, 365), ONE_MONTH), (None, ONE_MONTH)]
)
def test_a_term_that_cannot_be_counted_in_its_period_is_refused(term: Period | None, period: Period) -> None:
    with pytest.raises(InvalidField):
        periods_in(term, period)


AMOUNTS = st.integers(0, 10**7)  # with 1,000 pieces, 288 months and 8 lines: below what a price may be
LINES = st.builds(
    line,
    AMOUNTS,
    quantity=st.integers(1, 1000),
    discount_bps=st.integers(0, 10_000),
    term=st.builds(Period, st.sampled_from([MONTH, QUARTER, YEAR]), st.integers(1, 24)),
    period=st.builds(Period, st.sampled_from([MONTH, QUARTER, YEAR]), st.integers(1, 12)),
)


@given(st.lists(LINES, min_size=1, max_size=8), st.integers(0, 10_000))
def test_lines_add_up_to_the_sum_less_the_discount_whatever_the_percentages(
    lines: list[QuoteLineDetails], discount_bps: int
) -> None:
    before, after = price(*lines), price(*lines, discount_bps=discount_bps)
    net = sum(each.total.minor_units for each in before)
    off = (2 * net * discount_bps + 10_000) // 20_000  # half up, in whole numbers
    assert sum(each.total.minor_units for each in after) == net - off
    assert all(0 <= each.total.minor_units <= each.gross.minor_units for each in after)
    assert all(each.gross - each.discount == each.total for each in after)


def accepted(*lines: QuoteLineDetails, discount_bps: int = 0) -> Quote:
    details = OpportunityDetails(kind=OpportunityKind.NEW, title="Care", customer_id="cus_01JTDB8D40CQS3K9Q8YV1H2T3A")
    deal = Opportunity.opened("opp_01JTDB8D40CQS3K9Q8YV1H2T3A", details, author="sophie", now=NOW)
    content = QuoteContent(
        title="Care",
        lines=tuple(lines),
        start_date=START.isoformat(),
        sign_by="2026-05-20",
        discount_bps=discount_bps,
    )
    written = Written(author="sophie", now=NOW, today=NOW.date())
    quote = Quote.drafted("quo_01JTDB8D40CQS3K9Q8YV1H2T3A", deal, content=content, written=written)
    sent = quote.approve("anna", today=NOW.date(), now=NOW).send(today=NOW.date(), now=NOW)
    return sent.accept("Wang Fang", 0, today=NOW.date(), now=NOW)


def billed(terms: TermsDetails) -> int:
    """Return what the lines bill over the whole contract, period by period."""
    whole = Span(date.fromisoformat(terms.start_date), date.fromisoformat(terms.end_date))
    assert terms.billing is not None
    periods = list(
        tiles(whole.start, terms.billing.period, mode=AnchorMode.ANNIVERSARY, first=whole.start, last=whole.end)
    )
    return sum(
        each.quantity * (each.price.minor_units if each.price else 0)
        for each in terms.lines
        for tile in periods
        if each.start_date <= tile.start.isoformat() and tile.end.isoformat() <= each.end_date
    )


def test_a_contract_of_a_monthly_and_a_yearly_line_bills_every_month_what_was_signed() -> None:
    quote = accepted(
        line(10_000, quantity=3, term=ONE_YEAR, period=ONE_MONTH), line(120_000, term=TWELVE_MONTHS, period=ONE_YEAR)
    )
    terms = terms_of(quote)
    assert (terms.start_date, terms.end_date, terms.price) == ("2026-06-01", "2027-05-31", Money("CNY", 480_000))
    assert terms.billing == BillingTerms(period=ONE_MONTH)
    assert [(each.quantity, each.price) for each in terms.lines] == [
        (3, Money("CNY", 10_000)),
        (1, Money("CNY", 10_000)),
    ]
    assert billed(terms) == 480_000


def test_cents_that_no_month_can_share_are_borne_by_the_first_months() -> None:
    terms = terms_of(accepted(line(1_000, term=ONE_YEAR, period=ONE_MONTH), discount_bps=41))
    assert terms.price == Money("CNY", 11_951)
    assert [(each.start_date, each.end_date, each.price) for each in terms.lines] == [
        ("2026-06-01", "2027-04-30", Money("CNY", 996)),
        ("2027-05-01", "2027-05-31", Money("CNY", 995)),
    ]
    assert billed(terms) == 11_951


MIXES = st.builds(
    line,
    AMOUNTS,
    quantity=st.integers(1, 1000),
    discount_bps=st.integers(0, 10_000),
    term=st.sampled_from([Period(YEAR, 2), Period(MONTH, 14), ONE_YEAR, ONE_MONTH]),
    period=st.sampled_from([None, ONE_MONTH, Period(QUARTER, 1), Period(MONTH, 5), ONE_YEAR]),
)


@given(st.lists(MIXES, min_size=1, max_size=4), st.integers(0, 10_000))
def test_a_contract_bills_over_its_periods_exactly_what_was_signed(
    lines: Sequence[QuoteLineDetails], discount_bps: int
) -> None:
    quote = accepted(*lines, discount_bps=discount_bps)
    terms = terms_of(quote)
    assert terms.price == quote.accepted.total
    assert billed(terms) == quote.accepted.total.minor_units


def test_a_term_that_the_shortest_period_does_not_divide_is_billed_in_a_rhythm_that_does() -> None:
    terms = terms_of(accepted(line(700, term=Period(MONTH, 14), period=Period(QUARTER, 1))))
    assert (terms.billing, terms.price) == (BillingTerms(period=ONE_MONTH), Money("CNY", 3_267))
    assert billed(terms) == 3_267


def test_a_line_of_days_is_not_billed_in_months() -> None:
    with pytest.raises(QuoteRhythmsDiffer):
        terms_of(accepted(line(1_000, term=ONE_YEAR, period=ONE_MONTH), line(1_000, term=Period(DAY, 365))))


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"term": Period(YEAR, 101)}, "lines[0].term.count"),
        ({"term": Period(MONTH, 1_201)}, "lines[0].term.count"),
        ({"term": ONE_YEAR, "start_date": "9999-12-31"}, "lines[0].start_date"),
    ],
)
def test_a_term_that_ends_beyond_all_calendars_is_refused(fields: dict[str, Any], at_fault: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        price(line(1_000, **fields))
    assert refusal.value.field == at_fault


def test_what_is_sold_once_is_for_the_order_and_not_for_the_contract() -> None:
    terms = terms_of(accepted(line(500), line(1_000, term=ONE_YEAR, period=ONE_MONTH)))
    assert terms.price == Money("CNY", 12_000)
    with pytest.raises(QuoteHasNothingToPromise):
        terms_of(accepted(line(500)))


def test_only_what_was_signed_becomes_a_contract() -> None:
    quote = accepted(line(1_000, term=ONE_YEAR, period=ONE_MONTH))
    revised = Quote(
        id=quote.id,
        opportunity_id=quote.opportunity_id,
        customer_id=quote.customer_id,
        owner_id="",
        state=type(quote.state).SENT,
        sign_by=quote.sign_by,
        versions=quote.versions,
        create_time=NOW,
        update_time=NOW,
    )
    with pytest.raises(QuoteNotAccepted):
        terms_of(revised)
