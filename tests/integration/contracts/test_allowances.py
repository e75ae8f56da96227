from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from pymongo.database import Database

from membercare.contracts.v1 import entitlement_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.entitlement_service_pb2_grpc import EntitlementServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import a_customer
from tests.integration.contracts.entitlement_builders import (
    CASES,
    HOURS,
    MINUTES,
    NO_USAGE,
    VISITS,
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


def test_what_is_reserved_is_consumed_and_what_was_too_much_comes_back(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(HOURS, 10)]))
    usage = agent.ReserveAllowance(reserving(customer_id, unit=MINUTES, quantity=120)).usage
    assert (usage.state, usage.covered_quantity, usage.reserved_by) == (RESERVED, 120, "anna")
    assert usage.expire_time.seconds - usage.create_time.seconds == 72 * 3600
    assert balance(agent, contract.id) == (600, 120, 0, 480)
    used = agent.ConsumeAllowance(pb.ConsumeAllowanceRequest(usage_id=usage.id, actual_quantity=50)).usage
    assert (used.state, used.quantity, used.actual_quantity, used.covered_quantity) == (CONSUMED, 60, 50, 60)
    assert balance(agent, contract.id) == (600, 0, 60, 540)
    found = agent.BatchGetAllowanceUsages(pb.BatchGetAllowanceUsagesRequest(usage_ids=[usage.id, NO_USAGE]))
    assert list(found.usages) == [used]


def test_more_than_was_reserved_draws_on_what_is_left_and_the_rest_is_charged(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(HOURS, 3)]))
    usage = agent.ReserveAllowance(reserving(customer_id, unit=MINUTES, quantity=60)).usage
    used = agent.ConsumeAllowance(pb.ConsumeAllowanceRequest(usage_id=usage.id, actual_quantity=240)).usage
    assert (used.covered_quantity, used.chargeable_quantity) == (180, 60)
    assert balance(agent, contract.id) == (180, 0, 180, 0)


def test_a_request_over_two_contracts_draws_on_both(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str, database: Database[dict[str, Any]]
) -> None:
    for _ in range(2):
        covering(calling, customer_id, a_line(allowances=[allowing(VISITS, 2)]))
    usage = agent.ReserveAllowance(reserving(customer_id, unit=VISITS, quantity=5)).usage
    assert [cover.quantity for cover in usage.covers] == [2, 2]
    assert (usage.covered_quantity, usage.chargeable_quantity, taken(database)) == (4, 1, [2, 2])


def test_of_thirty_requests_at_once_for_the_last_unit_one_is_covered_and_the_others_are_chargeable(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str, database: Database[dict[str, Any]]
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(CASES, 1)]))

    def reserve(number: int) -> int:
        return agent.ReserveAllowance(reserving(customer_id, reference=f"cas-{number}")).usage.state

    with ThreadPoolExecutor(30) as pool:
        outcomes = sorted(pool.map(reserve, range(30)))
    assert outcomes == [RESERVED] + [CHARGEABLE] * 29
    assert balance(agent, contract.id) == (1, 1, 0, 0)
    assert taken(database) == [1]


def test_twenty_requests_at_once_for_the_last_seven_units_get_seven(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(VISITS, 7)]))

    def reserve(number: int) -> int:
        request = reserving(customer_id, reference=f"cas-{number}", unit=VISITS, quantity=2)
        return agent.ReserveAllowance(request).usage.covered_quantity

    with ThreadPoolExecutor(20) as pool:
        outcomes = sorted(pool.map(reserve, range(20)), reverse=True)
    assert outcomes == [2, 2, 2, 1] + [0] * 16
    assert balance(agent, contract.id) == (7, 7, 0, 0)


def test_twenty_repeats_at_once_of_one_reservation_take_one_unit(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(CASES, 9)]))
    with ThreadPoolExecutor(20) as pool:
        usages = list(pool.map(lambda _: agent.ReserveAllowance(reserving(customer_id)).usage, range(20)))
    assert len({usage.SerializeToString(deterministic=True) for usage in usages}) == 1
    assert balance(agent, contract.id) == (9, 1, 0, 8)


