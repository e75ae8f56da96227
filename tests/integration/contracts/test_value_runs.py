import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import figures_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.figures_service_pb2_grpc import FiguresServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from services.contracts.app import figures
from services.contracts.config import Settings
from services.contracts.consumers import ContractsConsumers
from services.contracts.usecases.figures.compute_values import PAGE, ComputeValues
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import a_customer, new_customer
from tests.integration.contracts.values_asked import (
    DAY,
    POTENTIAL,
    TODAY,
    a_contract,
    ask_and_run,
    run,
    said,
    value_of,
)
from tests.integration.golden import heard

ROOT = Path(__file__).parents[3]


@pytest.fixture
def sales(calling: Calling) -> ContractsServiceStub:
    return calling.as_subject(ContractsServiceStub, "sara", "sales")


@pytest.fixture
def legal(calling: Calling) -> ContractsServiceStub:
    return calling.as_subject(ContractsServiceStub, "lena", "legal")


@pytest.fixture
def ops(calling: Calling) -> FiguresServiceStub:
    return calling.as_role(FiguresServiceStub, "ops")


@pytest.fixture
def compute(calling: Calling, contracts_settings: Settings) -> ComputeValues:
    return figures.build_compute_values(contracts_settings)


def test_a_run_again_changes_nothing_and_says_nothing(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: FiguresServiceStub,
    compute: ComputeValues,
    database: Database[dict[str, Any]],
) -> None:
    a_contract(sales, legal, price=3_650_000)
    run(compute)
    first = said(database)
    assert run(compute) == 0  # none is due
    ask_and_run(ops, compute)
    assert said(database) == first
    (stored,) = database["customer_values"].find()
    assert len(stored["changes"]) == 1


def test_only_customers_touched_since_the_last_run_are_judged_again(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: FiguresServiceStub,
    compute: ComputeValues,
    consumers: ContractsConsumers,
    database: Database[dict[str, Any]],
) -> None:
    touched, other = (a_contract(sales, legal, price=3_650_000).customer_id for _ in range(2))
    run(compute)
    long_ago = SystemClock().now() - timedelta(hours=1)
    for name in ("contracts", "customers"):
        database[name].update_many({}, {"$set": {"update_time": long_ago, "create_time": long_ago}})
    consumers.on_case_closed(heard("feedback.case_closed", customer_id=touched))
    untouched = value_of(ops, other).computed_time
    assert ask_and_run(ops, compute) == 1
    assert value_of(ops, other).computed_time == untouched
    assert ask_and_run(ops, compute) == 1  # the overlap looks at the last minutes twice, which changes nothing


def test_a_run_is_due_once_a_day_and_whenever_somebody_asks(
    sales: ContractsServiceStub, ops: FiguresServiceStub, compute: ComputeValues, database: Database[dict[str, Any]]
) -> None:
    a_customer(sales)
    assert (run(compute), run(compute)) == (1, 0)
    database["value_runs"].update_one({}, {"$set": {"last_day": (TODAY - 2 * DAY).isoformat()}})
    assert (run(compute), run(compute)) == (1, 0)
    ops.RunCustomerValues(pb.RunCustomerValuesRequest())
    assert (run(compute), run(compute)) == (1, 0)


def test_one_customer_who_cannot_be_judged_is_noted_and_tried_again_and_stops_nobody(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: FiguresServiceStub,
    compute: ComputeValues,
    database: Database[dict[str, Any]],
    unreadable: Callable[[], set[tuple[str, str]]],
) -> None:
    bad, *good = (a_contract(sales, legal, price=3_650_000) for _ in range(3))
    spoilt = database["contracts"].find_one({"_id": bad.id})
    database["contracts"].update_one({"_id": bad.id}, {"$set": {"versions.0.start_date": "no date"}})
    assert run(compute) == 2
    assert [value_of(ops, each.customer_id).tier for each in good] == [POTENTIAL, POTENTIAL]
    (failure,) = database["value_failures"].find()
    assert (failure["_id"], failure["attempts"]) == (bad.customer_id, 1)
    assert bad.id in failure["reason"]
    assert unreadable() == {("contracts", bad.id)}
    refusal = refused(ops.GetCustomerValue, pb.GetCustomerValueRequest(customer_id=bad.customer_id))
    assert (refusal.kind, refusal.reason) == (Kind.NOT_FOUND, "CUSTOMER_VALUE_NOT_FOUND")

    assert spoilt is not None
    database["contracts"].replace_one({"_id": bad.id}, spoilt)
    ask_and_run(ops, compute)
    assert value_of(ops, bad.customer_id).tier == POTENTIAL
    assert database["value_failures"].count_documents({}) == 0


def test_a_full_run_that_was_cut_off_goes_on_where_it_was(
    sales: ContractsServiceStub, compute: ComputeValues, database: Database[dict[str, Any]]
) -> None:
    for number in range(PAGE + 20):
        sales.CreateCustomer(new_customer(name=f"N{number}"))
    answers = iter([True, False])
    assert compute(token=1, holds=lambda: next(answers)) == PAGE
    assert database["customer_values"].count_documents({}) == PAGE
    assert run(compute, token=2) == 20
    assert run(compute, token=2) == 0
    assert database["customer_values"].count_documents({}) == PAGE + 20


def test_a_leader_of_old_does_not_write_over_the_progress_of_the_next(
    sales: ContractsServiceStub, compute: ComputeValues, database: Database[dict[str, Any]]
) -> None:
    a_customer(sales)
    run(compute, token=5)
    stored = database["value_runs"].find_one()
    database["value_runs"].update_one({}, {"$set": {"last_day": (TODAY - 3 * DAY).isoformat()}})
    run(compute, token=4)
    kept = database["value_runs"].find_one()
    assert stored is not None
    assert kept is not None
    assert (kept["token"], kept["last_day"]) == (5, (TODAY - 3 * DAY).isoformat())


def test_what_belongs_to_a_doublet_counts_for_its_survivor(
    sales: ContractsServiceStub,
    legal: ContractsServiceStub,
    ops: FiguresServiceStub,
    compute: ComputeValues,
    database: Database[dict[str, Any]],
) -> None:
    survivor, doublet = a_customer(sales), a_contract(sales, legal, price=3_650_000).customer_id
    database["customers"].update_one({"_id": doublet}, {"$set": {"merged_into_id": survivor.id}})
    database["customers"].update_one({"_id": survivor.id}, {"$set": {"merged_ids": [doublet]}})
    assert run(compute) == 1
    assert value_of(ops, survivor.id).contract_margin.minor_units == 404_000
    refused(ops.GetCustomerValue, pb.GetCustomerValueRequest(customer_id=doublet))


def test_neither_who_answers_calls_nor_who_keeps_time_loads_numpy_before_there_is_something_to_fit() -> None:
    program = (
        "import sys; from services.contracts import app; from services.contracts.app import rooms;"
        "from services.contracts.config import Settings; settings = Settings();"
        "[room.rpc_room(settings) for room in rooms.ROOMS]; [room.jobs(settings) for room in rooms.ROOMS];"
        "assert not {'numpy', 'scipy'} & set(sys.modules)"
    )
    environment = {"PYTHONPATH": f"{ROOT}:protos/gen", "PATH": "/usr/bin:/bin"}
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
