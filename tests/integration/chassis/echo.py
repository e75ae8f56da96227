"""A small service for tests of the bus: what it hears, it writes down."""

import asyncio
import os
import sys
import time
from dataclasses import dataclass
from typing import Any, ClassVar

from services.chassis.bus_entrypoints import event_handler

PAUSES = (0.1, 0.2)
LEASE_SECONDS = 1.0
POISON_AFTER = 2
SOURCE = "samples"


@dataclass(frozen=True)
class Echo:
    """Hears samples; its behaviour is told by the type of the event."""

    database: Any
    inbox: Any
    message: Any
    name: ClassVar[str] = "echo"

    @event_handler(SOURCE, "sample_said")
    def on_sample_said(self, envelope: dict[str, Any]) -> None:
        self.inbox.handle(envelope, self.message, use_case=self._write_down)

    @event_handler(SOURCE, "sample_whispered")
    def on_sample_whispered(self, envelope: dict[str, Any]) -> None:
        """Take a while, and a different one each time, so that disorder would show; stop where a test says so."""
        time.sleep(hash(envelope["id"]) % 10 / 1000)
        while hold := self.database.holds.find_one():
            if self.database.heard.count_documents({}) < hold["after"]:
                break
            time.sleep(0.02)
        self.inbox.handle(envelope, self.message, use_case=self._write_down)

    @event_handler(SOURCE, "sample_stumbled")
    def on_sample_stumbled(self, envelope: dict[str, Any]) -> None:
        self._count(envelope)
        if self.database.calls.count_documents({"event": envelope["id"]}) < 3:
            raise ConnectionError("not yet")
        self.inbox.handle(envelope, self.message, use_case=self._write_down)

    @event_handler(SOURCE, "sample_failed")
    def on_sample_failed(self, envelope: dict[str, Any]) -> None:
        self._count(envelope)
        if self.database.cures.find_one({"_id": envelope["subject"]}) is None:
            raise ValueError("it never works")
        self.inbox.handle(envelope, self.message, use_case=self._write_down)

    @event_handler(SOURCE, "sample_killed")
    def on_sample_killed(self, envelope: dict[str, Any]) -> None:
        os._exit(9)

    def _write_down(self, message: Any, envelope: Any) -> None:
        self.database.calls.insert_one({"event": envelope.id, "at": time.time()})
        heard = {
            "subject": message.contract_id,
            "number": message.contract_version,
            "at": time.time_ns(),
            "grpc": "grpc" in sys.modules,
        }
        self.database.heard.update_one({"_id": envelope.id}, {"$setOnInsert": heard}, upsert=True)

    def _count(self, envelope: dict[str, Any]) -> None:
        self.database.calls.insert_one({"event": envelope["id"], "at": time.time()})


def build_consumers() -> Any:
    from pymongo import MongoClient

    from membercare.contracts.v1.events_pb2 import ContractActivated
    from services.chassis import logs
    from services.chassis.bus_entrypoints import Consumers
    from services.chassis.inbox import Inbox
    from services.chassis.patience import Patience

    logs.setup("echo", "consumers", level="debug")
    client = MongoClient[dict[str, Any]](os.environ["MONGO_URL"], serverSelectionTimeoutMS=3_000, tz_aware=True)
    database = client[os.environ["ECHO_DATABASE"]]
    return Consumers(
        service=Echo(database, Inbox(), ContractActivated),
        database=database,
        amqp_url=os.environ["AMQP_URL"],
        patience=Patience(PAUSES, POISON_AFTER, LEASE_SECONDS),
    )


def run_echo_jobs() -> None:
    from pymongo import MongoClient

    from services.chassis import logs
    from services.chassis.jobs_runner import Jobs, run_jobs

    logs.setup("echo", "jobs", level="debug")
    url, database = os.environ["MONGO_URL"], os.environ["ECHO_DATABASE"]
    beats = MongoClient[dict[str, Any]](url)[database].beats

    async def beat(token: int) -> None:
        """Write down who leads; the guard refuses an older token, as every write of a leader should."""
        while True:
            guard = {"_id": "last", "token": {"$lte": token}}
            beats.update_one(guard, {"$set": {"token": token, "pid": os.getpid()}, "$inc": {"beats": 1}})
            beats.insert_one({"token": token, "pid": os.getpid(), "at": time.time()})
            await asyncio.sleep(0.05)

    run_jobs(
        Jobs(
            service="echo",
            mongo_url=url,
            database=database,
            amqp_url=os.environ["AMQP_URL"],
            outboxes=("things",),
            consumers=Echo,
            while_leading=(beat,),
        )
    )
