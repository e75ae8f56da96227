from datetime import UTC, datetime
from typing import Any

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as some

from gateway.graphql.arguments import camel
from gateway.graphql.contracts.money import amount
from gateway.graphql.scalars import read_date, read_moment, read_month, read_whole, write_moment
from membercare.contracts.v1 import contract_pb2
from services.chassis.timestamps import to_timestamp


@given(some.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(9999, 12, 31)))  # noqa: DTZ001  # made aware below
def test_a_moment_is_read_as_it_was_written(moment: datetime) -> None:
    stamp = to_timestamp(moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC))
    assert stamp is not None
    assert read_moment(write_moment(stamp)) == stamp


def test_a_moment_is_written_in_utc_with_milliseconds() -> None:
    assert write_moment(Timestamp(seconds=0, nanos=5_999_999)) == "1970-01-01T00:00:00.005Z"
    assert write_moment(read_moment("2026-11-22T16:30:00.5+08:00")) == "2026-11-22T08:30:00.500Z"


@pytest.mark.parametrize("value", ["2026-11-22T08:30:00", "2026-11-22", "now", 5, None, "2026-02-30T00:00:00Z"])
def test_a_moment_that_nobody_can_place_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="moment"):
        read_moment(value)


@pytest.mark.parametrize(
    "value", ["2026-02-30", "2025-02-29", "20260101", "2026-1-1", "2026-01-01T00:00", 20260101, None]
)
def test_a_day_that_is_in_no_calendar_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"date|calendar"):
        read_date(value)


def test_a_leap_day_is_a_day() -> None:
    assert read_date("2028-02-29") == "2028-02-29"


@pytest.mark.parametrize("value", ["2026-13", "2026-00", "2026-1", "2026-01-01", 202601, None])
def test_a_month_that_is_none_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="YYYY-MM"):
        read_month(value)


@given(some.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_a_whole_number_is_read_from_its_digits_and_as_it_is(value: int) -> None:
    assert read_whole(str(value)) == read_whole(value) == value


@pytest.mark.parametrize("value", [1.5, "1.5", "1e3", "", True, None, 2**63, str(2**63), " 1", "٣"])
def test_a_number_that_is_not_whole_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="whole number"):
        read_whole(value)


@pytest.mark.parametrize(
    ("currency", "minor_units", "written"),
    [
        ("CNY", 128_050, "1280.50"),
        ("CNY", 5, "0.05"),
        ("JPY", 500, "500"),
        ("KWD", 1_234, "1.234"),
        ("USD", 0, "0.00"),
        ("USD", 10**15, "10000000000000.00"),
    ],
)
def test_an_amount_has_the_digits_of_its_currency(currency: str, minor_units: int, written: str) -> None:
    assert amount(contract_pb2.Money(currency_code=currency, minor_units=minor_units)) == written


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("", ""),
        ("name", "name"),
        ("start_date", "startDate"),
        ("filter.due_through", "filter.dueThrough"),
        ("plan.lunar_day30_policy", "plan.lunarDay30Policy"),
    ],
)
def test_a_field_is_named_as_the_schema_writes_it(path: str, shown: str) -> None:
    assert camel(path) == shown
