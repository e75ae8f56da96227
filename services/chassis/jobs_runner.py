"""Runs a service's jobs: the leader carries events and does what is due, the others stand by."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

from pymongo import AsyncMongoClient
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import PyMongoError

from services.chassis import lease, logs, metrics, parked
from services.chassis.bus import BusUnavailable
from services.chassis.bus_amqp import AmqpBus, DeadLetter
from services.chassis.bus_entrypoints import subscriptions_of
from services.chassis.buses import open_bus
from services.chassis.clock import SystemClock
from services.chassis.leading import LeaderTask, end, keep_running, lead
from services.chassis.parked import Parked, park_async
from services.chassis.relay import Relay

DEAD_LETTERS_EVERY_SECONDS = 2.0
PARKED_COUNTED_EVERY_SECONDS = 10.0

Document = dict[str, Any]
_log = logs.get("chassis.jobs")


@dataclass(frozen=True, kw_only=True)
class Jobs:
    """What a jobs process runs.

    `outboxes` are the collections whose documents say events. `while_leading` are called with the fencing token
    (see `leading.LeaderTask`), for example to run a scheduler; `always` runs in every process, leader or not.
    `consumers` is the class whose dead letters are parked, where the service hears anything.
    """

    service: str
    mongo_url: str
    database: str
    amqp_url: str = ""
    metrics_address: str = ""
    outboxes: Sequence[str] = ()
    consumers: type | None = None
    while_leading: Sequence[LeaderTask] = ()
    always: Sequence[Callable[[], Awaitable[None]]] = ()
    lease_seconds: float = lease.TTL_SECONDS


def run_jobs(jobs: Jobs) -> None:
    """Run until SIGTERM or SIGINT, then end what runs and leave the lease to another; returns for exit status 0."""
    asyncio.run(_run(jobs))


async def _run(jobs: Jobs) -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    metrics.serve(jobs.metrics_address)
    async with AsyncExitStack() as open_things:
        client: AsyncMongoClient[Document] = await open_things.enter_async_context(
            AsyncMongoClient(jobs.mongo_url, tz_aware=True, serverSelectionTimeoutMS=3_000)
        )
        database = client[jobs.database]
        leadership = lease.Lease(database[lease.COLLECTION], f"{jobs.service}.jobs", ttl_seconds=jobs.lease_seconds)
        leader_tasks = [*_own_leader_tasks(jobs, database, open_things=open_things), *jobs.while_leading]
        ready = _Once(partial(_log.info, "ready"))
        running = [
            asyncio.create_task(lead(leadership, leader_tasks, on_answer=ready), name="lead"),
            asyncio.create_task(keep_running("count_parked", partial(_count_parked, jobs.service, database))),
            *(asyncio.create_task(keep_running("always", task)) for task in jobs.always),
        ]
        await stop.wait()
        await end(running)
        await _release(leadership)
    _log.info("stopped")


class _Once:
    """Says what it has to say at the first call."""

    def __init__(self, say: Callable[[], None]) -> None:
        self._say: Callable[[], None] | None = say

    def __call__(self) -> None:
        say, self._say = self._say, None
        if say:
            say()


def _own_leader_tasks(
    jobs: Jobs, database: AsyncDatabase[Document], *, open_things: AsyncExitStack
) -> list[LeaderTask]:
    bus = open_bus(amqp_url=jobs.amqp_url, mongo_url=jobs.mongo_url)
    open_things.push_async_callback(bus.close)
    relay = Relay(database=database, collections=jobs.outboxes, bus=bus, clock=SystemClock())

    async def carry_events(_token: int) -> None:
        await relay.run()

    tasks: list[LeaderTask] = [carry_events]
    if jobs.amqp_url and jobs.consumers and subscriptions_of(jobs.consumers):
        dead = AmqpBus(jobs.amqp_url)  # a connection of its own: its trouble is not the relay's
        open_things.push_async_callback(dead.close)

        async def park_dead_letters(_token: int) -> None:
            await _park_dead_letters(jobs.service, database, bus=dead)

        tasks.append(park_dead_letters)
    return tasks


async def _park_dead_letters(service: str, database: AsyncDatabase[Document], *, bus: AmqpBus) -> None:
    async def on_dead(letter: DeadLetter) -> None:
        dead = Parked(
            subscription=letter.subscription,
            envelope=letter.envelope,
            reason=letter.reason,
            error="dead-lettered by the broker",
            attempts=0,
            time=SystemClock().now(),
        )
        await park_async(database[parked.COLLECTION], dead)
        _log.error("event_parked", subscription=letter.subscription, event_id=dead.event_id, reason=letter.reason)

    while True:
        try:
            await bus.take_dead(service, on_dead)
        except (BusUnavailable, PyMongoError) as error:
            _log.debug("dead_letters_not_taken", error=type(error).__name__)  # they stay where they are
        await asyncio.sleep(DEAD_LETTERS_EVERY_SECONDS)


async def _count_parked(service: str, database: AsyncDatabase[Document]) -> None:
    gauge = metrics.EVENTS_PARKED.labels(service)
    while True:
        try:
            gauge.set(await database[parked.COLLECTION].count_documents({"state": "parked"}))
        except PyMongoError as error:
            _log.debug("parked_not_counted", error=type(error).__name__)
        await asyncio.sleep(PARKED_COUNTED_EVERY_SECONDS)


async def _release(leadership: lease.Lease) -> None:
    try:
        await leadership.release()
    except PyMongoError as error:
        _log.warning("lease_not_released", error=type(error).__name__)  # it ends by itself
