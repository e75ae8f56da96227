"""Root fields that use allowances and move chargeable services."""

import strawberry

from gateway.graphql.contracts.entitlement.enums import ConsentChannel, ServiceLineKind, ServiceUnit
from gateway.graphql.contracts.entitlement.types import AllowanceUsage, ServiceOrder
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of, transition
from gateway.graphql.scalars import BigInt, DateTime
from gateway.graphql.sources import message, packed
from membercare.contracts.v1 import entitlement_service_pb2 as pb
from membercare.contracts.v1 import service_order_pb2


@strawberry.input(description="What to keep back for a request for service.")
class AllowanceReservationInput:
    reference: str = strawberry.field(description="The id of the case it is for, or a key of your own: used once.")
    customer_id: strawberry.ID
    service_type: str
    unit: ServiceUnit
    asset_id: strawberry.ID | None = None
    at: DateTime | None = strawberry.field(default=None, description="The moment of service; absent: now.")
    quantity: BigInt | None = strawberry.field(default=None, description="Absent: one.")


@strawberry.input(description="How much of what; the price comes from the price list.")
class ServiceItemInput:
    kind: ServiceLineKind
    quantity: BigInt = strawberry.field(description="Parts, minutes of labour, visits or cases; at least 1.")
    product_id: strawberry.ID | None = strawberry.field(default=None, description="The part, if it is one.")


@strawberry.input(description="A chargeable service to estimate.")
class ServiceOrderInput:
    customer_id: strawberry.ID
    service_type: str
    items: list[ServiceItemInput]
    asset_id: strawberry.ID | None = None
    reference: str | None = strawberry.field(default=None, description="The case or other thing it belongs to.")
    technician_id: strawberry.ID | None = strawberry.field(default=None, description="The employee who will do it.")


@strawberry.input(description="The customer's consent to the current estimate.")
class ServiceConsentInput:
    estimate_number: int = strawberry.field(description="The estimate that the customer was shown.")
    given_by: str = strawberry.field(description="Who consented, by name.")
    channel: ConsentChannel
    given_time: DateTime | None = strawberry.field(default=None, description="Absent: now.")
    note: str | None = strawberry.field(default=None, description="Words, or where the proof is.")


@message(
    pb.ReserveAllowanceResponse,
    pb.ConsumeAllowanceResponse,
    pb.ReleaseAllowanceResponse,
    pb.CorrectAllowanceResponse,
    description="The use of allowances after the change.",
)
class AllowanceUsagePayload:
    usage: AllowanceUsage


@message(
    pb.CreateServiceOrderResponse,
    pb.ReviseServiceOrderResponse,
    pb.RecordServiceConsentResponse,
    pb.DeclineServiceOrderResponse,
    pb.StartServiceOrderResponse,
    pb.CompleteServiceOrderResponse,
    pb.CancelServiceOrderResponse,
    description="The chargeable service after the change.",
)
class ServiceOrderPayload:
    order: ServiceOrder


_USAGE = result_of(AllowanceUsagePayload, "AllowanceUsageResult")
_ORDER = result_of(ServiceOrderPayload, "ServiceOrderResult")


def _items(items: list[ServiceItemInput]) -> list[service_order_pb2.ServiceItem]:
    return [packed(item, service_order_pb2.ServiceItem) for item in items]


