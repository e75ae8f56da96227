from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.providers.health import BrakeRule, Tally
from services.care.domain.providers.kinds import NumberLimit
from services.care.domain.providers.rates import room_at, windows
from tests.unit.care.providers import NOON, a_provider

SHANGHAI = ZoneInfo("Asia/Shanghai")
RULE = BrakeRule(0.5, 20, timedelta(minutes=10))


def test_each_rate_has_its_window_and_a_day_is_the_companys() -> None:
    provider = a_provider(per_second=10, per_minute=100, per_day=5_000)
    second, minute, day = windows(provider, NOON, zone=SHANGHAI)
    assert [(each.most, each.slice) for each in (second, minute, day)] == [(10, 3), (100, 5), (5_000, 25)]
    assert second.ends_at == NOON + timedelta(seconds=1)
    assert minute.ends_at == NOON + timedelta(minutes=1)
    assert day.ends_at == NOON + timedelta(hours=4)  # noon in UTC is 20:00 in Shanghai
    assert windows(a_provider(), NOON, zone=SHANGHAI) == ()


@given(st.integers(1, 10**6), st.sampled_from(["per_second", "per_minute", "per_day"]))
def test_a_slice_is_at_least_one_and_never_more_than_the_window(most: int, rate: str) -> None:
    told: dict[str, Any] = {rate: most}
    (window,) = windows(a_provider(**told), NOON, zone=SHANGHAI)
    assert 1 <= window.slice <= window.most
    assert window.ends_at > NOON


def test_a_number_is_full_by_any_of_its_limits_in_a_rolling_window() -> None:
    limits = (NumberLimit(1, 1), NumberLimit(3, 60))
    at = [NOON - timedelta(minutes=minutes) for minutes in (59, 30, 5)]
    assert room_at(limits, at, now=NOON) == NOON + timedelta(minutes=1)
    assert room_at(limits, at, now=NOON + timedelta(minutes=1)) is None
    assert room_at(limits, [NOON], now=NOON + timedelta(seconds=59)) == NOON + timedelta(minutes=1)
    assert room_at(limits, [*at, NOON], now=NOON) == NOON + timedelta(
        minutes=30
    )  # of four, two must have left the hour
    assert room_at((), [NOON] * 9, now=NOON) is None


@pytest.mark.parametrize(
    ("rule", "tally", "pauses"),
    [
        (RULE, Tally(40, 20), True),
        (RULE, Tally(41, 20), False),
        (RULE, Tally(19, 19), False),
        (BrakeRule(0.0, 1, timedelta(minutes=1)), Tally(9, 9), False),
    ],
)
def test_a_pause_needs_the_share_and_enough_errors(rule: BrakeRule, tally: Tally, pauses: bool) -> None:
    assert bool(rule.why_pause(tally)) is pauses


def test_what_lies_before_a_resumption_is_forgiven() -> None:
    assert RULE.since(NOON, changed_at=NOON - timedelta(hours=1)) == NOON - timedelta(minutes=10)
    assert RULE.since(NOON, changed_at=NOON - timedelta(minutes=1)) == NOON - timedelta(minutes=1)
    assert RULE.why_pause(Tally(40, 30)) == "30 of 40 messages failed within 10 minutes."
