from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pymongo.database import Database

from membercare.feedback.v1 import feedback_service_pb2 as pb
from membercare.feedback.v1.feedback_service_pb2_grpc import FeedbackServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from services.chassis.identity import TokenIssuer
from services.feedback.rpc.access import ACCESS
from tests.integration.calling import Calling, refused
from tests.integration.feedback.builders import ANNA, CUSTOMER, NO_CASE, an_open, new_case

ROLES = (
    *("ops", "approver", "agent", "technician", "legal", "sales"),
    *("manager", "hr", "employee", "auditor", "admin", "respondent"),
)
METHODS = [method.name for method in pb.DESCRIPTOR.services_by_name["FeedbackService"].methods]


def empty_request(method: str) -> Any:
    return getattr(pb, f"{method}Request")()


def test_every_method_says_who_may_call_it_and_nothing_else_is_in_the_table() -> None:
    assert sorted(ACCESS) == sorted(METHODS)
    assert all(roles and roles <= set(ROLES) for roles in ACCESS.values())


@pytest.mark.parametrize("method", METHODS)
def test_a_role_that_is_not_in_the_table_is_refused(calling: Calling, method: str) -> None:
    for role in sorted(set(ROLES) - ACCESS[method]):
        refusal = refused(getattr(calling.as_role(FeedbackServiceStub, role), method), empty_request(method))
        assert (refusal.kind, refusal.reason) == (Kind.FORBIDDEN, "FORBIDDEN"), role


@pytest.mark.parametrize("method", METHODS)
def test_a_role_of_the_table_is_let_through(calling: Calling, method: str) -> None:
    for role in sorted(ACCESS[method]):
        stub = calling.as_role(FeedbackServiceStub, role)
        if method == "ListCases":
            getattr(stub, method)(empty_request(method))
        else:
            assert refused(getattr(stub, method), empty_request(method)).kind is Kind.INVALID, role


def test_a_refused_role_changes_nothing(calling: Calling, database: Database[dict[str, Any]]) -> None:
    case = an_open(calling.as_role(FeedbackServiceStub, "sales"))
    legal = calling.as_role(FeedbackServiceStub, "legal")
    assert refused(legal.OpenCase, new_case()).kind is Kind.FORBIDDEN
    assert refused(legal.AssignCase, pb.AssignCaseRequest(case_id=case.id, assignee_id=ANNA)).kind is Kind.FORBIDDEN
    assert database["cases"].count_documents({}) == 1
    assert legal.GetCase(pb.GetCaseRequest(case_id=case.id)).case == case


def test_one_of_several_roles_is_enough_and_none_is_not(calling: Calling) -> None:
    calling.as_role(FeedbackServiceStub, "respondent", "sales").ListCases(pb.ListCasesRequest())
    refusal = refused(calling.as_role(FeedbackServiceStub).ListCases, pb.ListCasesRequest())
    assert refusal.kind is Kind.FORBIDDEN


def test_a_call_without_a_deadline_is_refused(calling: Calling) -> None:
    stub = calling.plain(FeedbackServiceStub)
    metadata = [("authorization", f"Bearer {calling.token('admin')}")]
    refusal = refused(stub.ListCases, pb.ListCasesRequest(), metadata=metadata)
    assert (refusal.kind, refusal.reason) == (Kind.INVALID, "DEADLINE_REQUIRED")


def test_a_call_without_a_token_is_refused(calling: Calling) -> None:
    refusal = refused(calling.plain(FeedbackServiceStub).ListCases, pb.ListCasesRequest(), timeout=5)
    assert (refusal.kind, refusal.reason) == (Kind.UNAUTHENTICATED, "UNAUTHENTICATED")


def test_an_expired_token_is_refused(calling: Calling) -> None:
    old = SystemClock().now() - timedelta(minutes=5)
    token = calling.issuer.issue(subject="somebody", roles=["admin"], request_id="r", now=old)
    stub = calling.with_token(FeedbackServiceStub, lambda: token)
    refusal = refused(stub.ListCases, pb.ListCasesRequest())
    assert (refusal.kind, refusal.message) == (Kind.UNAUTHENTICATED, "The internal token has expired.")


def test_a_token_that_somebody_else_signed_is_refused(calling: Calling) -> None:
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    token = TokenIssuer(pem).issue(subject="x", roles=["admin"], request_id="r", now=SystemClock().now())
    stub = calling.with_token(FeedbackServiceStub, lambda: token)
    refusal = refused(stub.ListCases, pb.ListCasesRequest())
    assert (refusal.kind, refusal.message) == (Kind.UNAUTHENTICATED, "The internal token is not valid.")


def test_a_token_that_was_changed_under_way_is_refused(calling: Calling) -> None:
    header, claims, signature = calling.token("auditor").split(".")
    changed = f"{header}.{claims[:-2]}AA.{signature}"
    stub = calling.with_token(FeedbackServiceStub, lambda: changed)
    assert refused(stub.ListCases, pb.ListCasesRequest()).kind is Kind.UNAUTHENTICATED


def test_who_may_not_ask_learns_nothing_of_what_exists(calling: Calling) -> None:
    case = an_open(calling.as_role(FeedbackServiceStub, "sales"))
    hr = calling.as_role(FeedbackServiceStub, "hr")
    answers = [refused(hr.GetCase, pb.GetCaseRequest(case_id=key)) for key in (case.id, NO_CASE, CUSTOMER)]
    assert answers[0] == answers[1] == answers[2]
