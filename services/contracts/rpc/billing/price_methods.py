"""The methods of price indices, price runs and co-termination: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import billing_service_pb2 as pb
from membercare.contracts.v1.billing_service_pb2_grpc import BillingServiceServicer
from services.chassis.checks import batch, page_size
from services.chassis.identity import current_caller
from services.chassis.ids import optional_id
from services.contracts.ports.pricing import PriceIndexes, PriceRuns
from services.contracts.rpc.billing.price_messages import index_to_pb, run_to_pb, stub_to_pb, to_order, to_values
from services.contracts.usecases.billing.co_terminate import PreviewCoTermination
from services.contracts.usecases.billing.price_indexes import CreatePriceIndex, RecordIndexValues
from services.contracts.usecases.billing.price_runs import ApplyPriceRun, ApprovePriceRun, CreatePriceRun, UndoPriceRun


@dataclass(frozen=True, kw_only=True)
class PriceMethods(BillingServiceServicer):
    """Reads go to the stores, writes to the use cases."""

    indexes: PriceIndexes
    runs: PriceRuns
    create_price_index: CreatePriceIndex
    record_index_values: RecordIndexValues
    create_price_run: CreatePriceRun
    approve_price_run: ApprovePriceRun
    apply_price_run: ApplyPriceRun
    undo_price_run: UndoPriceRun
    preview_co_termination: PreviewCoTermination

    def CreatePriceIndex(
        self, request: pb.CreatePriceIndexRequest, context: grpc.ServicerContext
    ) -> pb.CreatePriceIndexResponse:
        index = self.create_price_index(name=request.name, basis=request.basis, request_id=request.request_id)
        return pb.CreatePriceIndexResponse(price_index=index_to_pb(index))

    def RecordIndexValues(
        self, request: pb.RecordIndexValuesRequest, context: grpc.ServicerContext
    ) -> pb.RecordIndexValuesResponse:
        index = self.record_index_values(
            request.index_id, to_values(request), etag=request.etag, request_id=request.request_id
        )
        return pb.RecordIndexValuesResponse(price_index=index_to_pb(index))

    def BatchGetPriceIndexes(
        self, request: pb.BatchGetPriceIndexesRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetPriceIndexesResponse:
        found = self.indexes.batch_get(batch(request.index_ids, "index_ids", prefix="idx"))
        return pb.BatchGetPriceIndexesResponse(price_indexes=map(index_to_pb, found))

    def ListPriceIndexes(
        self, request: pb.ListPriceIndexesRequest, context: grpc.ServicerContext
    ) -> pb.ListPriceIndexesResponse:
        page = self.indexes.page(
            size=page_size(request.page_size), after=optional_id(request.page_token, "idx", field="page_token")
        )
        return pb.ListPriceIndexesResponse(price_indexes=map(index_to_pb, page.items), next_page_token=page.next_token)

    def CreatePriceRun(
        self, request: pb.CreatePriceRunRequest, context: grpc.ServicerContext
    ) -> pb.CreatePriceRunResponse:
        run = self.create_price_run(to_order(request), by=current_caller().subject, request_id=request.request_id)
        return pb.CreatePriceRunResponse(price_run=run_to_pb(run))

    def ApprovePriceRun(
        self, request: pb.ApprovePriceRunRequest, context: grpc.ServicerContext
    ) -> pb.ApprovePriceRunResponse:
        run = self.approve_price_run(
            request.price_run_id, by=current_caller().subject, etag=request.etag, request_id=request.request_id
        )
        return pb.ApprovePriceRunResponse(price_run=run_to_pb(run))

    def ApplyPriceRun(
        self, request: pb.ApplyPriceRunRequest, context: grpc.ServicerContext
    ) -> pb.ApplyPriceRunResponse:
        run = self.apply_price_run(
            request.price_run_id, by=current_caller().subject, etag=request.etag, request_id=request.request_id
        )
        return pb.ApplyPriceRunResponse(price_run=run_to_pb(run))

    def UndoPriceRun(self, request: pb.UndoPriceRunRequest, context: grpc.ServicerContext) -> pb.UndoPriceRunResponse:
        run = self.undo_price_run(
            request.price_run_id, by=current_caller().subject, etag=request.etag, request_id=request.request_id
        )
        return pb.UndoPriceRunResponse(price_run=run_to_pb(run))

    def BatchGetPriceRuns(
        self, request: pb.BatchGetPriceRunsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetPriceRunsResponse:
        found = self.runs.batch_get(batch(request.price_run_ids, "price_run_ids", prefix="esc"))
        return pb.BatchGetPriceRunsResponse(price_runs=map(run_to_pb, found))

    def ListPriceRuns(
        self, request: pb.ListPriceRunsRequest, context: grpc.ServicerContext
    ) -> pb.ListPriceRunsResponse:
        page = self.runs.page(
            size=page_size(request.page_size), after=optional_id(request.page_token, "esc", field="page_token")
        )
        return pb.ListPriceRunsResponse(price_runs=map(run_to_pb, page.items), next_page_token=page.next_token)

    def PreviewCoTermination(
        self, request: pb.PreviewCoTerminationRequest, context: grpc.ServicerContext
    ) -> pb.PreviewCoTerminationResponse:
        end, stubs = self.preview_co_termination(request.contract_ids, end_date=request.end_date)
        return pb.PreviewCoTerminationResponse(end_date=end.isoformat(), stubs=map(stub_to_pb, stubs))
