"""The methods of FeedbackService: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.feedback.v1 import feedback_service_pb2 as pb
from membercare.feedback.v1.feedback_service_pb2_grpc import FeedbackServiceServicer
from services.chassis.checks import batch, page_size
from services.chassis.ids import check_id, optional_id
from services.feedback.ports import Cases
from services.feedback.rpc.messages import case_to_pb, to_case_filter, to_details
from services.feedback.usecases.move_case import AssignCase, CloseCase, Order
from services.feedback.usecases.open_case import OpenCase

FULL_NAME = pb.DESCRIPTOR.services_by_name["FeedbackService"].full_name
_MOST_PER_OWNER = 100


@dataclass(frozen=True, kw_only=True)
class FeedbackServicer(FeedbackServiceServicer):
    """Reads go to the store, writes to the use cases."""

    cases: Cases
    open_case: OpenCase
    assign_case: AssignCase
    close_case: CloseCase

    def OpenCase(self, request: pb.OpenCaseRequest, context: grpc.ServicerContext) -> pb.OpenCaseResponse:
        case = self.open_case(to_details(request), request_id=request.request_id)
        return pb.OpenCaseResponse(case=case_to_pb(case))

    def AssignCase(self, request: pb.AssignCaseRequest, context: grpc.ServicerContext) -> pb.AssignCaseResponse:
        order = Order(case_id=request.case_id, etag=request.etag, request_id=request.request_id)
        return pb.AssignCaseResponse(case=case_to_pb(self.assign_case(order, assignee_id=request.assignee_id)))

    def CloseCase(self, request: pb.CloseCaseRequest, context: grpc.ServicerContext) -> pb.CloseCaseResponse:
        order = Order(case_id=request.case_id, etag=request.etag, request_id=request.request_id)
        return pb.CloseCaseResponse(case=case_to_pb(self.close_case(order, resolution=request.resolution)))

    def GetCase(self, request: pb.GetCaseRequest, context: grpc.ServicerContext) -> pb.GetCaseResponse:
        case = self.cases.get(check_id(request.case_id, "cas", field="case_id"))
        return pb.GetCaseResponse(case=case_to_pb(case))

    def BatchGetCases(
        self, request: pb.BatchGetCasesRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetCasesResponse:
        found = self.cases.batch_get(batch(request.case_ids, "case_ids", prefix="cas"))
        return pb.BatchGetCasesResponse(cases=map(case_to_pb, found))

    def ListCases(self, request: pb.ListCasesRequest, context: grpc.ServicerContext) -> pb.ListCasesResponse:
        page = self.cases.page(
            to_case_filter(request.filter),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "cas", field="page_token"),
        )
        return pb.ListCasesResponse(cases=map(case_to_pb, page.items), next_page_token=page.next_token)

    def BatchListCasesByMember(
        self, request: pb.BatchListCasesByMemberRequest, context: grpc.ServicerContext
    ) -> pb.BatchListCasesByMemberResponse:
        member_ids = batch(request.member_ids, "member_ids", prefix="mem")
        most = page_size(request.limit_per_member, "limit_per_member", most=_MOST_PER_OWNER)
        found = self.cases.of("member_id", member_ids, most=most)
        return pb.BatchListCasesByMemberResponse(
            results=(pb.MemberCases(member_id=key, cases=map(case_to_pb, cases)) for key, cases in found.items())
        )

    def BatchListCasesByCustomer(
        self, request: pb.BatchListCasesByCustomerRequest, context: grpc.ServicerContext
    ) -> pb.BatchListCasesByCustomerResponse:
        customer_ids = batch(request.customer_ids, "customer_ids", prefix="cus")
        most = page_size(request.limit_per_customer, "limit_per_customer", most=_MOST_PER_OWNER)
        found = self.cases.of("customer_id", customer_ids, most=most)
        return pb.BatchListCasesByCustomerResponse(
            results=(pb.CustomerCases(customer_id=key, cases=map(case_to_pb, cases)) for key, cases in found.items())
        )

    def BatchListCasesByEmployee(
        self, request: pb.BatchListCasesByEmployeeRequest, context: grpc.ServicerContext
    ) -> pb.BatchListCasesByEmployeeResponse:
        employee_ids = batch(request.employee_ids, "employee_ids", prefix="emp")
        most = page_size(request.limit_per_employee, "limit_per_employee", most=_MOST_PER_OWNER)
        found = self.cases.of("assignee_id", employee_ids, most=most)
        return pb.BatchListCasesByEmployeeResponse(
            results=(pb.EmployeeCases(employee_id=key, cases=map(case_to_pb, cases)) for key, cases in found.items())
        )
