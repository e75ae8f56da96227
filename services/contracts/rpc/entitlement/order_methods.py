"""The methods of EntitlementService on chargeable services: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import entitlement_service_pb2 as pb
from services.chassis.checks import batch, page_size
from services.chassis.identity import current_caller
from services.chassis.ids import optional_id
from services.contracts.ports.entitlement import ServiceOrders
from services.contracts.rpc.entitlement.order_messages import (
    order_to_pb,
    to_consent,
    to_items,
    to_new_service,
    to_order_filter,
)
from services.contracts.usecases.entitlement.order_service import (
    CreateServiceOrder,
    MoveServiceOrder,
    ServiceCommand,
)


@dataclass(frozen=True, kw_only=True)
class ServiceOrderMethods:
    """The half of the servicer that is about what customers pay for."""

    orders: ServiceOrders
    create_service_order: CreateServiceOrder
    move_service_order: MoveServiceOrder

    def CreateServiceOrder(
        self, request: pb.CreateServiceOrderRequest, context: grpc.ServicerContext
    ) -> pb.CreateServiceOrderResponse:
        order = self.create_service_order(
            to_new_service(request), by=current_caller().subject, request_id=request.request_id
        )
        return pb.CreateServiceOrderResponse(order=order_to_pb(order))

    def ReviseServiceOrder(
        self, request: pb.ReviseServiceOrderRequest, context: grpc.ServicerContext
    ) -> pb.ReviseServiceOrderResponse:
        order = self.move_service_order.revise(_command(request), to_items(request.items, "items"))
        return pb.ReviseServiceOrderResponse(order=order_to_pb(order))

    def RecordServiceConsent(
        self, request: pb.RecordServiceConsentRequest, context: grpc.ServicerContext
    ) -> pb.RecordServiceConsentResponse:
        order = self.move_service_order.consent(_command(request), to_consent(request))
        return pb.RecordServiceConsentResponse(order=order_to_pb(order))

    def DeclineServiceOrder(
        self, request: pb.DeclineServiceOrderRequest, context: grpc.ServicerContext
    ) -> pb.DeclineServiceOrderResponse:
        order = self.move_service_order.decline(_command(request), request.reason)
        return pb.DeclineServiceOrderResponse(order=order_to_pb(order))

    def StartServiceOrder(
        self, request: pb.StartServiceOrderRequest, context: grpc.ServicerContext
    ) -> pb.StartServiceOrderResponse:
        return pb.StartServiceOrderResponse(order=order_to_pb(self.move_service_order.start(_command(request))))

    def CompleteServiceOrder(
        self, request: pb.CompleteServiceOrderRequest, context: grpc.ServicerContext
    ) -> pb.CompleteServiceOrderResponse:
        order = self.move_service_order.complete(_command(request), to_items(request.actuals, "actuals"))
        return pb.CompleteServiceOrderResponse(order=order_to_pb(order))

    def CancelServiceOrder(
        self, request: pb.CancelServiceOrderRequest, context: grpc.ServicerContext
    ) -> pb.CancelServiceOrderResponse:
        order = self.move_service_order.cancel(_command(request), request.reason)
        return pb.CancelServiceOrderResponse(order=order_to_pb(order))

    def BatchGetServiceOrders(
        self, request: pb.BatchGetServiceOrdersRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetServiceOrdersResponse:
        found = self.orders.batch_get(batch(request.order_ids, "order_ids", prefix="svc"))
        return pb.BatchGetServiceOrdersResponse(orders=map(order_to_pb, found))

    def ListServiceOrders(
        self, request: pb.ListServiceOrdersRequest, context: grpc.ServicerContext
    ) -> pb.ListServiceOrdersResponse:
        page = self.orders.page(
            to_order_filter(request.filter),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "svc", field="page_token"),
        )
        return pb.ListServiceOrdersResponse(orders=map(order_to_pb, page.items), next_page_token=page.next_token)


def _command(
    request: pb.ReviseServiceOrderRequest
    | pb.RecordServiceConsentRequest
    | pb.DeclineServiceOrderRequest
    | pb.StartServiceOrderRequest
    | pb.CompleteServiceOrderRequest
    | pb.CancelServiceOrderRequest,
) -> ServiceCommand:
    return ServiceCommand(
        order_id=request.order_id, by=current_caller().subject, etag=request.etag, request_id=request.request_id
    )
