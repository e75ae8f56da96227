"""A dispatcher that dies at each point between lease and end, one after the other: nobody is lost, nobody doubled.

The dispatcher is the real one on the real database; only its writes and its handovers are counted, and the process is
gone before the one that a test names. Kills at random moments of whole processes are in tests/e2e and tests/soak.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from services.care.domain.channels import Channel
from services.care.domain.sending.caps import Cap, CapPeriod
from services.care.domain.sending.message import Message
from services.care.domain.sending.touch import Touch
from services.care.ports.sending import Batch, Handover
from services.care.store.sending.touches import MongoTouches
from services.care.usecases.sending.dispatch_batch import Lease, LeaseLost
from services.chassis import clock as chassis_clock
from services.chassis.ids import new_id
from tests.integration.care.greetings import Greetings, solar

MEMBERS, CHUNK = 7, 4
"""More than are in flight between two records, so that a batch has a second chunk."""
WRITES = {
    *("insert_one", "insert_many", "update_one", "update_many", "bulk_write", "find_one_and_update", "delete_one"),
    *("delete_many", "replace_one"),
}


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Life:
    """How many more things a dispatcher does before it is killed."""

    left: int
    seen: list[str] = field(default_factory=list)

    def spend(self, what: str) -> None:
        if not self.left:
            raise Killed
        self.left -= 1
        self.seen.append(what)


@dataclass
class Mortal:
    """A client, database or collection whose writes are counted."""

    inner: Any
    life: Life

    def __getitem__(self, name: str) -> "Mortal":
        return Mortal(self.inner[name], self.life)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        if name == "with_options":
            return lambda **options: Mortal(found(**options), self.life)
        if name not in WRITES:
            return found

        async def write(*arguments: Any, **options: Any) -> Any:
            self.life.spend(f"{self.inner.name}.{name}")
            return await found(*arguments, **options)

        return write


@dataclass
class Forgetful:
    """The ledger in a database that crashes once, before it has made safe what became of a chunk."""

    inner: Any
    database: Any
    before: dict[str, Any] | None = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def begin(self, batch: Batch, chunk: Sequence[Touch]) -> bool:
        may = bool(await self.inner.begin(batch, chunk))
        if self.before is not None:
            self.before = {name: list(self.database[name].find()) for name in ("touches", "batches")}
        return may

    async def end(self, batch: Batch, chunk: Sequence[Touch]) -> None:
        await self.inner.end(batch, chunk)
        for name, documents in (self.before or {}).items():
            self.database[name].delete_many({})
            self.database[name].insert_many(documents)
        self.before = None


@dataclass
class Provider:
    """Keeps what it accepted, and can be asked about it; its caller may die before, amid and after a handover."""

    kept: list[Message] = field(default_factory=list)
    life: Life = field(default_factory=lambda: Life(-1))

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        for part in (messages[: len(messages) // 2], messages[len(messages) // 2 :]):
            self.life.spend("handover")
            self.kept.extend(part)
        return [Handover.ACCEPTED] * len(messages)

    async def has(self, message_id: str) -> bool | None:
        return any(each.message_id == message_id for each in self.kept)

    async def close(self) -> None:
        """There is nobody to say goodbye to."""


def plan_for_all(greetings: Greetings) -> None:
    """Plan one message each for so many new members that a batch has two chunks."""
    for name in ("members", "touches", "batches", "campaigns", "contact_history", "plan_cursors"):
        greetings.database[name].delete_many({})
    first = greetings.member(birthday=solar("1990-11-22"))
    known = greetings.database["members"].find_one({"_id": first.id}) or {}
    keys = [new_id("mem", greetings.clock.now()) for _ in range(MEMBERS - 1)]
    greetings.database["members"].insert_many([known | {"_id": key, "email": f"{key}@example.com"} for key in keys])
    assert greetings.plan(greetings.running()).touches == MEMBERS


async def die(greetings: Greetings, provider: Provider, *, after: int) -> list[str]:
    """Dispatch until the process is killed after so many writes and handovers; return what it did."""
    life = provider.life = Life(after)
    mortal: Any = Mortal(greetings.client, life)
    batches, work = replace(greetings, client=mortal).work()
    work = replace(work, chunk=CHUNK)
    with contextlib.suppress(Killed):
        while batch := await batches.lease(greetings.clock.now()):
            await work(batch, Lease(lambda: True))
    provider.life = Life(-1)
    return life.seen


async def recover(greetings: Greetings) -> None:
    """Let the lease end, and let another dispatcher, the one who asks the provider, and the leader do their work."""
    ended = {"$set": {"lease_until": chassis_clock.epoch_ms() - 1}}
    greetings.database["batches"].update_many({"state": "ready"}, ended)
    await greetings.dispatch()
    greetings.clock.advance(timedelta(minutes=5))
    await greetings.settle_unknown()
    MongoTouches(timedelta()).open_stranded()
    await greetings.dispatch()


def told(greetings: Greetings) -> Counter[str]:
    """Return how often each touch was told as sent."""
    said = [event for batch in greetings.database["batches"].find() for event in batch.get("outbox", ())]
    outcomes = [outcome for event in said for outcome in event["data"]["outcomes"]]
    assert {each["state"] for each in outcomes} <= {"TOUCH_STATE_SENT"}
    return Counter(each["touch_id"] for each in outcomes)


async def test_a_dispatcher_killed_at_each_point_between_lease_handover_and_record_loses_and_doubles_nobody(
    greetings: Greetings,
) -> None:
    greetings.rules(caps=(Cap(1, CapPeriod.WEEK),))  # a place that was claimed before the kill must not be lost either
    done: list[str] = []
    for after in range(100):
        provider = Provider()
        greetings.mailer, greetings.providers = provider, {Channel.EMAIL: provider}
        plan_for_all(greetings)
        done = await die(greetings, provider, after=after)
        await recover(greetings)
        assert Counter(each.to for each in provider.kept).most_common(1)[0][1] == 1, done
        assert Counter(greetings.ledger()) == {("2026-11-22", "SENT", ""): MEMBERS}, done
        assert (len(provider.kept), sorted(told(greetings).values())) == (MEMBERS, [1] * MEMBERS), done
        if len(done) < after:  # it came to its end before it could be killed
            break
    chunk = ["contact_history.insert_many", "batches.update_one", "handover", "handover", "touches.bulk_write"]
    lease, recorded, finished = "batches.find_one_and_update", "batches.update_one", "batches.update_one"
    assert done == [lease, *chunk, recorded, *chunk, recorded, finished, lease]


@pytest.mark.parametrize("chunk", [CHUNK, MEMBERS], ids=["with another chunk to come", "as the last chunk"])
async def test_what_a_crash_makes_the_database_forget_is_unknown_and_not_sent_again(
    greetings: Greetings, chunk: int
) -> None:
    provider = Provider()
    greetings.mailer, greetings.providers = provider, {Channel.EMAIL: provider}
    plan_for_all(greetings)
    last = greetings.database["touches"].find().sort("_id", -1).next()["member_id"]
    greetings.set_on(last, do_not_contact=True)  # a skip is recorded before the next chunk is named
    batches, work = greetings.work()
    forgetful: Any = Forgetful(batches, greetings.database)
    batch = await batches.lease(greetings.clock.now())
    assert batch is not None
    with contextlib.suppress(LeaseLost):
        await replace(work, batches=forgetful, chunk=chunk)(batch, Lease(lambda: True))
    await recover(greetings)
    assert Counter(each.to for each in provider.kept).most_common(1)[0][1] == 1
    sent, skipped = ("2026-11-22", "SENT", ""), ("2026-11-22", "SKIPPED", "DO_NOT_CONTACT")
    assert Counter(greetings.ledger()) == {sent: MEMBERS - 1, skipped: 1}
    assert len(provider.kept) == MEMBERS - 1
