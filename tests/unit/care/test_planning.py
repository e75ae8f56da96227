from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.campaigns.planning import day_is_over, days_to_plan, due_moment, open_days


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "wall_time", "zone", "expected"),
    [
        ("2026-11-22", "09:00", "Asia/Shanghai", "2026-11-22 01:00"),
        ("2026-11-22", "09:00", "Pacific/Kiritimati", "2026-11-21 19:00"),
        ("2026-11-22", "09:00", "Pacific/Pago_Pago", "2026-11-22 20:00"),
        ("2026-03-29", "02:30", "Europe/Berlin", "2026-03-29 01:30"),  # skipped: read as 03:30 of summer time
        ("2026-10-25", "02:30", "Europe/Berlin", "2026-10-25 00:30"),  # twice: the first, of summer time
    ],
)
def test_a_greeting_is_due_at_the_wall_time_of_the_members_zone(
    day: str, wall_time: str, zone: str, expected: str
) -> None:
    assert due_moment(date.fromisoformat(day), wall_time, zone=zone) == utc(expected)


def test_a_campaign_that_starts_plans_from_the_first_day_that_is_still_open_to_the_last_that_has_begun() -> None:
    started = utc("2026-11-22 11:00")
    assert days_to_plan(None, started, now=started) == [date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23)]


def test_a_planned_day_is_not_planned_again() -> None:
    now = utc("2026-11-22 11:00")
    assert days_to_plan(date(2026, 11, 23), now, now=now) == []


def test_days_missed_in_an_outage_are_planned_oldest_first() -> None:
    started, now = utc("2026-11-01 00:00"), utc("2026-11-22 08:00")
    assert days_to_plan(date(2026, 11, 19), started, now=now) == [
        date(2026, 11, 20),
        date(2026, 11, 21),
        date(2026, 11, 22),
    ]


@given(
    start=st.datetimes(datetime(2024, 1, 1), datetime(2026, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  # bounds are naive
    steps=st.lists(st.integers(1, 100), max_size=20),
)
def test_however_often_the_scheduler_runs_no_day_is_missed_and_none_comes_twice(
    start: datetime, steps: list[int]
) -> None:
    now, through, planned = start, None, []
    for hours in [0, *steps]:
        now += timedelta(hours=hours)
        planned += (days := days_to_plan(through, start, now=now))
        through = days[-1] if days else through
    assert planned == [planned[0] + timedelta(days=count) for count in range(len(planned))]
    assert planned[-1] == (now + timedelta(hours=14)).date()


def test_open_days_are_those_not_over_everywhere_on_earth() -> None:
    assert open_days(date(2026, 11, 23), utc("2026-11-22 11:00")) == [
        date(2026, 11, 21),
        date(2026, 11, 22),
        date(2026, 11, 23),
    ]
    assert open_days(None, utc("2026-11-22 11:00")) == []


def test_a_day_is_over_by_the_members_own_calendar() -> None:
    now = utc("2026-11-22 18:00")  # the 23rd in Shanghai, the 22nd in New York
    assert day_is_over(date(2026, 11, 22), "Asia/Shanghai", now=now)
    assert not day_is_over(date(2026, 11, 22), "America/New_York", now=now)


def test_a_day_that_was_open_when_it_was_looked_at_last_is_looked_at_again_after_an_outage() -> None:
    planned, looked_at, now = date(2026, 11, 22), utc("2026-11-22 02:00"), utc("2026-11-25 02:00")
    assert open_days(planned, now) == []
    assert open_days(planned, now, looked_at=looked_at) == [date(2026, 11, 21), date(2026, 11, 22)]
    assert open_days(planned, now, looked_at=looked_at, behind=1)[0] == date(2026, 11, 20)
