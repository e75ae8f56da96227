import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aio_pika
import pytest
from pymongo import MongoClient

from deploy.local.mongod import Mongod
from deploy.local.rabbitmq import RabbitMQ
from services.chassis.bus import Subscription
from services.chassis.parked import COLLECTION as PARKED
from tests.integration.chassis.conftest import World, new_world, sample
from tests.integration.chassis.echo import SOURCE
from tests.integration.waiting import wait_until


@pytest.fixture
def broker(rabbitmq_broker: RabbitMQ) -> Iterator[RabbitMQ]:
    """The shared broker, which takes its time to start: it may be killed and is left running."""
    yield rabbitmq_broker
    if not is_running(rabbitmq_broker):
        rabbitmq_broker.start()


@pytest.fixture
def amqp_world(
    amqp_url: str, mongo_url: str, mongo_client: MongoClient[dict[str, Any]], database_name: str, tmp_path: Path
) -> Iterator[World]:
    """The echo service on the broker."""
    with new_world(mongo_url, amqp_url, database=mongo_client[database_name], folder=tmp_path) as made:
        yield made


@pytest.fixture
def world_on_mortal_mongod(mortal_mongod: Mongod, tmp_path: Path) -> Iterator[World]:
    """The echo service on the embedded bus of the database that may be killed."""
    with (
        MongoClient[dict[str, Any]](mortal_mongod.url, tz_aware=True) as client,
        new_world(mortal_mongod.url, "", database=client["echo"], folder=tmp_path) as made,
    ):
        yield made


async def test_a_broker_that_is_killed_and_comes_back_loses_nothing(amqp_world: World, broker: RabbitMQ) -> None:
    world = amqp_world
    await asyncio.sleep(3)  # RabbitMQ 3.10 does not survive a kill within moments of a queue's declaration
    said = [sample("sample_whispered", f"con_{number}", number=number) for number in range(150)]
    consumers, jobs = world.started("consumers"), world.started("jobs")
    world.put(*said[:100])
    wait_until(lambda: len(world.heard()) > 20)

    broker.kill9()
    world.put(*said[100:])
    wait_until(lambda: world.said("jobs", "bus_unavailable") == 1)
    broker.start()

    wait_until(lambda: len(world.heard()) == 150, seconds=40)
    wait_until(lambda: world.waiting() == 0)
    assert (consumers.poll(), jobs.poll()) == (None, None)
    assert world.said("consumers", "bus_available") == 1  # once, not once a handler and try
    assert world.database[PARKED].count_documents({}) == 0


async def test_consumers_may_start_before_the_broker_and_end_while_it_is_away(
    amqp_world: World, broker: RabbitMQ
) -> None:
    world = amqp_world
    broker.stop()
    early, impatient = world.start("consumers"), world.start("consumers")
    wait_until(lambda: world.said("consumers", "bus_unavailable") == 2)
    impatient.send_signal(signal.SIGTERM)
    assert impatient.wait(10) == 0
    assert world.said("consumers", "ready") == 0

    broker.start()

    wait_until(lambda: world.said("consumers", "ready") == 1)
    assert early.poll() is None


async def test_a_database_that_is_killed_and_comes_back_loses_nothing_and_parks_nothing(
    world_on_mortal_mongod: World, mortal_mongod: Mongod
) -> None:
    world = world_on_mortal_mongod
    said = [sample("sample_whispered", f"con_{number}", number=number) for number in range(150)]
    consumers, jobs = world.started("consumers"), world.started("jobs")
    world.put(*said)
    wait_until(lambda: len(world.heard()) > 20)

    mortal_mongod.kill9()
    await asyncio.sleep(3.0)
    mortal_mongod.start()

    wait_until(lambda: len(world.heard()) == 150, seconds=40)
    assert (consumers.poll(), jobs.poll()) == (None, None)
    assert world.database[PARKED].count_documents({}) == 0


async def test_consumers_and_jobs_may_start_before_the_database(
    world_on_mortal_mongod: World, mortal_mongod: Mongod
) -> None:
    world = world_on_mortal_mongod
    mortal_mongod.kill9()
    consumers, jobs = world.start("consumers"), world.start("jobs")
    wait_until(lambda: world.said("consumers", "bus_unavailable") and world.said("jobs", "lease_unavailable"))
    assert world.said("consumers", "ready") + world.said("jobs", "ready") == 0

    mortal_mongod.start()

    wait_until(lambda: world.said("consumers", "ready") and world.said("jobs", "ready"))
    for process in (consumers, jobs):
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("body", "envelope"),
    [
        pytest.param(b"\xff no json", {"raw": "� no json"}, id="no-json"),
        pytest.param(b'{"hello": "world"}', {"hello": "world"}, id="no-envelope"),
        pytest.param(b'["a", "list"]', ["a", "list"], id="no-object"),
    ],
)
async def test_what_is_no_envelope_is_parked_and_others_flow(amqp_world: World, body: bytes, envelope: object) -> None:
    world = amqp_world
    world.started("consumers")
    world.started("jobs")
    queue = Subscription(SOURCE, "sample_said", "echo", "on_sample_said").name
    async with await aio_pika.connect(world.amqp_url) as connection:
        channel = await connection.channel()
        message = aio_pika.Message(body, content_type="application/json", content_encoding="utf-8")
        await channel.default_exchange.publish(message, routing_key=queue)
    good = sample("sample_said", "con_1", number=1)
    world.put(good)

    wait_until(lambda: good["id"] in world.heard())
    wait_until(lambda: world.database[PARKED].count_documents({}) == 1)
    parked = world.database[PARKED].find_one() or {}
    assert (parked["reason"], parked["envelope"]) == ("MALFORMED", envelope)


def is_running(broker: RabbitMQ) -> bool:
    try:
        return broker.pid > 0
    except RuntimeError:
        return False
