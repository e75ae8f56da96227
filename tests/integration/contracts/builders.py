"""Requests that name only what matters to a test."""

from typing import Any

from membercare.contracts.v1 import contract_pb2, customer_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub

NOBODY = "emp_00000000000000000000000000"
NO_CUSTOMER = "cus_00000000000000000000000000"
NO_CONTRACT = "con_00000000000000000000000000"


def new_customer(**fields: Any) -> pb.CreateCustomerRequest:
    details: dict[str, Any] = {"kind": customer_pb2.CUSTOMER_KIND_ORGANISATION, "name": "North Trading"}
    return pb.CreateCustomerRequest(**details | fields)


def new_contract(customer_id: str, **fields: Any) -> pb.CreateContractRequest:
    """With lines, at their price."""
    price = None if fields.get("lines") else contract_pb2.Money(currency_code="CNY", minor_units=120_000)
    terms: dict[str, Any] = {"title": "Care", "start_date": "2026-06-01", "end_date": "2027-05-31", "price": price}
    return pb.CreateContractRequest(customer_id=customer_id, **terms | fields)


def a_customer(stub: ContractsServiceStub, **fields: Any) -> customer_pb2.Customer:
    return stub.CreateCustomer(new_customer(**fields)).customer


def a_draft(stub: ContractsServiceStub, customer_id: str = "", **fields: Any) -> contract_pb2.Contract:
    customer_id = customer_id or a_customer(stub).id
    return stub.CreateContract(new_contract(customer_id, **fields)).contract


def a_signed(stub: ContractsServiceStub, legal: ContractsServiceStub, **fields: Any) -> contract_pb2.Contract:
    """Draft, submit and sign with one stub, approve with the other, which must be another person's."""
    draft = a_draft(stub, **fields)
    stub.SubmitContract(pb.SubmitContractRequest(contract_id=draft.id))
    legal.ApproveContract(pb.ApproveContractRequest(contract_id=draft.id))
    return stub.SignContract(pb.SignContractRequest(contract_id=draft.id)).contract


def an_active(stub: ContractsServiceStub, legal: ContractsServiceStub, **fields: Any) -> contract_pb2.Contract:
    signed = a_signed(stub, legal, **fields)
    return stub.ActivateContract(pb.ActivateContractRequest(contract_id=signed.id)).contract


def terminating(contract_id: str, **fields: Any) -> pb.TerminateContractRequest:
    why: dict[str, Any] = {
        "termination_code": contract_pb2.TERMINATION_CODE_MUTUAL,
        "termination_reason": "moved away",
    }
    return pb.TerminateContractRequest(contract_id=contract_id, **why | fields)
