"""Escalation by uplift and by index; the delta is never added on a price that is escalated already."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import InvalidField
from services.contracts.domain.billing.billing_errors import IndexMonthNotOver, IndexValueDefinitive, IndexValueMissing
from services.contracts.domain.billing.billing_plan import charges
from services.contracts.domain.billing.cotermination import co_terminate
from services.contracts.domain.billing.escalation import Bounds, base_price, escalated, uplifted
from services.contracts.domain.billing.price_index import IndexValueState, PriceIndex, ToldValue
from services.contracts.domain.billing.price_run import PriceRule, PriceRunKind
from services.contracts.domain.billing.repricing import (
    PriceChangedSincePreview,
    PriceNotUndoable,
    Repricing,
    mark_of,
    reprice,
    unmark_of,
    unprice,
)
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import PeriodUnit
from tests.unit.contracts.billing_builders import a_line, active, amounts, cny, day, monthly, terms

NOW = datetime(2026, 6, 1, 4, tzinfo=UTC)
TODAY = NOW.date()
RUN = "esc_" + "0" * 26
INDEX = mark_of(RUN, PriceRunKind.INDEX)
FREE = Bounds()


def _index(**values: str) -> PriceIndex:
    index = PriceIndex.create("idx_" + "0" * 26, name="CPI", basis="2015 = 100", now=NOW)
    told = [
        _told(month.lstrip("m").replace("_", "-"), value, published="2026-12-15") for month, value in values.items()
    ]
    return index.recorded(told, today=date(2026, 12, 15), now=NOW)


def _told(
    month: str, value: str, *, state: IndexValueState = IndexValueState.DEFINITIVE, published: str = "2026-05-15"
) -> ToldValue:
    return ToldValue(month=month, value=value, state=state, published_date=published)


def _step(old: str, new: str, *, in_force: Money, bounds: Bounds = FREE) -> Money:
    return escalated(cny(1000), base_value=Decimal(old), value=Decimal(new), in_force=in_force, bounds=bounds).price


def test_an_index_delta_is_not_added_on_an_already_escalated_price() -> None:
    """MicrosoftDocs #4405: 1,000 at 105.65, 110.50, 114.25 became 1,127.31; the ratio of the index says 1,081.40."""
    first = _step("105.65", "110.5", in_force=cny(1000))
    assert first == Money("CNY", 104_591)
    second = escalated(cny(1000), base_value=Decimal("105.65"), value=Decimal("114.25"), in_force=first, bounds=FREE)
    assert second.price == Money("CNY", 108_140)
    assert second.formula == "CNY 1000.00 × 114.25/105.65 = CNY 1081.40"


@given(st.lists(st.decimals("50", "300", places=2), min_size=2, max_size=30), st.integers(1, 10**9))
def test_chained_steps_come_to_the_ratio_to_the_base(values: list[Decimal], units: int) -> None:
    price = base = Money("CNY", units)
    ratio = Fraction(1)
    for old, new in pairwise(values):
        price = escalated(base, base_value=values[0], value=new, in_force=price, bounds=FREE).price
        ratio *= Fraction(new) / Fraction(old)
    exact = units * ratio
    assert ratio == Fraction(values[-1]) / Fraction(values[0])
    assert abs(price.minor_units - exact) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("bounds", "value", "expected"),
    [
        (Bounds(cap_bps=300), "110", 103_000),
        (Bounds(cap_bps=300), "101", 101_000),
        (Bounds(floor_bps=0), "90", 100_000),
        (Bounds(floor_bps=-100), "90", 99_000),
        (Bounds(floor_bps=200, cap_bps=500), "101", 102_000),
        (Bounds(round_to=500), "101.3", 101_500),
        (Bounds(round_to=100), "101.234", 101_200),
    ],
)
def test_floor_cap_and_rounding(bounds: Bounds, value: str, expected: int) -> None:
    assert _step("100", value, in_force=cny(1000), bounds=bounds).minor_units == expected


