"""Root fields that change billing schedules, price changes and exports for accounting."""

import strawberry

from gateway.graphql.contracts.billing.price_types import IndexValueState, PriceIndex, PriceRun, PriceRunKind
from gateway.graphql.contracts.billing.types import BillingLine
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of, transition
from gateway.graphql.scalars import BigInt, Date, Month
from gateway.graphql.sources import message, packed
from membercare.contracts.v1 import billing_service_pb2 as pb
from membercare.contracts.v1 import price_run_pb2


@message(pb.PlanBillingResponse, pb.RetryBillingResponse, description="The schedule after it was computed.")
class BillingSchedulePayload:
    changes: int = strawberry.field(description="How many lines were written, changed or removed.")
    billing_lines: list[BillingLine] = strawberry.field(description="Earliest due date first, at most 500.")


@message(pb.MarkBilledResponse, description="The lines as they stand now.")
class BilledPayload:
    billing_lines: list[BillingLine] = strawberry.field(description="In the order asked.")


@message(pb.CreatePriceIndexResponse, pb.RecordIndexValuesResponse, description="The index after the change.")
class PriceIndexPayload:
    price_index: PriceIndex


@message(
    pb.CreatePriceRunResponse,
    pb.ApprovePriceRunResponse,
    pb.ApplyPriceRunResponse,
    pb.UndoPriceRunResponse,
    description="The price run after the change.",
)
class PriceRunPayload:
    price_run: PriceRun


@strawberry.input(description="What an index was in a month, as published.")
class IndexValueInput:
    month: Month
    value: str = strawberry.field(description="A decimal number above zero, such as `114.25`.")
    state: IndexValueState
    published_date: Date


@strawberry.input(description="How a new price is found.")
class PriceRuleInput:
    kind: PriceRunKind
    uplift_bps: int | None = strawberry.field(default=None, description="For an uplift: hundredths of a percent.")
    index_id: strawberry.ID | None = strawberry.field(default=None, description="For an index: which.")
    lag_months: int | None = strawberry.field(
        default=None, description="For an index: the value of so many months before counts."
    )
    floor_bps: int | None = strawberry.field(default=None, description="The least change; 0: a price never falls.")
    cap_bps: int | None = strawberry.field(default=None, description="The greatest change.")
    round_to: BigInt | None = strawberry.field(
        default=None, description="Whole multiples of so many minor units, where one lies within floor and cap."
    )


@strawberry.input(description="A change of prices to compute.")
class PriceRunInput:
    name: str
    rule: PriceRuleInput
    effective_date: Date = strawberry.field(description="The first day of the new prices.")
    contract_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Only these contracts, at most 500. Absent: all."
    )
    customer_id: strawberry.ID | None = strawberry.field(default=None, description="Only of this customer.")


_INDEX = result_of(PriceIndexPayload, "PriceIndexResult")
_RUN = result_of(PriceRunPayload, "PriceRunResult")
_SCHEDULE = result_of(BillingSchedulePayload, "BillingScheduleResult")
_BILLED = result_of(BilledPayload, "BilledResult")


@strawberry.type
class BillingMutation:
    @mutation(_SCHEDULE, rpc="PlanBilling", description="Computes the billing schedule of a contract now.")
    async def plan_billing(
        self, info: Info, contract_id: strawberry.ID, request_id: RequestId = None
    ) -> pb.PlanBillingResponse:
        request = pb.PlanBillingRequest(contract_id=contract_id, request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.PlanBilling, request)

    @mutation(_SCHEDULE, rpc="RetryBilling", description="Computes the billing of a parked contract once more.")
    async def retry_billing(
        self, info: Info, contract_id: strawberry.ID, request_id: RequestId = None
    ) -> pb.RetryBillingResponse:
        request = pb.RetryBillingRequest(contract_id=contract_id, request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.RetryBilling, request)

    @mutation(_BILLED, rpc="MarkBilled", description="Notes on which invoice due lines stand: all of them or none.")
    async def mark_billed(
        self, info: Info, ids: list[strawberry.ID], invoice: str, request_id: RequestId = None
    ) -> pb.MarkBilledResponse:
        request = pb.MarkBilledRequest(billing_line_ids=ids, invoice=invoice, request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.MarkBilled, request)

    @mutation(_INDEX, rpc="CreatePriceIndex", description="Creates an index of prices, without values.")
    async def create_price_index(
        self, info: Info, name: str, basis: str, request_id: RequestId = None
    ) -> pb.CreatePriceIndexResponse:
        request = pb.CreatePriceIndexRequest(name=name, basis=basis, request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.CreatePriceIndex, request)

    @mutation(_INDEX, rpc="RecordIndexValues", description="Records published values; a definitive one then stays.")
    async def record_index_values(
        self,
        info: Info,
        id: strawberry.ID,
        values: list[IndexValueInput],
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.RecordIndexValuesResponse:
        request = pb.RecordIndexValuesRequest(
            index_id=id,
            values=[packed(each, price_run_pb2.IndexValue) for each in values],
            etag=etag or "",
            request_id=request_id or "",
        )
        return await info.context.call(info.context.clients.contracts.RecordIndexValues, request)

    @mutation(_RUN, rpc="CreatePriceRun", description="Computes a change of prices, to be looked through.")
    async def create_price_run(
        self, info: Info, input: PriceRunInput, request_id: RequestId = None
    ) -> pb.CreatePriceRunResponse:
        request = packed(input, pb.CreatePriceRunRequest, request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.CreatePriceRun, request)

    approve_price_run = transition(
        _RUN, pb.ApprovePriceRunRequest, key="price_run_id", description="Approves a run, by another than its author."
    )
    apply_price_run = transition(
        _RUN, pb.ApplyPriceRunRequest, key="price_run_id", description="Gives the contracts their new prices."
    )
    undo_price_run = transition(
        _RUN, pb.UndoPriceRunRequest, key="price_run_id", description="Gives the contracts their old prices again."
    )
