"""Root fields that change billing schedules, price changes and exports for accounting."""

import strawberry

from gateway.graphql.contracts.billing.types import BillingLine
from gateway.graphql.roots import Info, RequestId, mutation, result_of
from gateway.graphql.sources import message
from membercare.contracts.v1 import billing_service_pb2 as pb


@message(pb.PlanBillingResponse, pb.RetryBillingResponse, description="The schedule after it was computed.")
class BillingSchedulePayload:
    changes: int = strawberry.field(description="How many lines were written, changed or removed.")
    billing_lines: list[BillingLine] = strawberry.field(description="Earliest due date first, at most 500.")


@message(pb.MarkBilledResponse, description="The lines as they stand now.")
class BilledPayload:
    billing_lines: list[BillingLine] = strawberry.field(description="In the order asked.")


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
