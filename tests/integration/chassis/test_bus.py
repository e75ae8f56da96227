import asyncio
import signal
from typing import Any

from pymongo import AsyncMongoClient

from services.chassis.bus import Subscription
from services.chassis.clock import SystemClock
from services.chassis.envelope import Envelope
from services.chassis.parked import COLLECTION as PARKED
from services.chassis.replay import publish_unrouted, replay
from tests.integration.chassis.conftest import World, sample, wait_until
from tests.integration.chassis.echo import PAUSES, POISON_AFTER, SOURCE


async def test_events_of_one_subject_are_heard_in_the_order_they_were_said(world: World) -> None:
    world.put(*(sample("sample_whispered", f"con_{number % 4}", number) for number in range(120)))
    world.started("consumers")

    await world.carry()

    wait_until(lambda: len(world.heard()) == 120)
    for subject in ("con_0", "con_1", "con_2", "con_3"):
        heard = sorted(
            (found["at"], found["number"]) for found in world.heard().values() if found["subject"] == subject
        )
        numbers = [number for _, number in heard]
        assert numbers == sorted(numbers)
        assert len(numbers) == 30
    assert world.waiting() == 0
    assert not any(found["grpc"] for found in world.heard().values())  # a patched process with grpc hangs


async def test_an_event_said_twice_has_one_effect(world: World) -> None:
    said = sample("sample_said", "con_1", 1)
    world.started("consumers")

    async with world.bus() as bus:
        assert await bus.publish(Envelope.from_dict(said))
        wait_until(lambda: said["id"] in world.heard())
        await asyncio.sleep(1.0)  # till then the embedded bus itself may know the repeat
        assert await bus.publish(Envelope.from_dict(said))  # what a relay that died before removing does

    wait_until(lambda: world.database.calls.count_documents({"event": said["id"]}) == 2)
    assert len(world.heard()) == 1


async def test_a_handler_that_fails_twice_is_tried_again_after_growing_pauses(world: World) -> None:
    said = sample("sample_stumbled", "con_1", 1)
    world.put(said)
    world.started("consumers")

    await world.carry()

    wait_until(lambda: said["id"] in world.heard())
    moments = [call["at"] for call in world.database.calls.find({"event": said["id"]}).sort("at")][:3]
    assert moments[1] - moments[0] >= PAUSES[0]
    assert moments[2] - moments[1] >= PAUSES[1]
    assert world.database[PARKED].count_documents({}) == 0


async def test_a_handler_that_always_fails_parks_its_event_while_others_flow_and_replay_brings_it_back(
    world: World,
) -> None:
    bad, good = sample("sample_failed", "con_bad", 1), sample("sample_said", "con_good", 2)
    world.put(bad, good)
    world.started("consumers")

    await world.carry()

    wait_until(lambda: world.database[PARKED].count_documents({}) == 1)
    parked = world.database[PARKED].find_one() or {}
    assert good["id"] in world.heard()
    assert parked["event_id"] == bad["id"]
    assert parked["reason"] == "HANDLER_FAILED"
    assert parked["error"] == "ValueError: it never works"
    assert parked["attempts"] == 1 + len(PAUSES)
    assert parked["handler"] == "echo.on_sample_failed.v1"
    assert parked["envelope"] == bad
    assert world.database.calls.count_documents({"event": bad["id"]}) == 3

    world.database.cures.insert_one({"_id": "con_bad"})
    assert await _replayed(world, bad["id"]) == 1

    wait_until(lambda: bad["id"] in world.heard())
    assert (world.database[PARKED].find_one() or {})["state"] == "replayed"
    assert await _replayed(world, bad["id"]) == 0


async def test_an_event_of_an_unknown_schema_is_parked_at_once(world: World) -> None:
    strange = {**sample("sample_said", "con_1", 1), "schema": "membercare.contracts.v1.NeverHeardOf"}
    world.started("consumers")

    async with world.bus() as bus:
        assert await bus.publish(Envelope.from_dict(strange))

    wait_until(lambda: world.database[PARKED].count_documents({}) == 1)
    parked = world.database[PARKED].find_one() or {}
    assert (parked["reason"], parked["attempts"]) == ("UNKNOWN_SCHEMA", 1)
    assert world.heard() == {}


async def test_an_event_that_nobody_wants_is_kept_and_not_lost_silently(world: World) -> None:
    world.put(sample("sample_unheard", "con_1", 1), sample("sample_said", "con_1", 2))

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
    said = sample("sample_said", "con_1", 1)
    world.put(said)
    await world.carry()

    world.started("consumers")

    wait_until(lambda: said["id"] in world.heard())


async def test_consumers_killed_in_the_middle_lose_nothing(world: World) -> None:
    said = [sample("sample_whispered", f"con_{number}", number) for number in range(400)]
    world.put(*said)
    first, _second = world.started("consumers"), world.started("consumers")

    await world.carry()
    wait_until(lambda: len(world.heard()) > 40)
    first.kill()
    assert len(world.heard()) < 400

    wait_until(lambda: len(world.heard()) == 400)
    assert set(world.heard()) == {entry["id"] for entry in said}
    assert world.database[PARKED].count_documents({}) == 0


async def test_sigterm_ends_consumers_in_order_and_what_they_did_not_begin_is_left_to_others(world: World) -> None:
    said = [sample("sample_whispered", f"con_{number}", number) for number in range(200)]
    world.put(*said)
    first = world.started("consumers")
    await world.carry()
    wait_until(lambda: len(world.heard()) > 10)

    first.send_signal(signal.SIGTERM)
    assert first.wait(15) == 0
    left = 200 - len(world.heard())
    assert left > 0
    world.started("consumers")

    wait_until(lambda: len(world.heard()) == 200)
    calls = world.database.calls.count_documents({})
    assert calls == 200  # nothing was begun twice


async def test_an_event_that_kills_its_consumer_is_parked_as_poison(world: World) -> None:
    killer = sample("sample_killed", "con_1", 1)
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


async def _replayed(world: World, event_id: str) -> int:
    async with AsyncMongoClient[dict[str, Any]](world.mongo_url, tz_aware=True) as client, world.bus() as bus:
        return await replay(client[world.database.name][PARKED], bus, clock=SystemClock(), event_id=event_id)
