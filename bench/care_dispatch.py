"""P6: one touch from lease to record, against the bare loop that asks no questions."""

import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import uvloop
from liquid import Environment
from pymongo import AsyncMongoClient, ReturnDocument
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.database import Database

from bench.measure import Figure, alternate_async
from services.care.app.dispatching import Place, build_work
from services.care.clients.smtp import SmtpMailer
from services.care.clients.smtp_connection import SmtpAddress
from services.care.dispatch import look_for_garbage_seldom
from services.care.domain.calendars.birthday_rules import (
    BirthdayRules,
    LeapDayPolicy,
    LeapMonthPolicy,
    LunarDay30Policy,
)
from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.campaigns.plan import CampaignPlan, MessageTemplate
from services.care.domain.channels import Channel
from services.care.domain.language import Language
from services.care.domain.sending.message import Message
from services.care.domain.sending.touch import Touch, touch_id
from services.care.store.campaigns.campaigns import MongoCampaigns
from services.care.store.sending.batches import new_batch, open_batches
from services.care.store.sending.touches import CODEC
from services.care.usecases.campaigns.plan_campaign import BATCH
from services.care.usecases.sending.dispatch_batch import Lease
from services.chassis.clock import SystemClock
from services.chassis.ids import new_id

_AT_ONCE = 10_000
_KEY = 1122
BODY = """亲爱的{{ member.name }}：
祝您生日快乐，万事如意！{% if member.gender == 'FEMALE' %}
祝女士青春永驻。{% endif %}
"""
_SENDER = "MemberCare <care@membercare.example>"


