from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import InvalidField
from services.contracts.domain.catalog.catalog_errors import PriceListVersionOverlaps
from services.contracts.domain.catalog.catalog_rows import price_cell
from services.contracts.domain.catalog.price_list import PriceList, PriceListVersion

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
EMPTY = PriceList.add("prl_01JTDB8D40CQS3K9Q8YV1H2T3A", code="standard", name="S", currency_code="CNY", now=NOON)
FIRST = date(2026, 1, 1)


def version(start: int, end: int | None, *, digest: str) -> PriceListVersion:
    """Prices from the so-many-th day of 2026 to another."""
    return PriceListVersion(
        number=0,
        key=digest,
        start_date=FIRST + timedelta(days=start),
        end_date=None if end is None else FIRST + timedelta(days=end),
        entry_count=1,
        digest=digest,
        author="wang",
        publish_time=NOON,
    )


SPANS = st.tuples(st.integers(0, 60), st.one_of(st.none(), st.integers(0, 20)))


@given(st.lists(SPANS, max_size=8))
def test_whatever_is_published_no_day_ever_has_two_prices_and_numbers_never_repeat(
    spans: list[tuple[int, int | None]],
) -> None:
    prices = EMPTY
    for place, (start, length) in enumerate(spans):
        new = version(start, None if length is None else start + length, digest=str(place))
        try:
            prices = prices.publish(new, now=NOON)
        except PriceListVersionOverlaps:
            days = [FIRST + timedelta(days=day) for day in range(120)]
            assert any(new.holds(day) and any(old.holds(day) for old in prices.versions) for day in days)
    for day in range(120):
        assert sum(each.holds(FIRST + timedelta(days=day)) for each in prices.versions) <= 1
    assert sorted(each.number for each in prices.versions) == list(range(1, len(prices.versions) + 1))


def test_publishing_what_is_published_returns_the_list_itself() -> None:
    once = EMPTY.publish(version(0, None, digest="a"), now=NOON)
    assert once.publish(version(0, None, digest="a"), now=NOON) is once
    later = once.publish(version(10, None, digest="b"), now=NOON)
    assert later.publish(version(0, None, digest="a"), now=NOON) is later


@pytest.mark.parametrize(
    ("cell", "currency_code", "units"),
    [("1280.50", "CNY", 128_050), ("0", "CNY", 0), ("500", "JPY", 500), ("1.500", "CNY", 150), ("1.5", "KWD", 1_500)],
)
def test_a_price_is_read_in_the_currencys_main_unit(cell: str, currency_code: str, units: int) -> None:
    assert price_cell(cell, "unit_price", currency_code=currency_code) == units


@pytest.mark.parametrize(
    "cell", ["", "-1", "+1", "1,280.50", "1e3", "1.005", "NaN", "Infinity", "１２", "1_000", ".5", "1.", "9" * 16]
)
def test_what_is_no_plain_price_is_refused(cell: str) -> None:
    with pytest.raises(InvalidField):
        price_cell(cell, "unit_price", currency_code="CNY")


def test_a_half_yen_is_refused() -> None:
    arguments: dict[str, Any] = {"currency_code": "JPY"}
    with pytest.raises(InvalidField):
        price_cell("500.5", "unit_price", **arguments)
