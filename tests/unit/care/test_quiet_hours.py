from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.calendars.blackout import BlackoutMove
from services.care.domain.channels import Channel, Purpose
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.settings import QuietRule, SendingSettings
from services.care.domain.sending.verdict import SEND_NOW, HoldUntil, Skip, Verdict
from services.care.domain.sending.windows import QuietWindow, quiet_until, zone_of
from tests.unit.care.test_policy import LI, a_touch, judged

NEW_YORK = ZoneInfo("America/New_York")
NIGHT = QuietWindow("21:00", "08:00")
QUIET = {"settings": SendingSettings(quiet=(QuietRule(NIGHT),))}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-22 12:59", None),  # 20:59 in Shanghai
        ("2026-11-22 13:00", "2026-11-23 00:00"),  # 21:00: until 08:00 tomorrow
        ("2026-11-22 16:30", "2026-11-23 00:00"),  # 00:30, beyond midnight
        ("2026-11-22 23:59", "2026-11-23 00:00"),
        ("2026-11-23 00:00", None),  # 08:00
    ],
)
def test_a_night_reaches_across_midnight(now: str, until: str | None) -> None:
    found = quiet_until([NIGHT], utc(now), zone=ZoneInfo("Asia/Shanghai"))
    assert found == (utc(until) if until else None)


@pytest.mark.parametrize(
    ("window", "now", "until"),
    [
        # 2026-03-08 02:00 to 03:00 does not exist in New York.
        (QuietWindow("22:00", "02:30"), "2026-03-08 06:59", "2026-03-08 07:30"),  # 01:59 EST; ends at 03:30 EDT
        (QuietWindow("02:30", "06:00"), "2026-03-08 06:59", None),
        (QuietWindow("02:30", "06:00"), "2026-03-08 07:00", "2026-03-08 10:00"),  # 03:00 EDT is later than 02:30
        (QuietWindow("22:00", "08:00"), "2026-03-08 06:59", "2026-03-08 12:00"),  # the night is an hour shorter
        # 2026-11-01 01:00 to 02:00 comes twice.
        (QuietWindow("22:00", "08:00"), "2026-11-01 05:59", "2026-11-01 13:00"),  # the night is an hour longer
        (QuietWindow("22:00", "01:30"), "2026-11-01 05:45", "2026-11-01 06:30"),  # first 01:45: quiet until it is over
        (QuietWindow("22:00", "01:30"), "2026-11-01 06:15", "2026-11-01 06:30"),  # second 01:15
        (QuietWindow("22:00", "01:30"), "2026-11-01 06:30", None),
        (QuietWindow("01:30", "06:00"), "2026-11-01 05:29", None),
        (QuietWindow("01:30", "06:00"), "2026-11-01 06:10", "2026-11-01 11:00"),  # second 01:10: it has begun before
    ],
)
def test_quiet_hours_stay_quiet_where_the_clock_changes(window: QuietWindow, now: str, until: str | None) -> None:
    assert quiet_until([window], utc(now), zone=NEW_YORK) == (utc(until) if until else None)


def test_quiet_hours_that_follow_each_other_are_one_wait() -> None:
    evening, night = QuietWindow("18:00", "22:00"), QuietWindow("21:00", "08:00")
    assert quiet_until([evening, night], utc("2026-11-22 11:00"), zone=ZoneInfo("Asia/Shanghai")) == utc(
        "2026-11-23 00:00"
    )


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../etc/passwd"])
def test_quiet_hours_fail_closed_when_the_zone_is_unknown(zone: str) -> None:
    assert zone_of(zone) is None
    assert judged(recipient=replace(LI, time_zone=zone), around=QUIET) == Skip(Reason.UNKNOWN_TIME_ZONE)


def test_a_message_in_quiet_hours_waits_for_the_morning_of_the_member() -> None:
    late = utc("2026-11-22 14:00")
    assert judged(now=late, around=QUIET) == HoldUntil(utc("2026-11-23 00:00"), Reason.QUIET_HOURS)
    assert judged(now=utc("2026-11-23 00:00"), around=QUIET) == SEND_NOW


def test_a_campaign_may_cancel_in_quiet_hours_in_place_of_waiting() -> None:
    assert judged(now=utc("2026-11-22 14:00"), around=QUIET, cancel_when_quiet=True) == Skip(Reason.QUIET_HOURS)


def test_a_message_that_would_be_too_late_after_the_quiet_hours_does_not_wait_for_them() -> None:
    assert judged(now=utc("2026-11-22 14:00"), around=QUIET, catch_up_days=0) == Skip(Reason.QUIET_HOURS)


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        (QuietRule(NIGHT, channels=(Channel.SMS,)), False),
        (QuietRule(NIGHT, channels=(Channel.EMAIL,)), True),
        (QuietRule(NIGHT, purposes=(Purpose.MARKETING,)), False),
        (QuietRule(NIGHT, purposes=(Purpose.CARE,)), True),
    ],
)
def test_quiet_hours_hold_for_the_channels_and_purposes_they_name(rule: QuietRule, held: bool) -> None:
    verdict = judged(now=utc("2026-11-22 14:00"), around={"settings": SendingSettings(quiet=(rule,))})
    assert isinstance(verdict, HoldUntil) is held


