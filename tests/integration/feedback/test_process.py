import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.local import leash
from deploy.local.keys import Keys
from deploy.local.mongod import Mongod
from membercare.feedback.v1 import feedback_service_pb2 as pb
from membercare.feedback.v1.feedback_service_pb2_grpc import FeedbackServiceStub
from services.chassis.buses import open_bus
from services.chassis.envelope import Envelope
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.feedback.builders import an_open
from tests.integration.golden import heard
from tests.integration.rpc_process import NOT_SERVING, SERVING, RpcProcess
from tests.integration.waiting import wait_until


@pytest.fixture
def feedback(
    mongo_url: str, bus_url: str, database_name: str, suite_keys: Keys, tmp_path: Path
) -> Iterator[RpcProcess]:
    """The feedback service on either bus, migrated; its consumers and jobs run."""
    settings = {"FEEDBACK_DATABASE": database_name, "AMQP_URL": bus_url}
    process = RpcProcess("feedback", mongo_url=mongo_url, keys=suite_keys, folder=tmp_path, **settings)
    process.migrate()
    with process:
        others = [process.start(role) for role in ("consumers", "jobs")]
        wait_until(lambda: process.events().count("ready") == 3, seconds=40)
        yield process
        for other in others:
            assert leash.stop(other, 15) == 0


def test_a_bad_visit_that_care_says_twice_becomes_one_case_and_its_opening_is_said_on_the_bus(
    feedback: RpcProcess,
    mongo_client: MongoClient[dict[str, Any]],
    database_name: str,
    mongo_url: str,
    bus_url: str,
) -> None:
    envelope = Envelope.from_dict(heard("care.visit_completed"))

    async def say_twice() -> list[bool]:
        bus = open_bus(amqp_url=bus_url, mongo_url=mongo_url)
        try:
            return [await bus.publish(envelope), await bus.publish(envelope)]
        finally:
            await bus.close()

    assert asyncio.run(say_twice()) == [True, True]
    database = mongo_client[database_name]
    wait_until(lambda: database["cases"].count_documents({"outbox": []}) == 1, 40)
    assert feedback.events().count("events_unrouted") == 1  # nobody hears `case_opened` here
    (case,) = database["cases"].find()
    assert (case["source_event_id"], case["severity"], case["outbox"]) == (envelope.id, "high", [])
    (kept,) = database["unrouted"].find()
    assert (kept["envelope"]["type"], kept["envelope"]["subject"]) == ("case_opened", case["_id"])
    assert database["parked"].count_documents({}) == 0


def test_feedback_serves_only_while_its_database_answers(
    suite_keys: Keys, mortal_mongod: Mongod, tmp_path: Path
) -> None:
    mortal_mongod.stop()
    feedback = RpcProcess("feedback", mongo_url=mortal_mongod.url, keys=suite_keys, folder=tmp_path)
    with feedback, Calling(feedback.port, suite_keys) as calling:
        agent = calling.as_role(FeedbackServiceStub, "agent")
        wait_until(lambda: feedback.health() == NOT_SERVING)
        wait_until(lambda: "database_away" in feedback.events())
        refusal = refused(agent.ListCases, pb.ListCasesRequest())
        assert (refusal.kind, refusal.reason) == (Kind.UNAVAILABLE, "DATABASE_UNAVAILABLE")

        mortal_mongod.start()
        wait_until(lambda: feedback.health() == SERVING)
        case = an_open(agent)

        os.kill(mortal_mongod.pid, signal.SIGKILL)
        wait_until(lambda: feedback.health() == NOT_SERVING)
        refusal = refused(agent.GetCase, pb.GetCaseRequest(case_id=case.id))
        assert (refusal.kind, refusal.reason) == (Kind.UNAVAILABLE, "DATABASE_UNAVAILABLE")
    assert "fault" not in feedback.events()


def test_a_merge_of_customers_that_contracts_says_twice_moves_the_case_to_the_survivor(
    feedback: RpcProcess,
    mongo_client: MongoClient[dict[str, Any]],
    database_name: str,
    mongo_url: str,
    bus_url: str,
) -> None:
    visit = Envelope.from_dict(heard("care.visit_completed"))
    merged = heard("contracts.customer_merged", customer_id=visit.data["customer_id"])
    merge = Envelope.from_dict(merged)

    async def say() -> list[bool]:
        bus = open_bus(amqp_url=bus_url, mongo_url=mongo_url)
        try:
            return [await bus.publish(each) for each in (visit, merge, merge)]
        finally:
            await bus.close()

    assert asyncio.run(say()) == [True, True, True]
    database = mongo_client[database_name]
    wait_until(lambda: database["cases"].count_documents({"customer_id": merged["data"]["into_id"]}) == 1, 40)
    assert database["parked"].count_documents({}) == 0