@given(
    units=st.integers(0, 10**9),
    bps=st.integers(-10_000, 100_000),
    bounds=st.tuples(st.integers(-10_000, 5_000), st.integers(0, 5_000), st.integers(1, 10_000)),
)
def test_no_rounding_passes_a_floor_or_a_cap(units: int, bps: int, bounds: tuple[int, int, int]) -> None:
    least, width, step = bounds
    held = Bounds(floor_bps=least, cap_bps=least + width, round_to=step)
    price = uplifted(Money("CNY", units), bps=bps, bounds=held).price.minor_units
    lowest, highest = (Fraction(units * (10_000 + each), 10_000) for each in (least, least + width))
    assert price <= highest
    assert price >= lowest or price == int(highest)
    inside = int(highest) // step * step >= lowest
    assert price % step == 0 or not inside


def test_what_a_cap_held_back_comes_with_a_later_step_because_the_base_stays() -> None:
    capped = _step("100", "110", in_force=cny(1000), bounds=Bounds(cap_bps=500))
    assert capped == cny(1050)
    assert _step("100", "110", in_force=capped, bounds=Bounds(cap_bps=500)) == cny(1100)


def test_an_uplift_is_in_hundredths_of_a_percent() -> None:
    found = uplifted(cny(1000), bps=325, bounds=FREE)
    assert (found.price, found.formula) == (Money("CNY", 103_250), "CNY 1000.00 × 10325/10000 = CNY 1032.50")


def test_a_definitive_value_stays_and_a_provisional_one_gives_way() -> None:
    index = PriceIndex.create("idx_" + "0" * 26, name="CPI", basis="2015 = 100", now=NOW)
    index = index.recorded([_told("2026-01", "105.1", state=IndexValueState.PROVISIONAL)], today=TODAY, now=NOW)
    index = index.recorded([_told("2026-01", "105.65"), _told("2025-12", "104")], today=TODAY, now=NOW)
    assert [(each.month, str(each.value)) for each in index.values] == [("2025-12", "104"), ("2026-01", "105.65")]
    assert index.recorded([_told("2026-01", "105.65")], today=TODAY, now=NOW) is index
    with pytest.raises(IndexValueDefinitive):
        index.recorded([_told("2026-01", "105.66")], today=TODAY, now=NOW)
    with pytest.raises(IndexValueDefinitive):
        index.recorded([_told("2026-01", "105.65", state=IndexValueState.PROVISIONAL)], today=TODAY, now=NOW)


@pytest.mark.parametrize(
    ("month", "published", "day"),
    [
        ("2026-06", "2026-07-15", "2026-06-01"),
        ("2026-05", "2026-05-31", "2026-05-31"),
        ("2030-01", "2026-05-15", "2026-05-15"),
    ],
)
def test_the_value_of_a_month_that_is_not_over_is_provisional_at_most(month: str, published: str, day: str) -> None:
    index = _index()
    with pytest.raises(IndexMonthNotOver) as refusal:
        index.recorded([_told("2026-04", "104"), _told(month, "105.65", published=published)], today=TODAY, now=NOW)
    assert refusal.value.field == "values[1].month"
    assert refusal.value.metadata == {"month": month, "day": day}
    provisional = _told(month, "105.65", state=IndexValueState.PROVISIONAL, published=published)
    assert [each.month for each in index.recorded([provisional], today=TODAY, now=NOW).values] == [month]
    assert index.values == ()


def test_a_value_is_definitive_from_the_day_after_its_month_on() -> None:
    index = _index().recorded([_told("2026-05", "105.65", published="2026-06-01")], today=TODAY, now=NOW)
    assert [each.state for each in index.values] == [IndexValueState.DEFINITIVE]


