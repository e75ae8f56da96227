from datetime import UTC, datetime

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.clock import to_millisecond
from services.chassis.errors import InvalidField
from services.chassis.timestamps import moment, to_datetime, to_timestamp


@given(st.datetimes(timezones=st.timezones(), min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)))  # noqa: DTZ001  # hypothesis adds the zone
def test_a_moment_comes_back_from_the_wire_to_the_millisecond(moment: datetime) -> None:
    stamp = to_timestamp(moment)
    assert stamp is not None
    assert to_datetime(stamp) == to_millisecond(moment.astimezone(UTC))


def test_no_moment_is_an_unset_field() -> None:
    assert to_timestamp(None) is None


@pytest.mark.parametrize(
    "stamp",
    [
        Timestamp(seconds=-62_135_596_801),
        Timestamp(seconds=253_402_300_800),
        Timestamp(nanos=-1),
        Timestamp(nanos=10**9),
    ],
)
def test_a_moment_outside_the_calendar_is_refused_by_its_field(stamp: Timestamp) -> None:
    with pytest.raises(InvalidField) as refusal:
        moment(stamp, "known_at")
    assert refusal.value.field == "known_at"
    assert moment(Timestamp(seconds=253_402_300_799), "known_at").year == 9999
