from datetime import timedelta
from typing import Any

import grpc
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from google.protobuf.message_factory import GetMessageClass
from pymongo.database import Database

from gateway.contracts_stubs import ContractsStubs
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from services.chassis.identity import TokenIssuer
from services.chassis.rpc_errors import refusal_of
from services.contracts.rpc.access import ACCESS
from tests.fakes.rooms import SERVICES
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CONTRACT, NO_CUSTOMER, a_draft, new_customer

ROLES = (
    *("ops", "approver", "agent", "technician", "legal", "sales"),
    *("manager", "hr", "employee", "auditor", "admin", "respondent"),
)
METHODS = {method.name: method for service in SERVICES["contracts"] for method in service.methods}


def every_room(channel: grpc.Channel) -> Any:
    return ContractsStubs(channel)  # type: ignore[arg-type]  # it takes over the methods of either kind of channel


def empty_request(method: str) -> Any:
    return GetMessageClass(METHODS[method].input_type)()


def test_every_method_says_who_may_call_it_and_nothing_else_is_in_the_table() -> None:
    named = [method.name for service in SERVICES["contracts"] for method in service.methods]
    assert sorted(ACCESS) == sorted(named)
    assert all(roles and roles <= set(ROLES) for roles in ACCESS.values())


@pytest.mark.parametrize("method", METHODS)
def test_a_role_that_is_not_in_the_table_is_refused(calling: Calling, method: str) -> None:
    for role in sorted(set(ROLES) - ACCESS[method]):
        refusal = refused(getattr(calling.as_role(every_room, role), method), empty_request(method))
        assert (refusal.kind, refusal.reason) == (Kind.FORBIDDEN, "FORBIDDEN"), role


@pytest.mark.parametrize("method", METHODS)
def test_a_role_of_the_table_is_let_through(calling: Calling, method: str) -> None:
    for role in sorted(ACCESS[method]):
        stub = calling.as_role(every_room, role)
        try:
            getattr(stub, method)(empty_request(method))  # an empty question may have an answer
        except grpc.RpcError as error:
            refusal = refusal_of(error)
            assert refusal is not None
            assert refusal.reason != "FORBIDDEN", role  # rows may be refused with a reason of their own


def test_a_refused_role_changes_nothing(calling: Calling, database: Database[dict[str, Any]]) -> None:
    draft = a_draft(calling.as_role(ContractsServiceStub, "sales"))
    agent = calling.as_role(ContractsServiceStub, "agent")
    assert refused(agent.CreateCustomer, new_customer()).kind is Kind.FORBIDDEN
    assert refused(agent.SignContract, pb.SignContractRequest(contract_id=draft.id)).kind is Kind.FORBIDDEN
    assert database["customers"].count_documents({}) == 1
    assert agent.GetContract(pb.GetContractRequest(contract_id=draft.id)).contract == draft


def test_one_of_several_roles_is_enough_and_none_is_not(calling: Calling) -> None:
    calling.as_role(ContractsServiceStub, "respondent", "sales").ListCustomers(pb.ListCustomersRequest())
    refusal = refused(calling.as_role(ContractsServiceStub).ListCustomers, pb.ListCustomersRequest())
    assert refusal.kind is Kind.FORBIDDEN


def test_a_call_without_a_deadline_is_refused(calling: Calling) -> None:
    stub = calling.plain(ContractsServiceStub)
    metadata = (("authorization", f"Bearer {calling.token('admin')}"),)
    refusal = refused(stub.ListCustomers, pb.ListCustomersRequest(), metadata=metadata)
    assert (refusal.kind, refusal.reason) == (Kind.INVALID, "DEADLINE_REQUIRED")


def test_a_call_without_a_token_is_refused(calling: Calling) -> None:
    refusal = refused(calling.plain(ContractsServiceStub).ListCustomers, pb.ListCustomersRequest(), timeout=5)
    assert (refusal.kind, refusal.reason) == (Kind.UNAUTHENTICATED, "UNAUTHENTICATED")


def test_an_expired_token_is_refused(calling: Calling) -> None:
    old = SystemClock().now() - timedelta(minutes=5)
    token = calling.issuer.issue(subject="somebody", roles=["admin"], request_id="r", now=old)
    stub = calling.with_token(ContractsServiceStub, lambda: token)
    refusal = refused(stub.ListCustomers, pb.ListCustomersRequest())
    assert (refusal.kind, refusal.message) == (Kind.UNAUTHENTICATED, "The internal token has expired.")


def test_a_token_that_somebody_else_signed_is_refused(calling: Calling) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    token = TokenIssuer(pem).issue(subject="x", roles=["admin"], request_id="r", now=SystemClock().now())
    stub = calling.with_token(ContractsServiceStub, lambda: token)
    refusal = refused(stub.ListCustomers, pb.ListCustomersRequest())
    assert (refusal.kind, refusal.message) == (Kind.UNAUTHENTICATED, "The internal token is not valid.")


def test_a_token_that_was_changed_under_way_is_refused(calling: Calling) -> None:
    header, claims, signature = calling.token("auditor").split(".")
    changed = f"{header}.{claims[:-2]}AA.{signature}"
    stub = calling.with_token(ContractsServiceStub, lambda: changed)
    assert refused(stub.ListCustomers, pb.ListCustomersRequest()).kind is Kind.UNAUTHENTICATED


def test_who_may_not_ask_learns_nothing_of_what_exists(calling: Calling) -> None:
    draft = a_draft(calling.as_role(ContractsServiceStub, "sales"))
    hr = calling.as_role(ContractsServiceStub, "hr")
    exists = refused(hr.GetContract, pb.GetContractRequest(contract_id=draft.id))
    unknown = refused(hr.GetContract, pb.GetContractRequest(contract_id=NO_CONTRACT))
    wrong = refused(hr.GetContract, pb.GetContractRequest(contract_id=NO_CUSTOMER))
    assert exists == unknown == wrong


def test_a_method_that_does_not_exist_is_unimplemented(calling: Calling) -> None:
    path = "/membercare.contracts.v1.ContractsService/DropEverything"
    with grpc.insecure_channel(calling.address) as channel:
        call: Any = channel.unary_unary(path)
        with pytest.raises(grpc.RpcError) as error:
            call(b"", timeout=5)
    assert error.value.code() is grpc.StatusCode.UNIMPLEMENTED
