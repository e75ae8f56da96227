"""R3: whatever the clocks of the world do, every member is greeted exactly once, at an hour that is not quiet."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar
from services.care.domain.sending.message import Message
from services.care.domain.sending.settings import QuietRule
from services.care.domain.sending.windows import QuietWindow
from services.care.ports.sending import Handover
from tests.integration.care.greetings import Greetings, utc
from tests.integration.care.keeping import Keeping

ZONES = (
    "Pacific/Pago_Pago",  # UTC-11
    "America/New_York",
    "America/St_Johns",
    "Europe/Berlin",
    "Asia/Shanghai",
    "Australia/Lord_Howe",  # half an hour of daylight saving
    "Pacific/Apia",
    "Pacific/Kiritimati",  # UTC+14
)
STEP = timedelta(hours=5)


class _Diary(Keeping):
    """Notes the moment of every message."""

    def __init__(self, greetings: Greetings) -> None:
        super().__init__()
        self.greetings, self.at = greetings, dict[str, list[datetime]]()

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        for message in messages:
            self.at.setdefault(message.to, []).append(self.greetings.clock.now())
        return await super().send(messages, may_go_on)


@pytest.mark.parametrize(
    ("born", "day"),
    [
        (date(1990, 3, 8), date(2026, 3, 8)),  # 02:00 to 03:00 does not exist in New York
        (date(1990, 11, 1), date(2026, 11, 1)),  # 01:00 to 02:00 comes twice there
        (date(1990, 3, 29), date(2026, 3, 29)),  # the gap of Berlin
        (date(1990, 12, 31), date(2026, 12, 31)),
        (date(1990, 1, 1), date(2027, 1, 1)),
        (date(1988, 2, 29), date(2028, 2, 29)),
    ],
)
async def test_every_zone_is_greeted_once_on_its_own_day_and_outside_quiet_hours(
    greetings: Greetings, born: date, day: date
) -> None:
    diary = _Diary(greetings)
    greetings.mailer = diary
    greetings.clock.set(utc(f"{day - timedelta(days=1)} 00:00"))
    greetings.rules(quiet=(QuietRule(QuietWindow("22:00", "07:30")),))
    birthday = Birthday(BirthdayCalendar.SOLAR, born.month, born.day, year=born.year)
    zone_of = {greetings.member(birthday=birthday, time_zone=zone).email: zone for zone in ZONES}
    campaign = greetings.running(send_at="02:30", catch_up_days=0)
    while greetings.clock.now() < utc(f"{day + timedelta(days=2)} 00:00"):
        greetings.plan(campaign)
        await greetings.dispatch()
        greetings.clock.advance(STEP)
    local = {zone_of[to]: [at.astimezone(ZoneInfo(zone_of[to])) for at in moments] for to, moments in diary.at.items()}
    assert {zone: [at.date() for at in moments] for zone, moments in local.items()} == {zone: [day] for zone in ZONES}
    assert all("07:30" <= at.strftime("%H:%M") < "22:00" for moments in local.values() for at in moments)
