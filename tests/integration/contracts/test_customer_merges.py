from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from pymongo.database import Database

from membercare.contracts.v1 import contracts_service_pb2, customer_pb2
from membercare.contracts.v1 import customers_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceStub
from services.chassis.errors import Kind
from services.chassis.rpc_errors import Refusal
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT, NO_CUSTOMER, a_customer, a_draft, new_contract


@pytest.fixture
def sales(calling: Calling) -> ContractsServiceStub:
    return calling.as_role(ContractsServiceStub, "sales")


@pytest.fixture
def upkeep(calling: Calling) -> CustomersServiceStub:
    return calling.as_role(CustomersServiceStub, "ops")


def merge(customer_id: str, into_id: str, **guards: str) -> pb.MergeCustomersRequest:
    return pb.MergeCustomersRequest(customer_id=customer_id, into_id=into_id, **guards)


def read(sales: ContractsServiceStub, customer_id: str) -> customer_pb2.Customer:
    return sales.GetCustomer(contracts_service_pb2.GetCustomerRequest(customer_id=customer_id)).customer


def listed(sales: ContractsServiceStub, **wanted: Any) -> set[str]:
    request = contracts_service_pb2.ListCustomersRequest(filter=contracts_service_pb2.CustomerFilter(**wanted))
    return {customer.id for customer in sales.ListCustomers(request).customers}


def test_a_doublet_stays_readable_leaves_the_lists_and_is_said_once(
    sales: ContractsServiceStub, upkeep: CustomersServiceStub, database: Database[dict[str, Any]]
) -> None:
    doublet, survivor = a_customer(sales, name="Nrth", external_ref="K-1"), a_customer(sales, name="North")
    answer = upkeep.MergeCustomers(merge(doublet.id, survivor.id))
    assert (answer.merged.id, answer.merged.merged_into_id) == (doublet.id, survivor.id)
    assert (answer.customer.id, list(answer.customer.merged_ids)) == (survivor.id, [doublet.id])
    assert (answer.merged.name, answer.merged.external_ref) == ("Nrth", "K-1")
    assert read(sales, doublet.id) == answer.merged
    assert read(sales, survivor.id) == answer.customer
    assert listed(sales) == {survivor.id}
    assert listed(sales, include_merged=True) == {doublet.id, survivor.id}
    assert listed(sales, external_ref="K-1") == {doublet.id}
    stored = database["customers"].find_one({"_id": doublet.id})
    assert stored is not None
    assert [event["type"] for event in stored["outbox"]] == ["customer_registered", "customer_merged"]
    assert stored["outbox"][1]["data"]["into_id"] == survivor.id


def test_a_merge_that_was_done_before_changes_nothing_and_answers_alike(
    sales: ContractsServiceStub, upkeep: CustomersServiceStub, database: Database[dict[str, Any]]
) -> None:
    doublet, survivor = a_customer(sales), a_customer(sales)
    first = upkeep.MergeCustomers(merge(doublet.id, survivor.id, request_id="r-1"))
    before = list(database["customers"].find())
    assert upkeep.MergeCustomers(merge(doublet.id, survivor.id, request_id="r-1")) == first
    assert upkeep.MergeCustomers(merge(doublet.id, survivor.id)) == first
    assert list(database["customers"].find()) == before


def test_contracts_of_a_doublet_are_found_through_the_survivor_and_keep_who_signed(
    sales: ContractsServiceStub, upkeep: CustomersServiceStub
) -> None:
    doublet, survivor, stranger = a_customer(sales), a_customer(sales), a_customer(sales)
    old, own = a_draft(sales, doublet.id), a_draft(sales, survivor.id)
    a_draft(sales, stranger.id)
    upkeep.MergeCustomers(merge(doublet.id, survivor.id))
    batch = contracts_service_pb2.BatchListContractsByCustomerRequest(customer_ids=[survivor.id, doublet.id])
    found = {
        each.customer_id: [one.id for one in each.contracts]
        for each in sales.BatchListContractsByCustomer(batch).results
    }
    assert found == {survivor.id: sorted([old.id, own.id]), doublet.id: [old.id]}
    wanted = contracts_service_pb2.ContractFilter(customer_id=survivor.id)
    page = sales.ListContracts(contracts_service_pb2.ListContractsRequest(filter=wanted)).contracts
    assert {contract.id: contract.customer_id for contract in page} == {old.id: doublet.id, own.id: survivor.id}


def test_a_doublet_is_not_used_any_more(
    sales: ContractsServiceStub, upkeep: CustomersServiceStub, database: Database[dict[str, Any]]
) -> None:
    doublet, survivor = a_customer(sales), a_customer(sales)
    merged = upkeep.MergeCustomers(merge(doublet.id, survivor.id)).merged
    update = pb.UpdateCustomerRequest(
        customer=customer_pb2.Customer(id=doublet.id, name="X"), update_mask=FieldMask(paths=["name"])
    )
    stage = pb.SetCustomerStageRequest(customer_id=doublet.id, stage=customer_pb2.CUSTOMER_STAGE_LOST, reason="x")
    for refusal in (
        refused(upkeep.UpdateCustomer, update),
        refused(upkeep.SetCustomerStage, stage),
        refused(sales.CreateContract, new_contract(doublet.id)),
    ):
        assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CUSTOMER_MERGED")
        assert refusal.metadata["into_id"] == survivor.id
    assert read(sales, doublet.id) == merged
    assert database["contracts"].count_documents({}) == 0


