from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import DomainError, InvalidField, InvalidId
from services.contracts.domain.life_cycle.errors import PriceDiffersFromLines
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import (
    Allowance,
    AllowanceUnit,
    BillingTerms,
    Period,
    PeriodUnit,
    PriceChange,
    RenewalTerms,
)
from services.contracts.store.life_cycle.contracts import ContractCodec
from tests.unit.contracts.contract_cases import CONTRACT, CUSTOMER, TERMS, a_draft, a_line, cny, suspended


@pytest.mark.parametrize(
    ("field", "value", "at_fault"),
    [
        ("title", "", "title"),
        ("title", "x" * 201, "title"),
        ("title", "two\nlines", "title"),
        ("start_date", "", "start_date"),
        ("start_date", "2026-02-30", "start_date"),
        ("end_date", "2026-02-30", "end_date"),
        ("end_date", "2027-02-29", "end_date"),
        ("start_date", "1.6.2026", "start_date"),
        ("start_date", "2026-6-1", "start_date"),
        ("start_date", "２０２６-06-01", "start_date"),
        ("end_date", "2026-05-31", "end_date"),
        ("price", None, "price"),
        ("price", Money("XYZ", 1), "price.currency_code"),
        ("price", Money("cny", 1), "price.currency_code"),
        ("price", Money("", 1), "price.currency_code"),
        ("price", Money("DEM", 1), "price.currency_code"),
        ("price", Money("CNY", -1), "price.minor_units"),
        ("price", Money("CNY", 2**63), "price.minor_units"),
        ("price", Money("CNY", 10**15 + 1), "price.minor_units"),
        ("lines", (a_line(price=Money("CNY", 10**15), quantity=2),), "lines[0].price.minor_units"),
        ("renewal", RenewalTerms(price_change=PriceChange.UPLIFT, uplift_bps=-10_001), "renewal.uplift_bps"),
        ("renewal", RenewalTerms(price_change=PriceChange.INDEX), "renewal.index_id"),
        ("lines", (a_line(),) * 201, "lines"),
        ("lines", (a_line(), a_line(description="")), "lines[1].description"),
        ("lines", (a_line(price=None),), "lines[0].price"),
        ("lines", (a_line(price=Money("EUR", 1)),), "lines[0].price.currency_code"),
        ("lines", (a_line(quantity=0),), "lines[0].quantity"),
        ("lines", (a_line(quantity=1_000_001),), "lines[0].quantity"),
        ("lines", (a_line(start_date="2026-05-31"),), "lines[0].start_date"),
        ("lines", (a_line(end_date="2027-06-01"),), "lines[0].end_date"),
        ("lines", (a_line(start_date="2026-08-01", end_date="2026-07-31"),), "lines[0].end_date"),
        ("lines", (a_line(service_types=("",)),), "lines[0].service_types"),
        ("lines", (a_line(service_types=("Repair!",)),), "lines[0].service_types"),  # no request could name it
        (
            "lines",
            (a_line(allowances=(Allowance(unit=AllowanceUnit.CASES, amount=0),)),),
            "lines[0].allowances",
        ),
        (
            "lines",
            (a_line(allowances=(Allowance(unit=AllowanceUnit.CASES, amount=1),) * 2),),
            "lines[0].allowances",
        ),
        ("lines", (a_line(id="lin_00000000000000000000000001"),) * 2, "lines"),
        ("billing", BillingTerms(period=Period(PeriodUnit.MONTH, 0)), "billing.period.count"),
        ("billing", BillingTerms(anchor_date=date(1899, 12, 31)), "billing.anchor_date"),
        ("renewal", RenewalTerms(term=Period(PeriodUnit.YEAR, 101)), "renewal.term.count"),
        ("renewal", RenewalTerms(notice=Period(PeriodUnit.DAY, -1)), "renewal.notice.count"),
        ("start_date", "1899-12-31", "start_date"),
        ("end_date", "3000-01-01", "end_date"),
        ("renewal", RenewalTerms(uplift_bps=100_001), "renewal.uplift_bps"),
    ],
)
def test_terms_that_are_wrong_are_refused_with_the_fields_name(field: str, value: object, at_fault: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        a_draft(replace(TERMS, **{field: value}))  # type: ignore[arg-type]
    assert (refusal.value.code, refusal.value.field) == ("INVALID_FIELD", at_fault)


@pytest.mark.parametrize(
    ("field", "value", "at_fault"),
    [
        ("customer_id", "", "customer_id"),
        ("customer_id", "42", "customer_id"),
        ("customer_id", CONTRACT, "customer_id"),
        ("owner_id", CUSTOMER, "owner_id"),
        ("owner_id", "emp_short", "owner_id"),
        ("predecessor_id", CUSTOMER, "predecessor_id"),
    ],
)
def test_an_id_of_another_type_is_refused_with_the_fields_name(field: str, value: str, at_fault: str) -> None:
    particulars: dict[str, Any] = {field: value}
    with pytest.raises(InvalidId) as refusal:
        a_draft(**particulars)
    assert (refusal.value.code, refusal.value.field) == ("INVALID_ID", at_fault)


@pytest.mark.parametrize(
    ("line", "at_fault"),
    [
        (a_line(id=CUSTOMER), "lines[0].id"),
        (a_line(product_id=CUSTOMER), "lines[0].product_id"),
        (a_line(asset_ids=(CUSTOMER,)), "lines[0].asset_ids"),
    ],
)
def test_an_id_in_a_line_is_checked_like_any_other(line: object, at_fault: str) -> None:
    with pytest.raises(InvalidId) as refusal:
        a_draft(replace(TERMS, price=None, lines=(line,)))  # type: ignore[arg-type]
    assert refusal.value.field == at_fault


near = st.dates(date(1900, 1, 1), date(2999, 12, 31))


@given(start=near, end=near)
def test_a_term_includes_its_last_day_and_never_ends_before_it_begins(start: date, end: date) -> None:
    terms = replace(TERMS, start_date=start.isoformat(), end_date=end.isoformat())
    if start <= end:
        draft = a_draft(terms)
        assert (draft.start_date, draft.end_date) == (start, end)
        return
    with pytest.raises(DomainError):
        a_draft(terms)


def test_every_line_has_an_id_of_its_own_that_a_repeat_finds_again() -> None:
    two = replace(TERMS, price=None, lines=(a_line(), a_line()))
    first, second = a_draft(two).lines
    assert first.id != second.id
    assert a_draft(two).lines == (first, second)


def test_the_assets_of_a_contract_are_those_of_its_lines_each_once() -> None:
    one, two = (f"ast_0000000000000000000000000{number}" for number in (1, 2))
    draft = a_draft(replace(TERMS, price=None, lines=(a_line(asset_ids=(one, one)), a_line(asset_ids=(two, one)))))
    assert draft.asset_ids == (one, two)


MONTHLY = BillingTerms(period=Period(PeriodUnit.MONTH, 1))


@pytest.mark.parametrize(
    ("start", "end", "lines", "price"),
    [
        ("2026-06-01", "2027-05-31", (a_line(),), 120_000),
        ("2026-01-31", "2027-01-30", (a_line(),), 120_000),
        ("2028-02-29", "2029-02-27", (a_line(),), 120_000),  # that year's 28 February begins the next period
        ("2026-06-01", "2027-05-31", (a_line(quantity=2), a_line(price=cny(500))), 246_000),
        ("2026-06-01", "2027-05-31", (a_line(), a_line(start_date="2026-12-01")), 180_000),
        ("2026-06-01", "2026-06-15", (a_line(),), 5_000),
    ],
)
def test_a_year_of_monthly_lines_costs_twelve_months_and_not_eleven_or_one(
    start: str, end: str, lines: tuple[Any, ...], price: int
) -> None:
    draft = a_draft(replace(TERMS, start_date=start, end_date=end, lines=lines, billing=MONTHLY, price=None))
    assert draft.price == cny(price)


@pytest.mark.parametrize(("said", "lines"), [(120_001, "CNY 1200.00"), (119_999, "CNY 1200.00"), (0, "CNY 1200.00")])
def test_a_price_that_is_not_what_the_lines_are_billed_is_refused_naming_both(said: int, lines: str) -> None:
    terms = replace(TERMS, lines=(a_line(),), billing=MONTHLY)
    assert a_draft(replace(terms, price=cny(120_000))).price == cny(120_000)
    with pytest.raises(PriceDiffersFromLines) as refusal:
        a_draft(replace(terms, price=cny(said)))
    assert refusal.value.field == "price"
    assert refusal.value.metadata == {"price": str(cny(said)), "lines_price": lines}


def test_lines_that_are_billed_more_often_than_anybody_can_add_up_are_refused() -> None:
    daily = BillingTerms(period=Period(PeriodUnit.DAY, 1))
    for price in (None, cny(120_000)):
        with pytest.raises(InvalidField) as refusal:
            a_draft(replace(TERMS, price=price, lines=(a_line(),) * 60, billing=daily))
        assert refusal.value.field == "billing.period"
    assert a_draft(replace(TERMS, billing=daily)).price == cny(120_000)


CODEC = ContractCodec()
periods = st.builds(Period, st.sampled_from(PeriodUnit), st.integers(1, 100))
billing = st.builds(BillingTerms, period=periods, anchor_date=st.none() | near)
lines = st.builds(
    a_line,
    quantity=st.integers(1, 1_000_000),
    price=st.builds(Money, st.just("CNY"), st.integers(0, 500_000)),
    allowances=st.lists(
        st.builds(Allowance, unit=st.sampled_from(AllowanceUnit), amount=st.integers(1, 1_000_000)),
        max_size=3,
        unique_by=lambda each: each.unit,
    ).map(tuple),
    service_types=st.lists(st.sampled_from(["repair", "inspection", "parts"]), unique=True).map(tuple),
)


@given(lines=st.lists(lines, max_size=4).map(tuple), terms=billing, version=st.integers(1, 2**62))
def test_a_contract_comes_back_from_its_document_as_it_went_in(
    lines: tuple[object, ...], terms: BillingTerms, version: int
) -> None:
    details = replace(TERMS, price=None if lines else TERMS.price, lines=lines, billing=terms)  # type: ignore[arg-type]
    draft = replace(a_draft(details), version=version)
    assert CODEC.to_aggregate(CODEC.to_document(draft)) == draft


def test_a_contract_with_a_long_life_comes_back_from_its_document_too() -> None:
    halted = suspended(now=datetime(2026, 7, 1, 12, tzinfo=UTC), until=date(2026, 7, 31))
    document = CODEC.to_document(halted)
    assert replace(CODEC.to_aggregate(document), events=halted.events) == halted
    assert (document["end_date"], document["due_date"], document["price"]) == (
        "2027-05-31",
        "2026-07-31",
        {"currency_code": "CNY", "minor_units": cny(120_000).minor_units},
    )
