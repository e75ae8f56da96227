"""R3: many members in all zones live through changes of the clock, leap days, ends of years and a scheduler away."""

import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo, available_timezones

from pymongo import AsyncMongoClient

from deploy.local.mongod import Mongod
from services.care import app
from services.care.config import Settings
from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.member import Member
from services.care.domain.sending.settings import QuietRule
from services.care.domain.sending.windows import QuietWindow
from services.care.store.members.members import MongoMembers
from services.chassis import mongo
from services.chassis.ids import new_id
from tests.fakes.clock import FrozenClock
from tests.integration.care.greetings import Greetings
from tests.integration.care.keeping import Keeping
from tests.soak.figures import Figure, show

_ALL_ZONES = sorted(each for each in available_timezones() if "/" in each and not each.startswith(("Etc/", "SystemV/")))
_STEP = timedelta(hours=5)
_AROUND = timedelta(days=3)
_OPENS, _CLOSES = "07:30", "22:00"


@dataclass(frozen=True, slots=True)
class _Case:
    name: str
    day: date
    away: timedelta = timedelta(0)
    """So long nobody plans, from a day before the day on."""

    @property
    def catch_up_days(self) -> int:
        return 1 if self.away else 0


_CASES = (
    _Case("gap of New York", date(2026, 3, 8)),
    _Case("fold of New York", date(2026, 11, 1)),
    _Case("gap of Berlin", date(2026, 3, 29)),
    _Case("fold of Berlin", date(2026, 10, 25)),
    _Case("gap of Lord Howe", date(2026, 10, 4)),
    _Case("leap day", date(2028, 2, 29)),
    _Case("28 February of a common year", date(2027, 2, 28)),
    _Case("end of the year", date(2026, 12, 31)),
    _Case("beginning of the year", date(2027, 1, 1)),
    _Case("scheduler away for three days", date(2026, 11, 22), away=timedelta(days=3)),
)


class _Diary(Keeping):
    """Notes when each address was written to."""

    def __init__(self, clock: FrozenClock) -> None:
        super().__init__()
        self.clock, self.at = clock, list[tuple[str, datetime]]()

    async def send(self, messages: Any, may_go_on: Any) -> Any:
        self.at += [(message.to, self.clock.now()) for message in messages]
        return await super().send(messages, may_go_on)


def run(*, members: int) -> bool:
    """Live through every case with so many members; return whether everybody was greeted once or told why not."""
    began, holds = time.monotonic(), True
    with tempfile.TemporaryDirectory() as folder:
        server = Mongod(Path(folder) / "db").start()
        try:
            for case in _CASES:
                mongo.disconnect(app.ALIAS)
                app.migrate(Settings(mongo_url=server.url, care_database=f"care_{uuid4().hex[:8]}"))
                figures = asyncio.run(_lived(case, server.url, members=members))
                told = f"{members} members, {len(_ALL_ZONES)} zones, {time.monotonic() - began:.0f} s so far"
                holds &= show(f"R3: {case.name}, {case.day}", told, figures=figures)
        finally:
            mongo.disconnect(app.ALIAS)
            server.kill9()
    return holds


async def _lived(case: _Case, mongo_url: str, *, members: int) -> list[Figure]:
    start = datetime.combine(case.day, datetime.min.time(), UTC) - _AROUND
    clock = FrozenClock(start)
    diary = _Diary(clock)
    async with AsyncMongoClient[dict[str, Any]](mongo_url, tz_aware=True) as client:
        greetings = Greetings(mongo.handle(app.ALIAS), client, clock, diary)
        greetings.rules(quiet=(QuietRule(QuietWindow(_CLOSES, _OPENS)),))
        people = list(_people(case, members, now=start))
        MongoMembers(clock).add_many([member for member, _ in people])
        campaign = greetings.running(send_at="02:30", catch_up_days=case.catch_up_days)
        away_from = start + _AROUND - timedelta(days=1)
        while clock.now() < start + 2 * _AROUND + case.away:
            if not case.away or not away_from <= clock.now() < away_from + case.away:
                greetings.plan(campaign)
            await greetings.dispatch()
            clock.advance(_STEP)
        return _counted(case, greetings, people=people, sent=diary.at)


def _people(case: _Case, members: int, *, now: datetime) -> Iterator[tuple[Member, date]]:
    """Members whose birthday is the day, the day before or the day after, spread over the zones; and their own day."""
    for number in range(members):
        day = case.day + timedelta(days=number % 3 - 1)
        birthday = Birthday(BirthdayCalendar.SOLAR, day.month, day.day)
        zone = _ALL_ZONES[number % len(_ALL_ZONES)]
        details = MemberDetails(
            name="Li Na", time_zone=zone, birthday=birthday, email=f"m{number}@example.com", email_consent=True
        )
        yield Member.register(new_id("mem", now), details, now=now), day


def _counted(
    case: _Case, greetings: Greetings, *, people: list[tuple[Member, date]], sent: list[tuple[str, datetime]]
) -> list[Figure]:
    times = Counter(to for to, _ in sent)
    lines = {each["member_id"]: each for each in greetings.database["touches"].find()}
    told = sum(
        1
        for member, _ in people
        if lines.get(member.id, {}).get("state") == "TOUCH_STATE_SKIPPED" and lines[member.id]["reason"]
    )
    of = {member.email: (ZoneInfo(member.time_zone), day) for member, day in people}
    local = [(at.astimezone(of[to][0]), of[to][1]) for to, at in sent]
    late = timedelta(days=case.catch_up_days)
    return [
        Figure("members greeted, or skipped with a reason", len(people), len(times) + told),
        Figure("members greeted twice", 0, sum(count > 1 for count in times.values())),
        Figure("members skipped", 0 if not case.away else told, told),
        Figure("greetings on a wrong day", 0, sum(not day <= at.date() <= day + late for at, day in local)),
        Figure("greetings in quiet hours", 0, sum(not _OPENS <= f"{at:%H:%M}" < _CLOSES for at, _ in local)),
    ]
