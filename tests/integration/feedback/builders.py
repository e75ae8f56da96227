"""Requests that name only what matters to a test."""

from typing import Any

from membercare.feedback.v1 import case_pb2
from membercare.feedback.v1 import feedback_service_pb2 as pb
from membercare.feedback.v1.feedback_service_pb2_grpc import FeedbackServiceStub

ANNA, BEN = "emp_00000000000000000000000001", "emp_00000000000000000000000002"
CUSTOMER, OTHER_CUSTOMER = "cus_00000000000000000000000001", "cus_00000000000000000000000002"
MEMBER, OTHER_MEMBER = "mem_00000000000000000000000001", "mem_00000000000000000000000002"
CONTRACT = "con_00000000000000000000000001"
NO_CASE = "cas_00000000000000000000000000"


def new_case(**fields: Any) -> pb.OpenCaseRequest:
    details: dict[str, Any] = {"kind": case_pb2.CASE_KIND_COMPLAINT, "title": "Nobody came"}
    return pb.OpenCaseRequest(**details | fields)


def an_open(stub: FeedbackServiceStub, **fields: Any) -> case_pb2.Case:
    return stub.OpenCase(new_case(**fields)).case


def an_assigned(stub: FeedbackServiceStub, assignee_id: str = ANNA, **fields: Any) -> case_pb2.Case:
    request = pb.AssignCaseRequest(case_id=an_open(stub, **fields).id, assignee_id=assignee_id)
    return stub.AssignCase(request).case


def a_closed(stub: FeedbackServiceStub, **fields: Any) -> case_pb2.Case:
    request = pb.CloseCaseRequest(case_id=an_assigned(stub, **fields).id, resolution="Sent somebody.")
    return stub.CloseCase(request).case