@pytest.mark.parametrize("value", ["", "0", "-1", "NaN", "Infinity", "1,5", "1" * 13, "1e999999", "1_0", " 1", "１"])
def test_a_value_that_is_no_number_above_zero_is_refused(value: str) -> None:
    with pytest.raises(InvalidField, match="above zero"):
        _index(m2026_01=value)


def test_the_lag_chooses_the_month_and_a_month_without_a_value_is_refused() -> None:
    index = _index(m2026_03="111", m2026_02="110")
    assert index.at(date(2026, 5, 31), lag_months=3).value == Decimal(110)
    with pytest.raises(IndexValueMissing, match="2026-04"):
        index.at(date(2026, 5, 1), lag_months=1)


def test_an_index_tells_its_growth_between_two_days() -> None:
    index = _index(m2024_01="105.65", m2026_01="114.25")
    ratio, told = index.ratio(date(2024, 4, 1), date(2026, 4, 30), lag_months=3)
    assert (ratio, told) == (Fraction(11425, 10565), "114.25/105.65")


def _yearly(**fields: Any) -> Contract:
    version = terms("2024-01-01", "2028-12-31", a_line(yuan=1000), billing=monthly(unit=PeriodUnit.YEAR), **fields)
    return active(replace(version, price=cny(5000)))


def _by_index(on: str, index: PriceIndex, **rule: Any) -> Repricing:
    return Repricing(
        rule=PriceRule(kind=PriceRunKind.INDEX, index_id=index.id, **rule), effective_date=day(on), index=index
    )


def test_two_index_runs_in_a_row_both_count_from_what_was_agreed() -> None:
    index = _index(m2024_01="105.65", m2025_01="110.5", m2026_01="114.25")
    contract = _yearly()
    for year, expected in (("2025", 104_591), ("2026", 108_140)):
        (item,), _ = _by_index(f"{year}-01-01", index).preview(contract)
        assert item.new_price.minor_units == expected
        mark = mark_of(f"esc_{year}", PriceRunKind.INDEX)
        prices = {item.line_id: (item.old_price, item.new_price)}
        contract = reprice(contract, prices, on=day(f"{year}-01-01"), mark=mark, by="ops", now=NOW)
    assert amounts(contract) == [100_000, 104_591, 108_140, 108_140, 108_140]
    assert contract.price.minor_units == 5 * 108_140
    assert base_price(contract.versions, contract.lines[0].id, escalated_by=frozenset({2, 3})) is not None


def test_a_price_that_people_agree_on_is_a_new_base() -> None:
    index = _index(m2024_01="100", m2025_01="110", m2026_01="121")
    contract = _yearly()
    agreed = replace(contract.versions[0], number=2, effective_date=day("2025-01-01"), lines=(a_line(yuan=2000),))
    (item,), _ = _by_index("2026-01-01", index).preview(replace(contract, versions=(*contract.versions, agreed)))
    assert item.formula == "CNY 2000.00 × 121/110 = CNY 2200.00"


def test_a_line_that_has_ended_is_never_repriced_and_what_keeps_its_price_says_why() -> None:
    uplift = Repricing(rule=PriceRule(kind=PriceRunKind.UPLIFT, uplift_bps=100), effective_date=day("2026-07-01"))
    contract = active(terms("2026-01-01", "2026-12-31", a_line(1), a_line(2, end_date=day("2026-06-30"))))
    items, skips = uplift.preview(contract)
    assert [item.line_id for item in items] == [a_line(1).id]
    assert [(skip.line_id, skip.reason) for skip in skips] == [(a_line(2).id, "LINE_ENDED")]
    assert uplift.preview(active(terms("2025-01-01", "2025-12-31", a_line())))[1][0].reason == "OUTSIDE_TERM"
    assert uplift.preview(active(terms("2026-01-01", "2026-12-31")))[1][0].reason == "NO_LINES"
    later = replace(contract.versions[0], number=2, effective_date=day("2026-09-01"))
    assert uplift.preview(replace(contract, versions=(*contract.versions, later)))[1][0].reason == "AMENDED_LATER"
    none = _by_index("2026-07-01", _index(m2026_07="1"))
    assert {skip.reason for skip in none.preview(contract)[1]} == {"INDEX_VALUE_MISSING", "LINE_ENDED"}


