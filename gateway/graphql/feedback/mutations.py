"""Root fields that change cases."""

import strawberry

from gateway.graphql.feedback.types import Case, CaseKind, CaseSeverity
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of
from gateway.graphql.sources import message, packed
from membercare.feedback.v1 import feedback_service_pb2 as pb


@strawberry.input(description="A case to open.")
class CaseInput:
    kind: CaseKind
    severity: CaseSeverity | None = strawberry.field(default=None, description="Absent: normal.")
    title: str = strawberry.field(description="One line; 1 to 200 characters.")
    description: str | None = strawberry.field(default=None, description="In the person's own words.")
    customer_id: strawberry.ID | None = None
    member_id: strawberry.ID | None = None
    contract_id: strawberry.ID | None = None


@message(pb.OpenCaseResponse, pb.AssignCaseResponse, pb.CloseCaseResponse, description="The case after the change.")
class CasePayload:
    case: Case


_CASE = result_of(CasePayload, "CaseResult")


@strawberry.type
class FeedbackMutation:
    @mutation(_CASE, rpc="OpenCase", description="Opens a case.")
    async def open_case(self, info: Info, input: CaseInput, request_id: RequestId = None) -> pb.OpenCaseResponse:
        request = packed(input, pb.OpenCaseRequest, request_id=request_id or "")
        return await info.context.call(info.context.clients.feedback.OpenCase, request)

    @mutation(_CASE, rpc="AssignCase", description="Gives an open or assigned case to an employee.")
    async def assign_case(
        self,
        info: Info,
        id: strawberry.ID,
        assignee_id: strawberry.ID,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.AssignCaseResponse:
        request = pb.AssignCaseRequest(
            case_id=id, assignee_id=assignee_id, etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.feedback.AssignCase, request)

    @mutation(_CASE, rpc="CloseCase", description="Assigned to closed.")
    async def close_case(
        self, info: Info, id: strawberry.ID, resolution: str, etag: ETag = None, request_id: RequestId = None
    ) -> pb.CloseCaseResponse:
        request = pb.CloseCaseRequest(case_id=id, resolution=resolution, etag=etag or "", request_id=request_id or "")
        return await info.context.call(info.context.clients.feedback.CloseCase, request)
