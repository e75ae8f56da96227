import asyncio
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local import leash
from deploy.local.keys import Keys
from services.chassis.bus_entrypoints import subscriptions_of
from services.chassis.buses import open_bus
from services.chassis.envelope import Envelope
from services.chassis.errors import InvalidId
from services.chassis.patience import Permanent
from services.contracts.consumers import ContractsConsumers
from tests.integration.golden import heard
from tests.integration.rpc_process import ROOT, RpcProcess
from tests.integration.waiting import wait_until


def test_a_closed_case_is_kept_as_something_done_for_its_customer(
    consumers: ContractsConsumers, database: Database[dict[str, Any]]
) -> None:
    envelope = heard("feedback.case_closed")
    consumers.on_case_closed(envelope)
    (kept,) = database["served"].find({}, {"heard_time": 0, "served_time": 0})
    assert kept == {
        "_id": envelope["id"],
        "kind": "case",
        "customer_id": envelope["data"]["customer_id"],
        "subject_id": envelope["data"]["case_id"],
        "contract_id": "",
        "severity": "high",
        "complaint": True,
        "dissatisfied": False,
        "on_time": envelope["data"].get("on_time", False),
    }


def test_a_completed_visit_is_kept_with_how_it_went(
    consumers: ContractsConsumers, database: Database[dict[str, Any]]
) -> None:
    envelope = heard("care.visit_completed")
    consumers.on_visit_completed(envelope)
    (kept,) = database["served"].find()
    assert (kept["kind"], kept["subject_id"], kept["dissatisfied"], kept["contract_id"]) == (
        "visit",
        envelope["data"]["visit_id"],
        True,
        envelope["data"]["contract_id"],
    )


def test_a_case_that_is_closed_a_second_time_costs_a_second_time(
    consumers: ContractsConsumers, database: Database[dict[str, Any]]
) -> None:
    first = heard("feedback.case_closed")
    consumers.on_case_closed(first)
    consumers.on_case_closed(first | {"id": first["id"][:-1] + "Z"})
    assert database["served"].count_documents({}) == 2


def test_an_event_that_comes_twenty_times_at_once_counts_once(
    consumers: ContractsConsumers, database: Database[dict[str, Any]]
) -> None:
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: consumers.on_case_closed(heard("feedback.case_closed")), range(20)))
    assert database["served"].count_documents({}) == 1


def test_what_nobody_we_know_was_served_with_is_not_kept(
    consumers: ContractsConsumers, database: Database[dict[str, Any]]
) -> None:
    consumers.on_case_closed(heard("feedback.case_closed", customer_id=""))
    consumers.on_visit_completed(heard("care.visit_completed", customer_id=""))
    assert database["served"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("name", "moment"), [("feedback.case_closed", "closed_time"), ("care.visit_completed", "occurred_time")]
)
def test_an_event_without_its_moment_is_refused_for_good_and_keeps_nothing(
    consumers: ContractsConsumers, database: Database[dict[str, Any]], name: str, moment: str
) -> None:
    handler = consumers.on_case_closed if "case" in name else consumers.on_visit_completed
    with pytest.raises(Permanent, match=moment):
        handler(heard(name, **{moment: None}))
    assert database["served"].count_documents({}) == 0


def test_an_event_whose_ids_are_of_another_type_is_refused_and_keeps_nothing(
    consumers: ContractsConsumers, database: Database[dict[str, Any]]
) -> None:
    case = heard("feedback.case_closed")
    with pytest.raises(InvalidId):
        consumers.on_case_closed(heard("feedback.case_closed", customer_id=case["data"]["case_id"]))
    assert database["served"].count_documents({}) == 0


def test_an_event_of_an_unknown_schema_is_refused_for_good(consumers: ContractsConsumers) -> None:
    with pytest.raises(Permanent) as refusal:
        consumers.on_case_closed(heard("feedback.case_closed") | {"schema": "membercare.feedback.v9.CaseClosed"})
    assert refusal.value.reason == "UNKNOWN_SCHEMA"


def test_a_severity_that_is_newer_than_ours_counts_as_normal(
    consumers: ContractsConsumers, database: Database[dict[str, Any]]
) -> None:
    consumers.on_case_closed(heard("feedback.case_closed", severity=99) | {"colour": "red"})
    (kept,) = database["served"].find()
    assert kept["severity"] == "normal"


def test_what_contracts_hears_is_known_by_names_that_never_change() -> None:
    assert {
        "evt-care-visit_completed--contracts.on_visit_completed.v1",
        "evt-feedback-case_closed--contracts.on_case_closed.v1",
    } <= {subscription.name for subscription in subscriptions_of(ContractsConsumers)}


def test_what_a_consumer_process_imports_holds_no_grpc_and_no_numpy() -> None:
    program = (
        "import sys; from services.contracts import __main__, app; from services.contracts.config import Settings;"
        "assert not {'pymongo', 'mongoengine', 'grpc'} & set(sys.modules), 'too early';"
        "app.build_consumers(Settings()); assert not {'grpc', 'numpy', 'scipy', 'xlsxwriter'} & set(sys.modules)"
    )
    environment = {"PYTHONPATH": "protos/gen", "PATH": "/usr/bin:/bin"}
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


@pytest.fixture
def contracts(
    mongo_url: str, bus_url: str, database_name: str, suite_keys: Keys, tmp_path: Path
) -> Iterator[RpcProcess]:
    """The contracts service on either bus, migrated; its consumers run."""
    settings = {"CONTRACTS_DATABASE": database_name, "AMQP_URL": bus_url}
    process = RpcProcess("contracts", mongo_url=mongo_url, keys=suite_keys, folder=tmp_path, **settings)
    process.migrate()
    with process:
        consumers = process.start("consumers")
        wait_until(lambda: process.events().count("ready") == 2, seconds=40)
        yield process
        assert leash.stop(consumers, 15) == 0


def test_a_closed_case_that_feedback_says_twice_on_the_bus_counts_once(
    contracts: RpcProcess,
    mongo_client: MongoClient[dict[str, Any]],
    database_name: str,
    mongo_url: str,
    bus_url: str,
) -> None:
    envelopes = [Envelope.from_dict(heard(name)) for name in ("feedback.case_closed",) * 2 + ("care.visit_completed",)]

    async def say() -> list[bool]:
        bus = open_bus(amqp_url=bus_url, mongo_url=mongo_url)
        try:
            return [await bus.publish(envelope) for envelope in envelopes]
        finally:
            await bus.close()

    assert asyncio.run(say()) == [True, True, True]
    database = mongo_client[database_name]
    wait_until(lambda: database["served"].count_documents({}) == 2, 40)
    assert sorted(kept["kind"] for kept in database["served"].find()) == ["case", "visit"]
    assert database["parked"].count_documents({}) == 0