def test_a_run_is_applied_once_and_undone_by_one_more_version() -> None:
    contract = _yearly()
    prices = {a_line().id: (cny(1000), cny(1100))}
    on, unmark = day("2026-01-01"), unmark_of(RUN, PriceRunKind.INDEX)
    applied = reprice(contract, prices, on=on, mark=INDEX, by="ops", now=NOW)
    assert reprice(applied, prices, on=on, mark=INDEX, by="ops", now=NOW) is applied
    assert (applied.price, amounts(applied)) == (cny(5500), [100_000, 100_000, 110_000, 110_000, 110_000])
    assert [event.price for event in applied.events] == [cny(5500)]  # type: ignore[attr-defined]  # of an amendment
    undone = unprice(applied, mark=INDEX, unmark=unmark, by="ops", now=NOW)
    assert unprice(undone, mark=INDEX, unmark=unmark, by="ops", now=NOW) is undone
    assert (undone.price, amounts(undone)) == (cny(5000), 5 * [100_000])
    assert [version.number for version in undone.versions] == [1, 2, 3]
    assert undone.versions[:2] == applied.versions
    with pytest.raises(PriceChangedSincePreview):
        reprice(contract, {a_line().id: (cny(999), cny(1100))}, on=on, mark=INDEX, by="ops", now=NOW)
    amended = replace(applied, versions=(*applied.versions, replace(applied.versions[-1], number=3, reason="more")))
    with pytest.raises(PriceNotUndoable):
        unprice(amended, mark=INDEX, unmark=unmark, by="ops", now=NOW)


def test_contracts_end_together_by_a_stub_that_is_prorated() -> None:
    one = active(terms("2026-01-01", "2026-12-31", a_line(yuan=365), billing=monthly(unit=PeriodUnit.YEAR)))
    two = active(terms("2026-02-01", "2027-01-10", a_line(yuan=310), billing=monthly()))
    end, stubs = co_terminate([one, two], end=None)
    assert end == day("2027-01-10")
    assert (stubs[0].amount, stubs[0].lines[0].formula) == (cny(10), "CNY 365.00 × 10/365 = CNY 10.00 (ACT/ACT)")
    assert (stubs[1].days, stubs[1].amount, stubs[1].lines) == (None, cny(0), ())
    _, stubs = co_terminate([one, two], end=day("2027-01-31"))
    assert stubs[1].lines[0].formula == (
        "CNY 310.00 × 31/31 − CNY 310.00 × 10/31 = CNY 310.00 − CNY 100.00 = CNY 210.00 (ACT/ACT)"
    )
    with pytest.raises(InvalidField, match="2027-01-10"):
        co_terminate([one, two], end=day("2027-01-09"))
    whole = active(terms("2026-01-01", "2026-12-31", price=cny(730)))
    assert co_terminate([whole], end=day("2027-12-31"))[1][0].amount == cny(730)


@given(st.integers(1, 500), st.sampled_from([1, 3, 12]))
def test_a_stub_costs_what_the_schedule_charges_once_the_contract_is_longer(days: int, months: int) -> None:
    contract = active(terms("2026-01-31", "2026-12-30", a_line(yuan=997), billing=monthly(months)))
    end = date.fromordinal(day("2026-12-30").toordinal() + days)
    longer = active(replace(contract.versions[0], end_date=end))
    before = sum(each.amount.minor_units for each in charges(contract, until=date.max).values())
    after = sum(each.amount.minor_units for each in charges(longer, until=date.max).values())
    assert co_terminate([contract], end=end)[1][0].amount.minor_units == after - before