def test_consumption_release_and_expiry_at_once_happen_once(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(CASES, 9)]))
    usage = agent.ReserveAllowance(reserving(customer_id)).usage

    def end(number: int) -> str:
        try:
            if number % 2:
                agent.ConsumeAllowance(pb.ConsumeAllowanceRequest(usage_id=usage.id))
                return "consumed"
            agent.ReleaseAllowance(pb.ReleaseAllowanceRequest(usage_id=usage.id, release_reason="gone"))
        except grpc.RpcError:
            return "refused"
        return "released"

    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(end, range(20)))
    assert outcomes.count("refused") == 19
    consumed = outcomes.count("consumed")
    assert balance(agent, contract.id) == (9, 0, consumed, 9 - consumed)


def test_the_same_reference_for_another_request_is_refused_and_takes_nothing(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str, database: Database[dict[str, Any]]
) -> None:
    covering(calling, customer_id, a_line(allowances=[allowing(CASES, 9)]))
    agent.ReserveAllowance(reserving(customer_id))
    refusal = refused(agent.ReserveAllowance, reserving(customer_id, quantity=2))
    assert (refusal.kind, refusal.reason, refusal.field) == (
        Kind.ALREADY_EXISTS,
        "REFERENCE_USED_OTHERWISE",
        "reference",
    )
    assert taken(database) == [1]


def test_a_request_id_stands_in_for_a_reference(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str, database: Database[dict[str, Any]]
) -> None:
    covering(calling, customer_id, a_line(allowances=[allowing(CASES, 9)]))
    request = reserving(customer_id, reference="", request_id="r-1")
    assert agent.ReserveAllowance(request).usage == agent.ReserveAllowance(request).usage
    assert taken(database) == [1]
    assert refused(agent.ReserveAllowance, reserving(customer_id, reference="")).field == "reference"


def test_a_release_gives_all_back_and_can_neither_be_repeated_nor_consumed(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(CASES, 3)]))
    usage = agent.ReserveAllowance(reserving(customer_id)).usage
    request = pb.ReleaseAllowanceRequest(usage_id=usage.id, release_reason="not needed", request_id="r-1")
    released = agent.ReleaseAllowance(request).usage
    assert (released.state, released.covered_quantity, released.release_reason) == (RELEASED, 0, "not needed")
    assert agent.ReleaseAllowance(request).usage == released
    for refusal in (
        refused(agent.ConsumeAllowance, pb.ConsumeAllowanceRequest(usage_id=usage.id)),
        refused(agent.ReleaseAllowance, pb.ReleaseAllowanceRequest(usage_id=usage.id, release_reason="again")),
    ):
        assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "USAGE_TRANSITION_REFUSED")
    assert balance(agent, contract.id) == (3, 0, 0, 3)


def test_a_double_consumption_and_a_release_after_it_are_refused_and_count_nothing(
    calling: Calling, agent: EntitlementServiceStub, customer_id: str
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(CASES, 3)]))
    usage = agent.ReserveAllowance(reserving(customer_id)).usage
    request = pb.ConsumeAllowanceRequest(usage_id=usage.id, etag=usage.etag, request_id="r-1")
    used = agent.ConsumeAllowance(request).usage
    assert agent.ConsumeAllowance(request).usage == used
    again = refused(agent.ConsumeAllowance, pb.ConsumeAllowanceRequest(usage_id=usage.id))
    gone = refused(agent.ReleaseAllowance, pb.ReleaseAllowanceRequest(usage_id=usage.id, release_reason="x"))
    assert {again.reason, gone.reason} == {"USAGE_TRANSITION_REFUSED"}
    assert balance(agent, contract.id) == (3, 0, 1, 2)


def test_a_correction_is_the_managers_and_keeps_what_was_counted_before(
    calling: Calling, agent: EntitlementServiceStub, manager: EntitlementServiceStub, customer_id: str
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(HOURS, 10)]))
    usage = agent.ReserveAllowance(reserving(customer_id, unit=MINUTES, quantity=120)).usage
    request = pb.CorrectAllowanceRequest(usage_id=usage.id, actual_quantity=30, reason="clock ran on")
    assert refused(manager.CorrectAllowance, request).reason == "USAGE_TRANSITION_REFUSED"
    agent.ConsumeAllowance(pb.ConsumeAllowanceRequest(usage_id=usage.id))
    assert refused(agent.CorrectAllowance, request).kind is Kind.FORBIDDEN
    right = manager.CorrectAllowance(request).usage
    (entry,) = right.corrections
    assert (entry.quantity_before, entry.quantity_after, entry.corrected_by) == (120, 30, "mary")
    assert balance(agent, contract.id) == (600, 0, 30, 570)