def test_service_waits_for_quiet_hours_only_where_it_is_named() -> None:
    touch, night = a_touch(purpose=Purpose.SERVICE), utc("2026-11-22 14:00")
    named = {"settings": SendingSettings(quiet=(QuietRule(NIGHT, purposes=(Purpose.SERVICE,)),))}
    assert judged(touch, now=night, around=QUIET) == SEND_NOW
    assert isinstance(judged(touch, now=night, around=named), HoldUntil)


@pytest.mark.parametrize(
    ("phone", "purpose", "now", "expected"),
    [
        (
            "+8613800138000",
            Purpose.MARKETING,
            "2026-11-22 13:00",
            HoldUntil(utc("2026-11-23 00:00"), Reason.LEGAL_HOURS),
        ),
        ("+8613800138000", Purpose.MARKETING, "2026-11-22 12:59", SEND_NOW),
        ("+8613800138000", Purpose.CARE, "2026-11-22 13:00", SEND_NOW),
        ("+4915112345678", Purpose.MARKETING, "2026-11-22 13:00", SEND_NOW),
        (
            "+919812345678",
            Purpose.MARKETING,
            "2026-11-22 01:30",
            HoldUntil(utc("2026-11-22 02:00"), Reason.LEGAL_HOURS),
        ),
    ],
)
def test_advertising_by_sms_keeps_to_the_hours_of_the_law(
    phone: str, purpose: Purpose, now: str, expected: Verdict
) -> None:
    li = replace(LI, phone=phone, consents={"sms": {"care": True, "marketing": True}})
    assert judged(a_touch(channel="sms", purpose=purpose), recipient=li, now=utc(now)) == expected


def test_a_blackout_day_puts_a_message_off_to_the_same_hour_of_the_next_free_day() -> None:
    noon = utc("2026-11-22 04:00")
    around = {"blackout": dict.fromkeys((date(2026, 11, 22), date(2026, 11, 23)), BlackoutMove.FORWARD).get}
    assert judged(now=noon, around=around) == HoldUntil(utc("2026-11-24 04:00"), Reason.BLACKOUT_DAY)
    assert judged(now=noon, around=around, on_blackout=BlackoutMove.DROP) == Skip(Reason.BLACKOUT_DAY)
    assert judged(now=noon, around=around, catch_up_days=1) == Skip(Reason.BLACKOUT_DAY)


@pytest.mark.parametrize(
    ("of_the_campaign", "of_the_blackout", "expected"),
    [
        (None, BlackoutMove.DROP, Skip(Reason.BLACKOUT_DAY)),
        (None, BlackoutMove.FORWARD, HoldUntil(utc("2026-11-23 04:00"), Reason.BLACKOUT_DAY)),
        (None, BlackoutMove.BACK, HoldUntil(utc("2026-11-23 04:00"), Reason.BLACKOUT_DAY)),
        (BlackoutMove.FORWARD, BlackoutMove.DROP, HoldUntil(utc("2026-11-23 04:00"), Reason.BLACKOUT_DAY)),
    ],
)
def test_a_campaign_that_says_nothing_of_blackouts_does_what_the_blackout_of_the_day_says(
    of_the_campaign: BlackoutMove | None, of_the_blackout: BlackoutMove, expected: Verdict
) -> None:
    around = {"blackout": {date(2026, 11, 22): of_the_blackout}.get}
    assert judged(now=utc("2026-11-22 04:00"), around=around, on_blackout=of_the_campaign) == expected


def test_a_wait_for_a_free_day_ends_outside_quiet_hours_too() -> None:
    around = QUIET | {"blackout": {date(2026, 11, 22): BlackoutMove.FORWARD}.get}
    night = utc("2026-11-22 15:00")
    assert judged(now=night, around=around) == HoldUntil(utc("2026-11-24 00:00"), Reason.BLACKOUT_DAY)


_ZONES = ("America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Pacific/Pago_Pago", "Pacific/Kiritimati")
_WALLS = st.times().map(lambda each: each.strftime("%H:%M"))
_MOMENTS = st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31))  # noqa: DTZ001


@given(_MOMENTS, _WALLS, _WALLS, st.sampled_from(_ZONES))
def test_a_wait_always_ends_within_a_day_and_outside_the_window(
    naive: datetime, start: str, end: str, zone_name: str
) -> None:
    if start == end:
        return
    now, zone, window = naive.replace(tzinfo=UTC), ZoneInfo(zone_name), QuietWindow(start, end)
    until = quiet_until([window], now, zone=zone)
    if until is None:
        local = now.astimezone(zone).strftime("%H:%M")
        assert not (start <= local < end if start < end else local >= start or local < end)
        return
    assert now < until <= now + timedelta(hours=26)
    assert quiet_until([window], until, zone=zone) is None
