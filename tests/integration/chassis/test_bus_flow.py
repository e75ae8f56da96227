import asyncio
from typing import Any

from pymongo import AsyncMongoClient

from services.chassis.clock import SystemClock
from services.chassis.envelope import Envelope
from services.chassis.parked import COLLECTION as PARKED
from services.chassis.replay import replay
from tests.integration.chassis.conftest import World, sample
from tests.integration.chassis.echo import PAUSES
from tests.integration.waiting import wait_until


async def test_events_of_one_subject_are_heard_in_the_order_they_were_said(running: World) -> None:
    said = [sample("sample_whispered", f"con_in_line_{number % 4}", number=number) for number in range(80)]
    running.put(*said)

    await running.carry()

    wait_until(lambda: set(running.heard()) >= {entry["id"] for entry in said})
    for lane in range(4):
        heard = [found for found in running.heard().values() if found["subject"] == f"con_in_line_{lane}"]
        numbers = [found["number"] for found in sorted(heard, key=lambda found: int(found["at"]))]
        assert numbers == list(range(lane, 80, 4))
    assert running.waiting() == 0
    assert not any(found["grpc"] for found in running.heard().values())  # a patched process with grpc hangs


async def test_an_event_said_twice_has_one_effect(running: World) -> None:
    said = sample("sample_said", "con_twice", number=1)

    async with running.bus() as bus:
        assert await bus.publish(Envelope.from_dict(said))
        wait_until(lambda: said["id"] in running.heard())
        await asyncio.sleep(1.0)  # till then the embedded bus itself may know the repeat
        assert await bus.publish(Envelope.from_dict(said))  # what a relay that died before removing does

    wait_until(lambda: running.database.calls.count_documents({"event": said["id"]}) == 2)
    assert running.database.heard.count_documents({"subject": "con_twice"}) == 1


async def test_a_handler_that_fails_twice_is_tried_again_after_growing_pauses(running: World) -> None:
    said = sample("sample_stumbled", "con_stumbling", number=1)
    running.put(said)

    await running.carry()

    wait_until(lambda: said["id"] in running.heard())
    moments = [call["at"] for call in running.database.calls.find({"event": said["id"]}).sort("at")][:3]
    assert moments[1] - moments[0] >= PAUSES[0]
    assert moments[2] - moments[1] >= PAUSES[1]
    assert running.database[PARKED].count_documents({"event_id": said["id"]}) == 0


async def test_a_handler_that_always_fails_parks_its_event_while_others_flow_and_replay_brings_it_back(
    running: World,
) -> None:
    bad, good = sample("sample_failed", "con_bad", number=1), sample("sample_said", "con_good", number=2)
    running.put(bad, good)

    await running.carry()

    wait_until(lambda: running.database[PARKED].count_documents({"event_id": bad["id"]}) == 1)
    parked = running.database[PARKED].find_one({"event_id": bad["id"]}) or {}
    assert good["id"] in running.heard()
    assert parked["reason"] == "HANDLER_FAILED"
    assert parked["error"] == "ValueError: it never works"
    assert parked["attempts"] == 1 + len(PAUSES)
    assert parked["handler"] == "echo.on_sample_failed.v1"
    assert parked["envelope"] == bad
    assert running.database.calls.count_documents({"event": bad["id"]}) == 3

    running.database.cures.insert_one({"_id": "con_bad"})
    assert await _replayed(running, bad["id"]) == 1

    wait_until(lambda: bad["id"] in running.heard())
    assert (running.database[PARKED].find_one({"event_id": bad["id"]}) or {})["state"] == "replayed"
    assert await _replayed(running, bad["id"]) == 0


async def test_an_event_of_an_unknown_schema_is_parked_at_once(running: World) -> None:
    strange = {**sample("sample_said", "con_strange", number=1), "schema": "membercare.contracts.v1.NeverHeardOf"}

    async with running.bus() as bus:
        assert await bus.publish(Envelope.from_dict(strange))

    wait_until(lambda: running.database[PARKED].count_documents({"event_id": strange["id"]}) == 1)
    parked = running.database[PARKED].find_one({"event_id": strange["id"]}) or {}
    assert (parked["reason"], parked["attempts"]) == ("UNKNOWN_SCHEMA", 1)
    assert running.database.heard.count_documents({"subject": "con_strange"}) == 0


async def _replayed(world: World, event_id: str) -> int:
    async with AsyncMongoClient[dict[str, Any]](world.mongo_url, tz_aware=True) as client, world.bus() as bus:
        return await replay(client[world.database.name][PARKED], bus, clock=SystemClock(), event_id=event_id)
