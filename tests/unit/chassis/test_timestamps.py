from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.chassis.clock import to_millisecond
from services.chassis.timestamps import to_datetime, to_timestamp


@given(st.datetimes(timezones=st.timezones(), min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)))  # noqa: DTZ001  # hypothesis adds the zone
def test_a_moment_comes_back_from_the_wire_to_the_millisecond(moment: datetime) -> None:
    stamp = to_timestamp(moment)
    assert stamp is not None
    assert to_datetime(stamp) == to_millisecond(moment.astimezone(UTC))


def test_no_moment_is_an_unset_field() -> None:
    assert to_timestamp(None) is None
