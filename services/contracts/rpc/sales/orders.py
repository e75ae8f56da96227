"""The methods about orders: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import sales_service_pb2 as pb
from services.chassis.checks import batch, page_size
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id
from services.contracts.ports.quotes import Orders
from services.contracts.rpc.sales.asked import to_asked
from services.contracts.rpc.sales.opportunities import MOST_PER_OWNER
from services.contracts.rpc.sales.order_messages import order_to_pb, to_delivered, to_issues, to_order_filter
from services.contracts.rpc.sales.quote_messages import to_plan
from services.contracts.usecases.sales.asked import Calendar
from services.contracts.usecases.sales.move_order import (
    AcceptOrder,
    CancelOrder,
    DeliverOrder,
    Fact,
    PlanOrder,
    ShipOrder,
    StartOrderProduction,
)
from services.contracts.usecases.sales.order_from_quote import OrderFromQuote


@dataclass(frozen=True, kw_only=True)
class OrderMethods:
    """Reads go to the store, writes to the use cases."""

    orders: Orders
    calendar: Calendar
    order_from_quote: OrderFromQuote
    plan_order: PlanOrder
    start_order_production: StartOrderProduction
    ship_order: ShipOrder
    deliver_order: DeliverOrder
    accept_order: AcceptOrder
    cancel_order: CancelOrder

    def CreateOrderFromQuote(
        self, request: pb.CreateOrderFromQuoteRequest, context: grpc.ServicerContext
    ) -> pb.CreateOrderFromQuoteResponse:
        order = self.order_from_quote(request.quote_id, to_plan(request.plan), author=current_caller().subject)
        return pb.CreateOrderFromQuoteResponse(order=order_to_pb(order))

    def GetOrder(self, request: pb.GetOrderRequest, context: grpc.ServicerContext) -> pb.GetOrderResponse:
        order = self.orders.get(check_id(request.order_id, "ord", field="order_id"))
        return pb.GetOrderResponse(order=order_to_pb(order))

    def BatchGetOrders(
        self, request: pb.BatchGetOrdersRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetOrdersResponse:
        found = self.orders.batch_get(batch(request.order_ids, "order_ids", prefix="ord"))
        return pb.BatchGetOrdersResponse(orders=map(order_to_pb, found))

    def ListOrders(self, request: pb.ListOrdersRequest, context: grpc.ServicerContext) -> pb.ListOrdersResponse:
        page = self.orders.page(
            to_order_filter(request.filter, self.calendar.today()),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "ord", field="page_token"),
        )
        return pb.ListOrdersResponse(orders=map(order_to_pb, page.items), next_page_token=page.next_token)

    def BatchGetOrdersByQuote(
        self, request: pb.BatchGetOrdersByQuoteRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetOrdersByQuoteResponse:
        found = self.orders.of_quotes(batch(request.quote_ids, "quote_ids", prefix="quo"))
        return pb.BatchGetOrdersByQuoteResponse(orders=map(order_to_pb, found))

    def BatchListOrdersByCustomer(
        self, request: pb.BatchListOrdersByCustomerRequest, context: grpc.ServicerContext
    ) -> pb.BatchListOrdersByCustomerResponse:
        found = self.orders.of_customers(
            batch(request.customer_ids, "customer_ids", prefix="cus"),
            most=page_size(request.limit_per_customer, "limit_per_customer", most=MOST_PER_OWNER),
        )
        return pb.BatchListOrdersByCustomerResponse(
            results=(pb.CustomerOrders(customer_id=key, orders=map(order_to_pb, each)) for key, each in found.items())
        )

    def PlanOrder(self, request: pb.PlanOrderRequest, context: grpc.ServicerContext) -> pb.PlanOrderResponse:
        order = self.plan_order(to_asked(request.order_id, request), to_plan(request.plan))
        return pb.PlanOrderResponse(order=order_to_pb(order))

    def StartOrderProduction(
        self, request: pb.StartOrderProductionRequest, context: grpc.ServicerContext
    ) -> pb.StartOrderProductionResponse:
        order = self.start_order_production(
            to_asked(request.order_id, request),
            Fact(current_caller().subject, request.actual_date),
        )
        return pb.StartOrderProductionResponse(order=order_to_pb(order))

    def ShipOrder(self, request: pb.ShipOrderRequest, context: grpc.ServicerContext) -> pb.ShipOrderResponse:
        order = self.ship_order(
            to_asked(request.order_id, request),
            Fact(current_caller().subject, request.actual_date),
            carrier=request.carrier,
            tracking_number=request.tracking_number,
        )
        return pb.ShipOrderResponse(order=order_to_pb(order))

    def DeliverOrder(self, request: pb.DeliverOrderRequest, context: grpc.ServicerContext) -> pb.DeliverOrderResponse:
        order = self.deliver_order(
            to_asked(request.order_id, request),
            Fact(current_caller().subject, request.actual_date),
            delivered=to_delivered(request.serials),
        )
        return pb.DeliverOrderResponse(order=order_to_pb(order))

    def AcceptOrder(self, request: pb.AcceptOrderRequest, context: grpc.ServicerContext) -> pb.AcceptOrderResponse:
        order = self.accept_order(
            to_asked(request.order_id, request),
            Fact(current_caller().subject, request.actual_date),
            accepted_by=request.accepted_by,
            issues=to_issues(request.issues),
        )
        return pb.AcceptOrderResponse(order=order_to_pb(order))

    def CancelOrder(self, request: pb.CancelOrderRequest, context: grpc.ServicerContext) -> pb.CancelOrderResponse:
        order = self.cancel_order(
            to_asked(request.order_id, request), reason=request.reason, author=current_caller().subject
        )
        return pb.CancelOrderResponse(order=order_to_pb(order))
