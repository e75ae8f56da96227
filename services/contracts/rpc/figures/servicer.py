"""The methods of FiguresService: unpack, call, pack."""

from dataclasses import dataclass
from hashlib import sha256

import grpc

from membercare.contracts.v1 import figures_service_pb2 as pb
from membercare.contracts.v1.figures_service_pb2_grpc import FiguresServiceServicer
from services.chassis.checks import batch, page_size
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id
from services.chassis.timestamps import to_timestamp
from services.contracts.ports.values import ValueModels, ValuePolicies
from services.contracts.rpc.figures.messages import month_to_pb, tables_to_pb, to_month_question, to_revenue_question
from services.contracts.rpc.figures.value_messages import (
    model_to_pb,
    policy_to_pb,
    to_policy,
    to_value_filter,
    value_to_pb,
)
from services.contracts.rpc.figures.workbook import MEDIA_TYPE, workbook
from services.contracts.usecases.figures.change_policy import ChangeValuePolicy
from services.contracts.usecases.figures.compute_values import RequestValueRun
from services.contracts.usecases.figures.reports import ReportMonth, ReportRevenue
from services.contracts.usecases.figures.see_values import SeeValues

FULL_NAME = pb.DESCRIPTOR.services_by_name["FiguresService"].full_name


@dataclass(frozen=True, kw_only=True)
class FiguresServicer(FiguresServiceServicer):
    """Reads go to the stores, writes to the use cases."""

    report_revenue: ReportRevenue
    report_month: ReportMonth
    see_values: SeeValues
    policies: ValuePolicies
    models: ValueModels
    change_policy: ChangeValuePolicy
    request_run: RequestValueRun

    def ReportRecurringRevenue(
        self, request: pb.ReportRecurringRevenueRequest, context: grpc.ServicerContext
    ) -> pb.ReportRecurringRevenueResponse:
        return tables_to_pb(self.report_revenue(to_revenue_question(request), current_caller()))

    def ReportMonth(self, request: pb.ReportMonthRequest, context: grpc.ServicerContext) -> pb.ReportMonthResponse:
        answer = self.report_month(to_month_question(request), current_caller())
        return pb.ReportMonthResponse(statistics=month_to_pb(answer))

    def ExportMonth(self, request: pb.ExportMonthRequest, context: grpc.ServicerContext) -> pb.ExportMonthResponse:
        answer = self.report_month(to_month_question(request), current_caller())
        content = workbook(answer, owner_id=request.owner_id)
        return pb.ExportMonthResponse(
            file_name=f"statistics-{answer.month}.xlsx",
            media_type=MEDIA_TYPE,
            content=content,
            sha256=sha256(content).hexdigest(),
        )

    def GetCustomerValue(
        self, request: pb.GetCustomerValueRequest, context: grpc.ServicerContext
    ) -> pb.GetCustomerValueResponse:
        value = self.see_values.one(check_id(request.customer_id, "cus", field="customer_id"), current_caller())
        return pb.GetCustomerValueResponse(value=value_to_pb(value))

    def BatchGetCustomerValues(
        self, request: pb.BatchGetCustomerValuesRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetCustomerValuesResponse:
        found = self.see_values.some(batch(request.customer_ids, "customer_ids", prefix="cus"), current_caller())
        return pb.BatchGetCustomerValuesResponse(values=map(value_to_pb, found))

    def ListCustomerValues(
        self, request: pb.ListCustomerValuesRequest, context: grpc.ServicerContext
    ) -> pb.ListCustomerValuesResponse:
        page = self.see_values.page(
            to_value_filter(request.filter),
            current_caller(),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "cus", field="page_token"),
        )
        return pb.ListCustomerValuesResponse(values=map(value_to_pb, page.items), next_page_token=page.next_token)

    def GetValuePolicy(
        self, request: pb.GetValuePolicyRequest, context: grpc.ServicerContext
    ) -> pb.GetValuePolicyResponse:
        return pb.GetValuePolicyResponse(policy=policy_to_pb(self.policies.current()))

    def UpdateValuePolicy(
        self, request: pb.UpdateValuePolicyRequest, context: grpc.ServicerContext
    ) -> pb.UpdateValuePolicyResponse:
        policy = self.change_policy(to_policy(request), etag=request.etag, request_id=request.request_id)
        return pb.UpdateValuePolicyResponse(policy=policy_to_pb(policy))

    def RunCustomerValues(
        self, request: pb.RunCustomerValuesRequest, context: grpc.ServicerContext
    ) -> pb.RunCustomerValuesResponse:
        return pb.RunCustomerValuesResponse(requested_time=to_timestamp(self.request_run()))

    def GetValueModel(
        self, request: pb.GetValueModelRequest, context: grpc.ServicerContext
    ) -> pb.GetValueModelResponse:
        return pb.GetValueModelResponse(model=model_to_pb(self.models.get()))