def test_a_chain_of_merges_leads_to_the_last_survivor_in_one_step(
    sales: ContractsServiceStub, upkeep: CustomersServiceStub
) -> None:
    first, second, third = (a_customer(sales, name=name) for name in "ABC")
    contract = a_draft(sales, first.id)
    upkeep.MergeCustomers(merge(first.id, second.id))
    upkeep.MergeCustomers(merge(second.id, third.id))
    assert read(sales, first.id).merged_into_id == third.id
    assert read(sales, second.id).merged_into_id == third.id
    assert sorted(read(sales, third.id).merged_ids) == sorted([first.id, second.id])
    batch = contracts_service_pb2.BatchListContractsByCustomerRequest(customer_ids=[third.id])
    (found,) = sales.BatchListContractsByCustomer(batch).results
    assert [each.id for each in found.contracts] == [contract.id]


def test_a_customer_with_itself_and_what_was_merged_elsewhere_is_refused(
    sales: ContractsServiceStub, upkeep: CustomersServiceStub, database: Database[dict[str, Any]]
) -> None:
    one, two, three = (a_customer(sales) for _ in range(3))
    upkeep.MergeCustomers(merge(one.id, two.id))
    before = list(database["customers"].find())
    for wrong in (merge(three.id, three.id), merge(one.id, three.id), merge(three.id, one.id), merge(two.id, one.id)):
        refusal = refused(upkeep.MergeCustomers, wrong)
        assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CUSTOMER_MERGE_REFUSED")
    assert list(database["customers"].find()) == before


def test_an_unknown_a_foreign_and_a_stale_one_is_refused(
    sales: ContractsServiceStub, upkeep: CustomersServiceStub, database: Database[dict[str, Any]]
) -> None:
    customer, survivor = a_customer(sales), a_customer(sales)
    before = list(database["customers"].find())
    assert refused(upkeep.MergeCustomers, merge(NO_CUSTOMER, survivor.id)).reason == "CUSTOMER_NOT_FOUND"
    assert refused(upkeep.MergeCustomers, merge(customer.id, NO_CUSTOMER)).reason == "CUSTOMER_NOT_FOUND"
    assert refused(upkeep.MergeCustomers, merge(NO_CONTRACT, survivor.id)).field == "customer_id"
    assert refused(upkeep.MergeCustomers, merge(customer.id, NO_CONTRACT)).field == "into_id"
    assert refused(upkeep.MergeCustomers, merge(customer.id, survivor.id, etag="7")).kind is Kind.STALE
    assert list(database["customers"].find()) == before


def test_two_merges_against_each_other_at_once_leave_one_survivor(
    sales: ContractsServiceStub, upkeep: CustomersServiceStub
) -> None:
    for _ in range(5):
        one, two = a_customer(sales), a_customer(sales)

        def run(pair: tuple[str, str]) -> str:
            try:
                return upkeep.MergeCustomers(merge(*pair)).customer.id
            except Exception as error:  # noqa: BLE001  # the loser is refused
                return type(error).__name__

        with ThreadPoolExecutor(2) as threads:
            outcomes = list(threads.map(run, [(one.id, two.id), (two.id, one.id)]))
        survivors = [outcome for outcome in outcomes if outcome in {one.id, two.id}]
        assert len(survivors) == 1
        assert [read(sales, key).merged_into_id for key in (one.id, two.id)].count("") == 1


def test_a_refusal_of_a_merge_names_both(sales: ContractsServiceStub, upkeep: CustomersServiceStub) -> None:
    customer = a_customer(sales)
    refusal: Refusal = refused(upkeep.MergeCustomers, merge(customer.id, customer.id))
    assert refusal.metadata == {"field": "into_id", "customer_id": customer.id, "into_id": customer.id}


def test_who_may_not_merge_move_or_export_changes_and_learns_nothing(
    calling: Calling, sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    one, two = a_customer(sales), a_customer(sales)
    before = list(database["customers"].find())
    seller, agent = (calling.as_role(CustomersServiceStub, role) for role in ("sales", "agent"))
    stage = pb.SetCustomerStageRequest(customer_id=one.id, stage=customer_pb2.CUSTOMER_STAGE_LOST, reason="x")
    for refusal in (
        refused(seller.MergeCustomers, merge(one.id, two.id)),
        refused(seller.ExportCustomers, pb.ExportCustomersRequest()),
        refused(seller.ImportCustomers, pb.ImportCustomersRequest()),
        refused(agent.SetCustomerStage, stage),
    ):
        assert refusal.kind is Kind.FORBIDDEN
    assert list(database["customers"].find()) == before
