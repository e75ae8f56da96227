from typing import Any

import pytest

from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import refused
from tests.integration.contracts.builders import NO_CONTRACT, NO_CUSTOMER, NOBODY, a_customer, a_draft, a_signed

DRAFT, SIGNED, ACTIVE = 1, 2, 3


def ids(contracts: Any) -> list[str]:
    return sorted(contract.id for contract in contracts)


def test_a_batch_returns_each_contract_once_and_leaves_unknown_ids_out(sales: ContractsServiceStub) -> None:
    one, two = a_draft(sales), a_draft(sales)
    found = sales.BatchGetContracts(pb.BatchGetContractsRequest(contract_ids=[two.id, NO_CONTRACT, one.id, two.id]))
    assert ids(found.contracts) == sorted([one.id, two.id])


@pytest.mark.parametrize(
    ("wanted", "reason"),
    [([], "INVALID_FIELD"), ([NO_CONTRACT] * 501, "INVALID_FIELD"), ([NO_CUSTOMER], "INVALID_ID")],
)
def test_a_batch_of_none_of_too_many_or_of_another_type_is_refused(
    sales: ContractsServiceStub, wanted: list[str], reason: str
) -> None:
    refusal = refused(sales.BatchGetContracts, pb.BatchGetContractsRequest(contract_ids=wanted))
    assert (refusal.reason, refusal.field) == (reason, "contract_ids")


def test_the_contracts_of_many_customers_come_at_once_oldest_first_and_limited_for_each(
    sales: ContractsServiceStub,
) -> None:
    many, one, none = (a_customer(sales).id for _ in range(3))
    of_many = sorted(a_draft(sales, many).id for _ in range(3))
    of_one = a_draft(sales, one).id
    request = pb.BatchListContractsByCustomerRequest(customer_ids=[none, one, many], limit_per_customer=2)
    found = sales.BatchListContractsByCustomer(request).results
    assert {each.customer_id: [contract.id for contract in each.contracts] for each in found} == {
        many: of_many[:2],
        one: [of_one],
    }


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"customer_ids": []}, "customer_ids"),
        ({"customer_ids": [NO_CONTRACT]}, "customer_ids"),
        ({"customer_ids": [NO_CUSTOMER], "limit_per_customer": -1}, "limit_per_customer"),
    ],
)
def test_a_wrong_batch_of_customers_is_refused_with_the_fields_name(
    sales: ContractsServiceStub, fields: dict[str, Any], at_fault: str
) -> None:
    refusal = refused(sales.BatchListContractsByCustomer, pb.BatchListContractsByCustomerRequest(**fields))
    assert (refusal.kind, refusal.field) == (Kind.INVALID, at_fault)


def test_every_filter_of_contracts_selects_what_it_says(
    sales: ContractsServiceStub, legal: ContractsServiceStub
) -> None:
    customer_id = a_customer(sales).id
    draft = a_draft(sales, customer_id)
    signed = a_signed(sales, legal, customer_id=customer_id, owner_id=NOBODY)
    other = a_draft(sales)

    def found(**wanted: Any) -> list[str]:
        return ids(sales.ListContracts(pb.ListContractsRequest(filter=pb.ContractFilter(**wanted))).contracts)

    assert found() == sorted([draft.id, signed.id, other.id])
    assert found(customer_id=customer_id) == sorted([draft.id, signed.id])
    assert found(state=SIGNED) == [signed.id]
    assert found(owner_id=NOBODY) == [signed.id]
    assert found(customer_id=customer_id, state=DRAFT) == [draft.id]
    assert found(state=ACTIVE) == []


@pytest.mark.parametrize(
    ("wanted", "reason", "at_fault"),
    [
        ({"filter": {"state": 99}}, "INVALID_FIELD", "filter.state"),
        ({"filter": {"customer_id": NO_CONTRACT}}, "INVALID_ID", "filter.customer_id"),
        ({"filter": {"owner_id": "17"}}, "INVALID_ID", "filter.owner_id"),
        ({"page_size": -1}, "INVALID_FIELD", "page_size"),
        ({"page_token": NO_CUSTOMER}, "INVALID_ID", "page_token"),
    ],
)
def test_a_wrong_list_of_contracts_is_refused_with_the_fields_name(
    sales: ContractsServiceStub, wanted: dict[str, Any], reason: str, at_fault: str
) -> None:
    refusal = refused(sales.ListContracts, pb.ListContractsRequest(**wanted))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, reason, at_fault)


def test_pages_of_contracts_are_complete_and_without_repeats_while_drafts_are_written(
    sales: ContractsServiceStub,
) -> None:
    customer_id = a_customer(sales).id
    before = {a_draft(sales, customer_id).id for _ in range(9)}
    seen: list[str] = []
    request = pb.ListContractsRequest(filter=pb.ContractFilter(customer_id=customer_id), page_size=4)
    for _ in range(20):
        page = sales.ListContracts(request)
        seen.extend(contract.id for contract in page.contracts)
        if not page.next_page_token:
            break
        request.page_token = page.next_page_token
        a_draft(sales, customer_id)
    assert len(seen) == len(set(seen))
    assert before <= set(seen)
