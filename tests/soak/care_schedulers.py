"""R2: two schedulers are started in the same second, many times; nobody is planned twice."""

import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from pymongo import MongoClient
from pymongo.database import Database

from deploy.local import keys
from deploy.local.mongod import Mongod
from services.care import app
from services.care.config import Settings
from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar
from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.members.details import MemberDetails
from services.care.domain.members.member import Member
from services.care.store.campaigns.campaigns import MongoCampaigns
from services.care.store.members.members import MongoMembers
from services.chassis import mongo
from services.chassis.clock import SystemClock
from services.chassis.ids import new_id
from tests.integration.care.greetings import a_plan
from tests.integration.rpc_process import RpcProcess
from tests.integration.waiting import wait_until
from tests.soak.figures import Figure, show

ZONE = "Asia/Shanghai"
_WRITTEN_BY_A_RUN = ("touches", "batches", "plan_cursors", "leases")


def run(*, members: int, runs: int) -> bool:
    """Start two schedulers again and again; return whether nobody was planned twice and nobody was forgotten."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        server = Mongod(Path(folder) / "db").start()
        try:
            counts = _counts(Path(folder), server.url, members=members, runs=runs)
        finally:
            mongo.disconnect(app.ALIAS)
            server.kill9()
    figures = [
        Figure("touches planned", members * runs, sum(planned for planned, _ in counts)),
        Figure("members planned twice", 0, sum(twice for _, twice in counts)),
    ]
    told = f"{runs} runs, {time.monotonic() - began:.0f} s"
    return show("R2: two schedulers in the same second", told, figures=figures)


def _counts(folder: Path, mongo_url: str, *, members: int, runs: int) -> list[tuple[int, int]]:
    name = f"care_{uuid4().hex[:8]}"
    app.migrate(Settings(mongo_url=mongo_url, care_database=name))
    _begin(members)
    care = RpcProcess(
        "care",
        mongo_url=mongo_url,
        keys=keys.ensure(folder / "keys"),
        folder=folder,
        CARE_DATABASE=name,
        SWEEP_SECONDS="0.2",
        STRANDED_AFTER_SECONDS="1",
    )
    with MongoClient[dict[str, Any]](mongo_url) as client:
        return [_once(client[name], care, members=members) for _ in range(runs)]


def _begin(members: int) -> None:
    clock, now = SystemClock(), datetime.now(UTC)
    today = now.astimezone(ZoneInfo(ZONE)).date()
    birthday = Birthday(BirthdayCalendar.SOLAR, today.month, today.day)
    details = MemberDetails(name="Li", time_zone=ZONE, birthday=birthday, email="li@example.com", email_consent=True)
    MongoMembers(clock).add_many([Member.register(new_id("mem", now), details, now=now) for _ in range(members)])
    campaign = Campaign(
        new_id("cmp", now), "Birthdays", a_plan(), "author", now, now, state=CampaignState.RUNNING, started_at=now
    )
    MongoCampaigns.of(clock).add(campaign, "")


def _once(database: Database[dict[str, Any]], care: RpcProcess, *, members: int) -> tuple[int, int]:
    """Return how many touches were planned, and how many of them twice, once each waits in a batch."""
    for collection in _WRITTEN_BY_A_RUN:
        database[collection].delete_many({})
    schedulers = [care.start("jobs"), care.start("jobs")]
    try:
        wait_until(lambda: database["touches"].count_documents({}) >= members, 120)
        wait_until(lambda: _all_in_batches(database), 120)
    finally:
        for scheduler in schedulers:
            scheduler.kill()
            scheduler.wait()
    touches = list(database["touches"].find({}, {"member_id": 1}))
    return len(touches), len(touches) - len({each["member_id"] for each in touches})


def _all_in_batches(database: Database[dict[str, Any]]) -> bool:
    waiting = database["touches"].distinct("batch_id")
    return database["batches"].count_documents({"_id": {"$in": waiting}}) == len(waiting)