@strawberry.type
class EntitlementMutation:
    @mutation(
        _USAGE,
        rpc="ReserveAllowance",
        description="Keeps back what covers a request. What nothing covers is stored as chargeable, not refused.",
    )
    async def reserve_allowance(
        self, info: Info, input: AllowanceReservationInput, request_id: RequestId = None
    ) -> pb.ReserveAllowanceResponse:
        request = packed(input, pb.ReserveAllowanceRequest, request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.ReserveAllowance, request)

    @mutation(_USAGE, rpc="ConsumeAllowance", description="Reserved to consumed, with what was really used.")
    async def consume_allowance(
        self,
        info: Info,
        id: strawberry.ID,
        actual_quantity: BigInt | None = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.ConsumeAllowanceResponse:
        request = pb.ConsumeAllowanceRequest(
            usage_id=id, actual_quantity=actual_quantity, etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.contracts.ConsumeAllowance, request)

    @mutation(_USAGE, rpc="ReleaseAllowance", description="Reserved to released: all is given back.")
    async def release_allowance(
        self, info: Info, id: strawberry.ID, reason: str, etag: ETag = None, request_id: RequestId = None
    ) -> pb.ReleaseAllowanceResponse:
        request = pb.ReleaseAllowanceRequest(
            usage_id=id, release_reason=reason, etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.contracts.ReleaseAllowance, request)

    @mutation(_USAGE, rpc="CorrectAllowance", description="Puts the quantity of what was consumed right.")
    async def correct_allowance(
        self,
        info: Info,
        id: strawberry.ID,
        actual_quantity: BigInt,
        reason: str,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.CorrectAllowanceResponse:
        request = pb.CorrectAllowanceRequest(
            usage_id=id, actual_quantity=actual_quantity, reason=reason, etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.contracts.CorrectAllowance, request)

    @mutation(
        _ORDER, rpc="CreateServiceOrder", description="Estimates a chargeable service from the price list of the day."
    )
    async def create_service_order(
        self, info: Info, input: ServiceOrderInput, request_id: RequestId = None
    ) -> pb.CreateServiceOrderResponse:
        request = packed(input, pb.CreateServiceOrderRequest, request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.CreateServiceOrder, request)

    @mutation(_ORDER, rpc="ReviseServiceOrder", description="Makes a new estimate, which needs a new consent.")
    async def revise_service_order(
        self,
        info: Info,
        id: strawberry.ID,
        items: list[ServiceItemInput],
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.ReviseServiceOrderResponse:
        request = pb.ReviseServiceOrderRequest(
            order_id=id, items=_items(items), etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.contracts.ReviseServiceOrder, request)

    @mutation(_ORDER, rpc="RecordServiceConsent", description="Records who consented to the estimate, when and how.")
    async def record_service_consent(
        self,
        info: Info,
        id: strawberry.ID,
        input: ServiceConsentInput,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.RecordServiceConsentResponse:
        request = packed(
            input, pb.RecordServiceConsentRequest, order_id=id, etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.contracts.RecordServiceConsent, request)

    @mutation(_ORDER, rpc="DeclineServiceOrder", description="The customer does not consent.")
    async def decline_service_order(
        self, info: Info, id: strawberry.ID, reason: str, etag: ETag = None, request_id: RequestId = None
    ) -> pb.DeclineServiceOrderResponse:
        request = pb.DeclineServiceOrderRequest(
            order_id=id, reason=reason, etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.contracts.DeclineServiceOrder, request)

    start_service_order = transition(
        _ORDER, pb.StartServiceOrderRequest, key="order_id", description="Work begins; it needs the customer's consent."
    )

    @mutation(_ORDER, rpc="CompleteServiceOrder", description="Work is done; the charge follows from what was done.")
    async def complete_service_order(
        self,
        info: Info,
        id: strawberry.ID,
        actuals: list[ServiceItemInput],
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.CompleteServiceOrderResponse:
        request = pb.CompleteServiceOrderRequest(
            order_id=id, actuals=_items(actuals), etag=etag or "", request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.contracts.CompleteServiceOrder, request)

    @mutation(_ORDER, rpc="CancelServiceOrder", description="Gives an order up before work began.")
    async def cancel_service_order(
        self, info: Info, id: strawberry.ID, reason: str, etag: ETag = None, request_id: RequestId = None
    ) -> pb.CancelServiceOrderResponse:
        request = pb.CancelServiceOrderRequest(order_id=id, reason=reason, etag=etag or "", request_id=request_id or "")
        return await info.context.call(info.context.clients.contracts.CancelServiceOrder, request)
