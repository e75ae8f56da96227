"""When a wait of a journey is over, by the member's own clock and across its changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.journeys.steps import (
    Until,
    WaitForDuration,
    WaitForEvent,
    WaitUntilDate,
    WaitUntilLocalTime,
)
from services.care.domain.journeys.way import wait_is_over_at
from services.care.domain.span import Span, TimeUnit

BERLIN, SHANGHAI, APIA = "Europe/Berlin", "Asia/Shanghai", "Pacific/Apia"
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # bounds


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "zone", "arrived", "over"),
    [
        (WaitForDuration(Span(36, TimeUnit.HOUR)), SHANGHAI, "2026-11-22 02:00", "2026-11-23 14:00"),
        (WaitForEvent("case_closed", Span(1, TimeUnit.WEEK)), SHANGHAI, "2026-11-22 02:00", "2026-11-29 02:00"),
        (WaitUntilLocalTime("09:30"), SHANGHAI, "2026-11-22 01:30", "2026-11-22 01:30"),
        (WaitUntilLocalTime("09:30"), SHANGHAI, "2026-11-22 01:31", "2026-11-23 01:30"),
        (WaitUntilLocalTime("09:30", (1, 2)), SHANGHAI, "2026-11-25 00:00", "2026-11-30 01:30"),
        (WaitUntilLocalTime("09:30", (7,)), SHANGHAI, "2026-11-22 02:00", "2026-11-29 01:30"),
        # Berlin's clock goes from 2:00 to 3:00 on 28 March 2027: 2:30 falls just after the gap.
        (WaitUntilLocalTime("02:30"), BERLIN, "2027-03-27 22:00", "2027-03-28 01:30"),
        # It goes from 3:00 back to 2:00 on 25 October 2026: the first 2:30 counts, and who came later waits a day.
        (WaitUntilLocalTime("02:30"), BERLIN, "2026-10-24 22:00", "2026-10-25 00:30"),
        (WaitUntilLocalTime("02:30"), BERLIN, "2026-10-25 00:45", "2026-10-26 01:30"),
        (WaitUntilDate(date(2026, 12, 24)), SHANGHAI, "2026-11-22 02:00", "2026-12-24 02:00"),
        (WaitUntilDate(date(2026, 11, 1)), SHANGHAI, "2026-11-22 02:00", "2026-11-22 02:00"),
        (WaitUntilDate(date(2026, 12, 24)), APIA, "2026-11-22 02:00", "2026-12-23 21:00"),
    ],
)
def test_a_wait_is_over_by_the_clock_of_the_member(until: Until, zone: str, arrived: str, over: str) -> None:
    assert wait_is_over_at(until, utc(arrived), zone=zone, wall_time="10:00") == utc(over)


@given(MOMENTS, st.times(), st.sets(st.integers(1, 7)), st.sampled_from([BERLIN, SHANGHAI, APIA, "America/New_York"]))
def test_a_wait_for_a_wall_time_ends_on_a_wanted_day_within_eight_days(
    arrived: datetime, wall: object, weekdays: set[int], zone: str
) -> None:
    until = WaitUntilLocalTime(f"{wall:%H:%M}", tuple(sorted(weekdays)))
    over = wait_is_over_at(until, arrived, zone=zone, wall_time="")
    assert arrived <= over <= arrived + timedelta(days=8)
    assert not weekdays or over.astimezone(ZoneInfo(zone)).isoweekday() in weekdays
