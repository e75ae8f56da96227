"""Two schedulers and two dispatchers as real processes on one database: one leads, the other stands by."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.keys import Keys
from deploy.local.sink_client import SinkProcess
from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar
from services.care.domain.campaigns.campaign import CampaignVerb
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.member import Member
from services.care.store.members.members import MongoMembers
from services.care.usecases.campaigns.plan_campaign import LeadershipLost
from services.chassis.clock import SystemClock
from services.chassis.ids import new_id
from tests.integration.care.greetings import Greetings, solar
from tests.integration.rpc_process import RpcProcess
from tests.integration.waiting import wait_until

MEMBERS = 2_000
ZONE = "Asia/Shanghai"


@pytest.fixture
def processes(
    mongo_url: str, care_database_name: str, suite_keys: Keys, sink: SinkProcess, tmp_path: Path
) -> Iterator[RpcProcess]:
    """Starts roles of care on the database of these tests; whatever still runs is killed at the end."""
    care = RpcProcess(
        "care",
        mongo_url=mongo_url,
        keys=suite_keys,
        folder=tmp_path,
        CARE_DATABASE=care_database_name,
        SWEEP_SECONDS="0.3",
        STRANDED_AFTER_SECONDS="3",
        DISPATCH_LEASE_SECONDS="3",
        SMTP_URL=sink.smtp_url,
        SMTP_LOOKUP_URL=sink.http_url,
    )
    yield care
    care.kill()


def _born_today(database: Database[dict[str, Any]], count: int) -> str:
    """Store members who have their birthday today; return what their addresses end with."""
    clock, now = SystemClock(), datetime.now(UTC)
    today = now.astimezone(ZoneInfo(ZONE)).date()
    birthday = Birthday(BirthdayCalendar.SOLAR, today.month, today.day)
    host = f"{new_id('run', now)[4:].lower()}.example.com"
    details = [
        MemberDetails(name="Li", time_zone=ZONE, birthday=birthday, email=f"m{number}@{host}", email_consent=True)
        for number in range(count)
    ]
    members = [Member.register(new_id("mem", now), each, now=now) for each in details]
    for first in range(0, count, 1000):
        assert MongoMembers(clock).add_many(members[first : first + 1000]) == set()
    return host


def _mails_to(sink: SinkProcess, host: str) -> list[str]:
    found: list[str] = []
    after = 0
    while page := sink.messages(after=after, limit=1000):
        found += [each["to"] for each in page if each["to"].endswith(host)]
        after = page[-1]["id"]
    return found


@pytest.mark.timeout(240)
def test_killing_the_leader_while_it_plans_and_the_dispatcher_while_it_sends_loses_and_doubles_nobody(
    greetings: Greetings, processes: RpcProcess, sink: SinkProcess, database: Database[dict[str, Any]]
) -> None:
    host = _born_today(database, MEMBERS)
    greetings.clock.set(SystemClock().now())
    leader = processes.start("jobs")
    wait_until(lambda: "leading" in processes.events(), 60)
    standby = processes.start("jobs")
    dispatchers = [processes.start("dispatch"), processes.start("dispatch")]
    greetings.running(send_at="00:00")
    wait_until(lambda: database["touches"].count_documents({}) >= 500, 60)
    leader.kill()
    wait_until(lambda: database["touches"].count_documents({"state": "TOUCH_STATE_SENT"}) >= 200, 60)
    dispatchers[0].kill()
    wait_until(lambda: database["touches"].count_documents({"state": "TOUCH_STATE_SENT"}) == MEMBERS, 60)
    assert standby.poll() is None
    assert processes.events().count("leading") >= 2
    mails = _mails_to(sink, host)
    figures = (database["touches"].count_documents({}), len(mails), len(set(mails)))
    assert figures == (MEMBERS, MEMBERS, MEMBERS)


def test_two_schedulers_in_the_same_second_50_times_plan_nobody_twice(
    greetings: Greetings, database: Database[dict[str, Any]]
) -> None:
    for _ in range(30):
        greetings.member(birthday=solar("1990-11-22"))
    campaign = greetings.running()
    for _ in range(50):
        database["touches"].delete_many({})
        database["batches"].delete_many({})
        database["plan_cursors"].delete_many({})
        together = threading.Barrier(4)

        def plan(token: int, together: threading.Barrier = together) -> None:
            sweep = greetings.sweep
            together.wait()
            try:
                sweep.plan_campaign(campaign, sweep.calendars.read(), token=token, leading=lambda: True)
            except LeadershipLost:
                return  # as it should be for whoever is late

        schedulers = [threading.Thread(target=plan, args=(token,)) for token in (1, 1, 2, 2)]
        for scheduler in schedulers:
            scheduler.start()
        for scheduler in schedulers:
            scheduler.join()
        assert database["touches"].count_documents({}) == 30
        waiting = database["touches"].distinct("batch_id")
        assert database["batches"].count_documents({"_id": {"$in": waiting}}) == len(waiting)


async def test_a_campaign_that_cannot_be_planned_does_not_stop_the_others(
    greetings: Greetings, processes: RpcProcess, mongo_client: MongoClient[dict[str, Any]]
) -> None:
    greetings.clock.set(SystemClock().now())
    broken, sound = greetings.running(), greetings.running()
    greetings.database["campaigns"].update_one({"_id": broken.id}, {"$set": {"plan.send_at": "never"}})
    _born_today(greetings.database, 1)
    processes.start("jobs")
    wait_until(lambda: greetings.database["touches"].count_documents({"campaign_id": sound.id}) == 1, 60)
    assert greetings.database["touches"].count_documents({"campaign_id": broken.id}) == 0
    assert "planning_failed" in processes.events()
    greetings.move(sound, CampaignVerb.PAUSE)
