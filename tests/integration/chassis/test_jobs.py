import signal
import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from services.chassis.lease import COLLECTION as LEASES
from services.chassis.parked import COLLECTION as PARKED
from tests.integration.chassis.conftest import World, sample
from tests.integration.waiting import wait_until


async def test_jobs_killed_again_and_again_while_events_are_said_lose_none(world: World) -> None:
    said = [sample("sample_said", f"con_{number % 50}", number=number) for number in range(150)]
    world.started("consumers")
    jobs = world.started("jobs")

    for start in range(0, 150, 75):
        world.put(*said[start : start + 75])
        wait_until(lambda at=start: len(world.heard()) > at)  # type: ignore[misc]
        jobs.kill()
        jobs = world.started("jobs")

    wait_until(lambda: len(world.heard()) == 150)
    assert set(world.heard()) == {entry["id"] for entry in said}
    wait_until(lambda: world.waiting() == 0)
    assert world.database[PARKED].count_documents({}) == 0


def test_of_two_processes_that_start_in_the_same_second_one_leads(embedded_world: World) -> None:
    world = embedded_world
    for process in (world.start("jobs"), world.start("jobs")):
        assert process.poll() is None

    wait_until(lambda: world.said("jobs", "ready") == 2)
    time.sleep(1.0)

    assert world.said("jobs", "leading") == 1
    assert len({beat["pid"] for beat in _beats(world)}) == 1


def test_a_killed_leader_is_followed_in_about_two_seconds_with_a_greater_token(embedded_world: World) -> None:
    world = embedded_world
    first = world.started("jobs")
    wait_until(lambda: world.said("jobs", "leading") == 1)
    second = world.started("jobs")

    first.kill()
    killed_at = time.time()
    wait_until(lambda: any(beat["pid"] == second.pid for beat in _beats(world)))

    taken_over = min(beat["at"] for beat in _beats(world) if beat["pid"] == second.pid)
    assert taken_over - killed_at < 5.0  # 2 s of lease, half a second between two tries, and a busy machine
    assert _tokens(world) == [1, 2]


def test_sigterm_ends_the_leader_and_another_takes_over_at_once(embedded_world: World) -> None:
    world = embedded_world
    first = world.started("jobs")
    wait_until(lambda: world.said("jobs", "leading") == 1)
    world.started("jobs")

    first.send_signal(signal.SIGTERM)

    assert first.wait(10) == 0
    wait_until(lambda: world.said("jobs", "leading") == 2)
    assert _moment(world, "leading", which=1) - _moment(world, "leading_ends", which=0) < timedelta(seconds=1.5)


def test_a_leader_that_was_stopped_finds_itself_out_and_its_late_writes_are_refused(embedded_world: World) -> None:
    world = embedded_world
    first = world.started("jobs")
    wait_until(lambda: world.said("jobs", "leading") == 1)
    second = world.started("jobs")

    first.send_signal(signal.SIGSTOP)
    wait_until(lambda: world.said("jobs", "leading") == 2)
    first.send_signal(signal.SIGCONT)
    woken_at = time.time()
    wait_until(lambda: world.said("jobs", "leading_ends") == 1)
    time.sleep(0.5)

    last = world.database.beats.find_one({"_id": "last"}) or {}
    assert (last["token"], last["pid"]) == (2, second.pid)
    late = [beat for beat in _beats(world) if beat["pid"] == first.pid and beat["at"] > woken_at]
    assert len(late) <= 1  # what was on its way when it was stopped
    assert (world.database[LEASES].find_one() or {})["token"] == 2


def _moment(world: World, event: str, *, which: int) -> datetime:
    said = [line["time"] for line in world.log("jobs") if line["event"] == event]
    return datetime.fromisoformat(said[which])


def _beats(world: World) -> list[dict[str, Any]]:
    return list(world.database.beats.find({"_id": {"$ne": "last"}}))


def _tokens(world: World) -> list[int]:
    return sorted(Counter(beat["token"] for beat in _beats(world)))
