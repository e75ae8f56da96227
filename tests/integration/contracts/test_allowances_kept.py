from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import entitlement_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.entitlement_service_pb2_grpc import EntitlementServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from services.chassis.scheduled import Lead
from services.contracts.app import entitlement as room
from services.contracts.config import Settings
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT, NO_CUSTOMER, a_customer
from tests.integration.contracts.entitlement_builders import (
    CASES,
    HOURS,
    MINUTES,
    NO_USAGE,
    a_line,
    allowing,
    covering,
    reserving,
)

RESERVED, CONSUMED, RELEASED, EXPIRED, CHARGEABLE = 1, 2, 3, 4, 5


@pytest.fixture
def agent(calling: Calling) -> EntitlementServiceStub:
    return calling.as_subject(EntitlementServiceStub, "anna", "agent")


@pytest.fixture
def manager(calling: Calling) -> EntitlementServiceStub:
    return calling.as_subject(EntitlementServiceStub, "mary", "manager")


@pytest.fixture
def customer_id(calling: Calling) -> str:
    return a_customer(calling.as_role(ContractsServiceStub, "sales")).id


def balance(agent: EntitlementServiceStub, contract_id: str) -> tuple[int, int, int, int]:
    """Return what the first line allows: total, reserved, consumed, remaining."""
    request = pb.BatchListAllowancesByContractRequest(contract_ids=[contract_id])
    first = agent.BatchListAllowancesByContract(request).results[0].allowances[0]
    return first.total, first.reserved, first.consumed, first.remaining


def taken(database: Database[dict[str, Any]]) -> list[int]:
    return sorted(each["taken"] for each in database["allowance_counters"].find())


@pytest.fixture
def expire(contracts_settings: Settings) -> Any:
    (job,) = [each for each in room.jobs(contracts_settings) if each.name == "expire_reservations"]
    return job.run


def age(database: Database[dict[str, Any]], usage_id: str) -> None:
    past = SystemClock().now() - timedelta(seconds=1)
    database["allowance_usages"].update_one({"_id": usage_id}, {"$set": {"expire_time": past}})


def test_a_reservation_that_nobody_consumes_is_given_back_by_the_job_once(
    calling: Calling,
    agent: EntitlementServiceStub,
    customer_id: str,
    database: Database[dict[str, Any]],
    expire: Any,
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(CASES, 3)]))
    old = agent.ReserveAllowance(reserving(customer_id, reference="old")).usage
    agent.ReserveAllowance(reserving(customer_id, reference="new"))
    age(database, old.id)
    refusal = refused(agent.ConsumeAllowance, pb.ConsumeAllowanceRequest(usage_id=old.id))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "RESERVATION_EXPIRED")
    assert [expire(Lead(1)), expire(Lead(1))] == [1, 0]
    assert balance(agent, contract.id) == (3, 1, 0, 2)
    late = refused(agent.ConsumeAllowance, pb.ConsumeAllowanceRequest(usage_id=old.id))
    assert late.reason == "RESERVATION_EXPIRED"
    assert agent.ReserveAllowance(reserving(customer_id, reference="old")).usage.state == EXPIRED


def test_one_bad_reservation_does_not_keep_the_others_from_expiring(
    calling: Calling,
    agent: EntitlementServiceStub,
    customer_id: str,
    database: Database[dict[str, Any]],
    expire: Any,
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(CASES, 9)]))
    usages = sorted(agent.ReserveAllowance(reserving(customer_id, reference=f"{n}")).usage.id for n in range(3))
    for usage_id in usages:
        age(database, usage_id)
    database["allowance_usages"].update_one({"_id": usages[0]}, {"$set": {"unit": "furlongs"}})
    assert expire(Lead(1)) == 2
    assert balance(agent, contract.id) == (9, 1, 0, 8)


def test_a_job_that_no_longer_leads_ends_at_once(
    calling: Calling,
    agent: EntitlementServiceStub,
    customer_id: str,
    database: Database[dict[str, Any]],
    expire: Any,
) -> None:
    covering(calling, customer_id, a_line(allowances=[allowing(CASES, 9)]))
    age(database, agent.ReserveAllowance(reserving(customer_id)).usage.id)
    assert expire(Lead(1, holds=False)) == 0
    assert taken(database) == [1]


