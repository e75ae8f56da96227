"""A world with a database, a bus and the echo service in processes of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from pymongo import AsyncMongoClient, MongoClient
from pymongo.database import Database

from deploy.local import leash
from services.chassis.bus import DATABASE, Bus
from services.chassis.bus_setup import set_up_bus
from services.chassis.buses import open_bus
from services.chassis.clock import SystemClock
from services.chassis.outbox import pending
from services.chassis.patience import Patience
from services.chassis.relay import Relay
from tests.integration.chassis.echo import LEASE_SECONDS, PAUSES, POISON_AFTER, SOURCE, Echo
from tests.integration.waiting import wait_until

PATIENCE = Patience(PAUSES, POISON_AFTER, LEASE_SECONDS)
ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, kw_only=True)
class Sample:
    """An event whose type is told, so that one message serves all behaviours of the echo service."""

    schema: ClassVar[str] = "membercare.contracts.v1.ContractActivated"
    subject: ClassVar[str] = "contract_id"

    type: ClassVar[str] = ""
    contract_id: str
    contract_version: int


def sample(event_type: str, subject: str, *, number: int) -> dict[str, Any]:
    """Return an outbox entry."""
    said = type("Said", (Sample,), {"type": event_type})
    return pending(said(contract_id=subject, contract_version=number), source=SOURCE, now=SystemClock().now())


@dataclass
class World:
    """What the tests see of it."""

    mongo_url: str
    amqp_url: str
    database: Database[dict[str, Any]]
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, role: str) -> subprocess.Popen[bytes]:
        """Start a process of the echo service; its log is `<role>.log`."""
        settings = {"MONGO_URL": self.mongo_url, "AMQP_URL": self.amqp_url, "ECHO_DATABASE": self.database.name}
        process = leash.spawn(
            [sys.executable, "-W", "ignore", "-m", "tests.integration.chassis.echo_process", role],
            env={**os.environ, **settings},
            stdout=self.folder / f"{role}.log",
            stderr=self.folder / f"{role}.log",
            cwd=ROOT,
        )
        self.processes.append(process)
        return process

    def log(self, role: str) -> list[dict[str, Any]]:
        """Return what the processes of a role said so far."""
        path = self.folder / f"{role}.log"
        lines = path.read_text().splitlines() if path.exists() else []
        return [json.loads(line) for line in lines if line.startswith("{")]

    def started(self, role: str) -> subprocess.Popen[bytes]:
        """Start a process and wait until it says that it is ready."""
        before = self.said(role, "ready")
        process = self.start(role)
        wait_until(lambda: self.said(role, "ready") > before or process.poll() is not None)
        assert process.poll() is None, (self.folder / f"{role}.log").read_text()
        return process

    def said(self, role: str, event: str) -> int:
        return sum(line["event"] == event for line in self.log(role))

    def put(self, *entries: dict[str, Any]) -> None:
        """Store events as an aggregate's write does."""
        for entry in entries:
            self.database.things.update_one({"_id": entry["subject"]}, {"$push": {"outbox": entry}}, upsert=True)

    def waiting(self) -> int:
        return self.database.things.count_documents({"outbox.id": {"$gt": ""}})

    def hold_after(self, count: int) -> None:
        """Let whispers wait once so many are heard, so that a test can strike in the middle however fast they are."""
        self.database.holds.insert_one({"after": count})

    def let_go(self) -> None:
        """Let the whispers go on."""
        self.database.holds.delete_many({})

    def heard(self) -> dict[str, dict[str, Any]]:
        return {found["_id"]: found for found in self.database.heard.find()}

    @asynccontextmanager
    async def bus(self) -> AsyncIterator[Bus]:
        opened = open_bus(amqp_url=self.amqp_url, mongo_url=self.mongo_url, patience=PATIENCE)
        try:
            yield opened
        finally:
            await opened.close()

    @asynccontextmanager
    async def relay(self) -> AsyncIterator[Relay]:
        async with self.bus() as bus, AsyncMongoClient[dict[str, Any]](self.mongo_url) as client:
            yield Relay(
                database=client[self.database.name], collections=["things"], bus=bus, clock=SystemClock()
            )  # fmt: skip

    async def carry(self) -> None:
        """Carry everything that waits in the outboxes to the bus, once."""
        async with self.relay() as relay:
            while await relay.carry():
                pass

    def end(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()


@pytest.fixture
def world(
    mongo_url: str, bus_url: str, mongo_client: MongoClient[dict[str, Any]], database_name: str, tmp_path: Path
) -> Iterator[World]:
    """The echo service is set up, as by its `migrate`, and not started."""
    with new_world(mongo_url, bus_url, database=mongo_client[database_name], folder=tmp_path) as made:
        yield made


@pytest.fixture
def embedded_world(
    mongo_url: str, mongo_client: MongoClient[dict[str, Any]], database_name: str, tmp_path: Path
) -> Iterator[World]:
    """A world on the embedded bus only, for what does not depend on the bus."""
    with new_world(mongo_url, "", database=mongo_client[database_name], folder=tmp_path) as made:
        yield made
    mongo_client.drop_database(DATABASE)


@pytest.fixture(scope="module", params=["embedded", "amqp"])
def running(
    request: pytest.FixtureRequest,
    mongo_url: str,
    mongo_client: MongoClient[dict[str, Any]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """A world whose consumers run, shared by the tests of a module: each uses subjects of its own."""
    name = f"echo_{uuid4().hex[:12]}"
    broker = request.getfixturevalue("rabbitmq_broker") if request.param == "amqp" else None
    amqp_url = broker.create_vhost(name) if broker else ""
    with new_world(mongo_url, amqp_url, database=mongo_client[name], folder=tmp_path_factory.mktemp("running")) as made:
        made.started("consumers")
        yield made
    if broker:
        broker.delete_vhost(name)
    mongo_client.drop_database(name)
    mongo_client.drop_database(DATABASE)


@contextmanager
def new_world(mongo_url: str, amqp_url: str, *, database: Database[dict[str, Any]], folder: Path) -> Iterator[World]:
    """Set the echo service up and end its processes afterwards."""
    made = World(mongo_url, amqp_url, database, folder)
    database.things.create_index("outbox.id", sparse=True)
    with ThreadPoolExecutor() as elsewhere:  # it runs a loop of its own, and tests have theirs
        elsewhere.submit(
            set_up_bus, database, mongo_url=mongo_url, amqp_url=amqp_url, consumers=Echo, patience=PATIENCE
        ).result()
    database.beats.insert_one({"_id": "last", "token": 0})
    try:
        yield made
    finally:
        made.end()