@contextmanager
def sink(module: str = "bench.null_sink") -> Iterator[int]:
    """Run a sink in a process of its own and yield its port."""
    with subprocess.Popen([sys.executable, "-m", module], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield int(process.stdout.readline())
        process.terminate()


def end_to_end(database: Database[dict[str, Any]], mongo_url: str, *, pids: Sequence[int], count: int) -> Figure:
    """Measure P6; the sink's own time is left out on both sides."""
    with sink() as port:
        ours, reference = uvloop.run(_measure(database, mongo_url, pids=pids, port=port, count=count))
    return Figure(
        "P6",
        f"{count:,} touches end to end: lease, policy, words, send, record",
        "the bare batched loop: lease, words, send, bulk append",
        "<= 2x",
        ours,
        reference,
        at_most=2.0,
    )


async def _measure(
    database: Database[dict[str, Any]], mongo_url: str, *, pids: Sequence[int], port: int, count: int
) -> tuple[list[float], list[float]]:
    members = with_birthday(database, count)
    async with sending(database, mongo_url, port=port) as (mailer, send_all):

        async def ours() -> int:
            done = await send_all()
            assert done == count, done
            return done

        async with AsyncMongoClient[dict[str, Any]](mongo_url, tz_aware=True) as client:
            bare = _Bare(client[database.name], mailer)
            return await alternate_async(ours, bare.run, pids=pids, prepare=lambda: plant(database, members))


@asynccontextmanager
async def sending(
    database: Database[dict[str, Any]], mongo_url: str, *, port: int
) -> AsyncIterator[tuple[SmtpMailer, Callable[[], Awaitable[int]]]]:
    """Yield a mailer, and what sends everything that is due and returns how many touches were settled.

    The process looks for garbage as a dispatcher does, for both ways that are measured.
    """
    look_for_garbage_seldom()
    mailer = SmtpMailer(SmtpAddress.parse(f"smtp://127.0.0.1:{port}"), _SENDER, connections=8)
    clock = SystemClock()
    async with AsyncMongoClient[dict[str, Any]](mongo_url, tz_aware=True) as client:
        place = Place(
            client=client,
            database=database.name,
            owner="bench",
            lease_time=timedelta(seconds=60),
            message_domain="membercare.example",
        )
        batches, work = build_work(place, {Channel.EMAIL: mailer}, clock=clock)

        async def send_all() -> int:
            done = 0
            while (batch := await batches.lease(clock.now())) is not None:
                done += await work(batch, Lease(lambda: True))
            return done

        yield mailer, send_all
        await mailer.close()


class _Bare:
    """What a first version would be: no policy, no fence, no recovery."""

    def __init__(self, database: AsyncDatabase[dict[str, Any]], mailer: SmtpMailer) -> None:
        self._db, self._mailer = database, mailer
        self._template = Environment().from_string(BODY)

    async def run(self) -> int:
        done = 0
        while True:
            batch = await self._db["batches"].find_one_and_update(
                {"state": "ready"}, {"$set": {"state": "done"}}, return_document=ReturnDocument.AFTER
            )
            if batch is None:
                return done
            done += await self._work(batch["_id"])

    async def _work(self, batch_id: str) -> int:
        touches = await self._db["touches"].find({"batch_id": batch_id}).to_list()
        wanted = {"_id": {"$in": [touch["member_id"] for touch in touches]}}
        members = {each["_id"]: each async for each in self._db["members"].find(wanted, {"name": 1, "email": 1})}
        mails = [self._mail(touch, members[touch["member_id"]]) for touch in touches]
        for first in range(0, len(mails), 100):
            chunk = touches[first : first + 100]
            fates = await self._mailer.send(mails[first : first + 100], lambda: True)
            outcomes = [
                {"_id": f"{touch['_id']}.1", "touch_id": touch["_id"], "state": fate.value, "at": datetime.now(UTC)}
                for touch, fate in zip(chunk, fates, strict=True)
            ]
            await self._db["outcomes"].insert_many(outcomes, ordered=False)
        return len(touches)

    def _mail(self, touch: dict[str, Any], member: dict[str, Any]) -> Message:
        body = self._template.render(member={"name": member["name"], "gender": "FEMALE"})
        return Message(f"<{touch['_id']}@bench>", member["email"], "生日快乐", body)


def with_birthday(database: Database[dict[str, Any]], count: int) -> list[str]:
    """Give so many members their birthday on the day of the touches, and return their ids."""
    ids = [each["_id"] for each in database["members"].find({}, {"_id": 1}).limit(count)]
    today = {"$set": {"birthday_key": _KEY, "time_zone": "Asia/Shanghai"}}
    for first in range(0, len(ids), _AT_ONCE):
        database["members"].update_many({"_id": {"$in": ids[first : first + _AT_ONCE]}}, today)
    return ids


def plant(database: Database[dict[str, Any]], members: Sequence[str]) -> None:
    """Store a touch for each member, in batches that wait to be leased, in place of all that were there."""
    for batch in planned(database, members):
        database["touches"].insert_many([CODEC.to_document(touch) for touch in batch], ordered=False)
        first = batch[0]
        database["batches"].insert_one(
            new_batch(first.batch_id, first.campaign_id, channel="email", due_at=first.due_at)
        )
        open_batches([first.batch_id])


def planned(database: Database[dict[str, Any]], members: Sequence[str]) -> list[list[Touch]]:
    """Begin a campaign with an empty ledger, and return the touches that it is to plan, by batches."""
    for name in ("touches", "batches", "outcomes", "campaigns"):
        database[name].delete_many({})
    now, clock = datetime.now(UTC), SystemClock()
    campaign = _campaign(now)
    MongoCampaigns.of(clock).add(campaign, "")
    return [
        [_touch(campaign.id, each, batch_id=batch_id, now=now) for each in members[first : first + BATCH]]
        for first in range(0, len(members), BATCH)
        for batch_id in [new_id("bat", now)]
    ]


def _campaign(now: datetime) -> Campaign:
    rules = BirthdayRules(LeapDayPolicy.FEB_28, LeapMonthPolicy.REGULAR_MONTH, LunarDay30Policy.DAY_29)
    templates = tuple(MessageTemplate(language, "生日快乐", BODY) for language in Language)
    plan = CampaignPlan("09:00", 30, rules, templates)
    return Campaign(new_id("cmp", now), "Bench", plan, "bench", now, now, state=CampaignState.RUNNING, started_at=now)


def _touch(campaign_id: str, member_id: str, *, batch_id: str, now: datetime) -> Touch:
    day = f"{now.year}-11-22"
    return Touch(
        id=touch_id(campaign_id, member_id, occurrence="birthday/bench"),
        campaign_id=campaign_id,
        member_id=member_id,
        occurrence="birthday/bench",
        channel="email",
        date=day,
        due_at=now,
        batch_id=batch_id,
        updated_at=now,
    )