def test_the_counters_are_what_the_usages_hold(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str, database: Database[dict[str, Any]]
) -> None:
    covering(
        calling, customer_id, *(a_line(allowances=[allowing(HOURS, hours), allowing(CASES, 9)]) for hours in (1, 20))
    )

    def work(number: int) -> None:
        unit = MINUTES if number % 2 else CASES
        usage = agent.ReserveAllowance(reserving(customer_id, reference=f"{number}", unit=unit)).usage
        if number % 3 == 0:
            agent.ConsumeAllowance(pb.ConsumeAllowanceRequest(usage_id=usage.id, actual_quantity=2))
        elif number % 3 == 1:
            agent.ReleaseAllowance(pb.ReleaseAllowanceRequest(usage_id=usage.id, release_reason="gone"))

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(work, range(24)))
    held: dict[tuple[str, str], int] = {}
    for usage in database["allowance_usages"].find():
        for cover in usage["held"][-1]["covers"]:
            key = (cover["line_id"], usage["unit"])
            held[key] = held.get(key, 0) + cover["quantity"]
    counted = {(each["line_id"], each["unit"]): each["taken"] for each in database["allowance_counters"].find()}
    assert {key: count for key, count in counted.items() if count} == held
    for each in database["allowance_counters"].find():
        assert each["reserved"] + each["consumed"] == each["taken"]


def test_lists_of_usages_select_what_their_filters_say(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(CASES, 1)]))
    covered = agent.ReserveAllowance(reserving(customer_id, reference="one")).usage
    charged = agent.ReserveAllowance(reserving(customer_id, reference="two")).usage

    def found(**wanted: Any) -> list[str]:
        request = pb.ListAllowanceUsagesRequest(filter=pb.AllowanceUsageFilter(**wanted))
        return sorted(usage.id for usage in agent.ListAllowanceUsages(request).usages)

    assert found() == found(customer_id=customer_id) == sorted([covered.id, charged.id])
    assert found(contract_id=contract.id) == found(state=RESERVED) == found(reference="one") == [covered.id]
    assert found(customer_id=NO_CUSTOMER) == found(contract_id=NO_CONTRACT) == []


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"unit": 0}, "INVALID_FIELD", "unit"),
        ({"unit": 99}, "INVALID_FIELD", "unit"),
        ({"quantity": -5}, "INVALID_FIELD", "quantity"),
        ({"unit": MINUTES, "quantity": -60}, "INVALID_FIELD", "quantity"),
        ({"reference": "x" * 101}, "INVALID_FIELD", "reference"),
        ({"reference": "a\nb"}, "INVALID_FIELD", "reference"),
        ({"service_type": "Re pair"}, "INVALID_FIELD", "service_type"),
        ({"asset_id": NO_CUSTOMER}, "INVALID_ID", "asset_id"),
        ({"customer_id": NO_CONTRACT}, "INVALID_ID", "customer_id"),
    ],
)
def test_a_wrong_reservation_is_refused_and_nothing_is_stored(
    agent: EntitlementServiceStub,
    customer_id: str,
    database: Database[dict[str, Any]],
    fields: dict[str, Any],
    reason: str,
    at_fault: str,
) -> None:
    refusal = refused(agent.ReserveAllowance, reserving(**{"customer_id": customer_id} | fields))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, reason, at_fault)
    assert database["allowance_usages"].count_documents({}) == 0


def test_wrong_consumptions_are_refused_and_nothing_changes(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(CASES, 3)]))
    usage = agent.ReserveAllowance(reserving(customer_id)).usage
    negative = refused(agent.ConsumeAllowance, pb.ConsumeAllowanceRequest(usage_id=usage.id, actual_quantity=-1))
    stale = refused(agent.ConsumeAllowance, pb.ConsumeAllowanceRequest(usage_id=usage.id, etag="7"))
    nothing = refused(agent.ConsumeAllowance, pb.ConsumeAllowanceRequest(usage_id=NO_USAGE))
    foreign = refused(agent.ConsumeAllowance, pb.ConsumeAllowanceRequest(usage_id=contract.id))
    assert [each.reason for each in (negative, stale, nothing, foreign)] == [
        "INVALID_FIELD",
        "STALE_VERSION",
        "ALLOWANCE_USAGE_NOT_FOUND",
        "INVALID_ID",
    ]
    assert balance(agent, contract.id) == (3, 1, 0, 2)
