"""Born on 29 February: five years, every policy, zones from the first to the last; greeted on the day, at the hour."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.care.domain.calendars.birthday_rules import (
    BirthdayRules,
    LeapDayPolicy,
    LeapMonthPolicy,
    LunarDay30Policy,
)
from tests.integration.care.greetings import Greetings, solar, utc
from tests.integration.care.keeping import Keeping

ZONES = ("Pacific/Kiritimati", "Asia/Shanghai", "America/Los_Angeles")
"""UTC+14, UTC+8 and UTC-8."""
YEARS = range(2024, 2029)


def at_nine(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo(zone))


def days(year: int) -> list[date]:
    """Return every day on which a greeting could leave by mistake."""
    leap = [date(year, 2, 29)] if year % 4 == 0 else []
    return [date(year, 2, 27), date(year, 2, 28), *leap, date(year, 3, 1), date(year, 3, 2)]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (LeapDayPolicy.FEB_28, ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]),
        (LeapDayPolicy.MAR_1, ["2024-02-29", "2025-03-01", "2026-03-01", "2027-03-01", "2028-02-29"]),
        (LeapDayPolicy.LEAP_YEARS_ONLY, ["2024-02-29", "2028-02-29"]),
    ],
)
async def test_29_february_is_greeted_at_nine_of_the_right_day_in_every_zone(
    greetings: Greetings, mail: Keeping, policy: LeapDayPolicy, expected: list[str]
) -> None:
    zone_of = {greetings.member(birthday=solar("1988-02-29"), time_zone=zone).email: zone for zone in ZONES}
    rules = BirthdayRules(policy, LeapMonthPolicy.REGULAR_MONTH, LunarDay30Policy.DAY_29)
    greeted: dict[str, list[str]] = {zone: [] for zone in ZONES}
    for year in YEARS:
        greetings.clock.set(utc(f"{year}-02-25 00:00"))
        campaign = greetings.running(rules=rules)
        for moment in sorted(at_nine(day, zone) for day in days(year) for zone in ZONES):
            greetings.clock.set(moment.astimezone(UTC))
            greetings.plan(campaign)
            await greetings.dispatch()
            for message in mail.kept:
                local = moment.astimezone(ZoneInfo(zone_of[message.to]))
                assert local.hour == 9
                greeted[zone_of[message.to]].append(local.date().isoformat())
            mail.kept.clear()
    assert greeted == dict.fromkeys(ZONES, expected)
