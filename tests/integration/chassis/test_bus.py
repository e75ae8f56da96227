import asyncio
import signal
from typing import Any

from pymongo import AsyncMongoClient

from services.chassis.bus import Subscription
from services.chassis.parked import COLLECTION as PARKED
from services.chassis.replay import publish_unrouted
from tests.integration.chassis.conftest import World, sample
from tests.integration.chassis.echo import POISON_AFTER, SOURCE
from tests.integration.waiting import wait_until


async def test_an_event_that_nobody_wants_is_kept_and_not_lost_silently(world: World) -> None:
    world.put(sample("sample_unheard", "con_1", number=1), sample("sample_said", "con_1", number=2))

    await world.carry()

    kept = list(world.database.unrouted.find())
    assert [found["envelope"]["type"] for found in kept] == ["sample_unheard"]
    assert world.waiting() == 0

    async with world.bus() as bus, AsyncMongoClient[dict[str, Any]](world.mongo_url) as client:
        unrouted = client[world.database.name]["unrouted"]
        assert await publish_unrouted(unrouted, bus) == 0
        await bus.declare([Subscription(SOURCE, "sample_unheard", "late", "on_sample_unheard")])
        assert await publish_unrouted(unrouted, bus) == 1
    assert world.database.unrouted.count_documents({}) == 0


async def test_events_said_while_no_consumer_runs_are_heard_later(world: World) -> None:
    said = sample("sample_said", "con_1", number=1)
    world.put(said)
    await world.carry()

    world.started("consumers")

    wait_until(lambda: said["id"] in world.heard())


async def test_consumers_killed_in_the_middle_lose_nothing(world: World) -> None:
    said = [sample("sample_whispered", f"con_{number}", number=number) for number in range(200)]
    world.put(*said)
    first, _second = world.started("consumers"), world.started("consumers")
    world.hold_after(40)

    await world.carry()
    wait_until(lambda: len(world.heard()) >= 40)
    first.kill()
    assert len(world.heard()) < 200
    world.let_go()

    wait_until(lambda: len(world.heard()) == 200)
    assert set(world.heard()) == {entry["id"] for entry in said}
    assert world.database[PARKED].count_documents({}) == 0


async def test_sigterm_ends_consumers_in_order_and_what_they_did_not_begin_is_left_to_others(world: World) -> None:
    said = [sample("sample_whispered", f"con_{number}", number=number) for number in range(100)]
    world.put(*said)
    first = world.started("consumers")
    world.hold_after(10)
    await world.carry()
    wait_until(lambda: len(world.heard()) >= 10)

    first.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.5)  # what it has begun is held until it has surely heard the signal
    world.let_go()
    assert first.wait(15) == 0
    left = 100 - len(world.heard())
    assert left > 0
    world.started("consumers")

    wait_until(lambda: len(world.heard()) == 100)
    calls = world.database.calls.count_documents({})
    assert calls == 100  # nothing was begun twice


async def test_an_event_that_kills_its_consumer_is_parked_as_poison(world: World) -> None:
    killer = sample("sample_killed", "con_1", number=1)
    world.put(killer)
    await world.carry()
    if world.amqp_url:
        world.started("jobs")  # takes the dead letters

    deaths = 0
    while world.database[PARKED].count_documents({}) == 0:
        consumers = world.start("consumers")
        wait_until(lambda: consumers.poll() is not None or world.database[PARKED].count_documents({}) == 1)  # noqa: B023
        deaths += consumers.poll() == 9

    parked = world.database[PARKED].find_one() or {}
    assert parked["reason"] == "POISON"
    assert parked["envelope"] == killer
    assert parked["handler"] == "echo.on_sample_killed.v1"
    assert deaths in {POISON_AFTER, POISON_AFTER + 1}
