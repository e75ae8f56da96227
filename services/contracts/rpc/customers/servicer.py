"""The methods of CustomersService: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import customers_service_pb2 as pb
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceServicer
from services.chassis.checks import page_size
from services.chassis.identity import current_caller
from services.chassis.ids import optional_id
from services.contracts.ports.tables import TableFormat
from services.contracts.rpc.customers.messages import STAGES, customer_to_pb, to_customer_filter, to_details
from services.contracts.rpc.uploads import FORMATS, MEDIA_TYPES, report_to_pb, to_upload
from services.contracts.usecases.customers.change_customer import ChangeCustomer, SetCustomerStage
from services.contracts.usecases.customers.export_customers import MOST_ROWS, ExportCustomers
from services.contracts.usecases.customers.import_customers import ImportCustomers
from services.contracts.usecases.customers.merge_customers import MergeCustomers

FULL_NAME = pb.DESCRIPTOR.services_by_name["CustomersService"].full_name


@dataclass(frozen=True, kw_only=True)
class CustomersServicer(CustomersServiceServicer):
    """Every method is a use case."""

    change_customer: ChangeCustomer
    set_stage: SetCustomerStage
    merge_customers: MergeCustomers
    import_customers: ImportCustomers
    export_customers: ExportCustomers

    def UpdateCustomer(
        self, request: pb.UpdateCustomerRequest, context: grpc.ServicerContext
    ) -> pb.UpdateCustomerResponse:
        customer = self.change_customer(
            request.customer.id,
            to_details(request.customer),
            mask=request.update_mask.paths,
            etag=request.customer.etag,
            request_id=request.request_id,
        )
        return pb.UpdateCustomerResponse(customer=customer_to_pb(customer))

    def SetCustomerStage(
        self, request: pb.SetCustomerStageRequest, context: grpc.ServicerContext
    ) -> pb.SetCustomerStageResponse:
        customer = self.set_stage(
            request.customer_id,
            STAGES.member(request.stage, "stage"),
            reason=request.reason,
            author=current_caller().subject,
            etag=request.etag,
            request_id=request.request_id,
        )
        return pb.SetCustomerStageResponse(customer=customer_to_pb(customer))

    def MergeCustomers(
        self, request: pb.MergeCustomersRequest, context: grpc.ServicerContext
    ) -> pb.MergeCustomersResponse:
        doublet, survivor = self.merge_customers(request.customer_id, request.into_id, etag=request.etag)
        return pb.MergeCustomersResponse(customer=customer_to_pb(survivor), merged=customer_to_pb(doublet))

    def ImportCustomers(
        self, request: pb.ImportCustomersRequest, context: grpc.ServicerContext
    ) -> pb.ImportCustomersResponse:
        report = self.import_customers(to_upload(request.upload), author=current_caller().subject)
        return pb.ImportCustomersResponse(report=report_to_pb(report))

    def ExportCustomers(
        self, request: pb.ExportCustomersRequest, context: grpc.ServicerContext
    ) -> pb.ExportCustomersResponse:
        form = FORMATS.member(request.format, "format") or TableFormat.CSV
        file = self.export_customers(
            to_customer_filter(request.filter),
            form=form,
            size=page_size(request.page_size, default=MOST_ROWS, most=MOST_ROWS),
            after=optional_id(request.page_token, "cus", field="page_token"),
        )
        return pb.ExportCustomersResponse(
            content=file.content,
            media_type=MEDIA_TYPES[form],
            file_name=f"customers.{form.value}",
            rows=file.rows,
            next_page_token=file.next_token,
        )
