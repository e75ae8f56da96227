"""An order is called off until it is shipped, and not after."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import order_pb2
from membercare.contracts.v1 import sales_service_pb2 as pb
from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceStub
from services.chassis.errors import Kind
from services.contracts.store.figures.value_sources import MongoValueSources
from tests.integration.calling import Calling, refused
from tests.integration.contracts.sales_builders import an_order, as_sales, day, quote_line, yuan

PUMPS = quote_line(description="Pump", quantity=2, unit_price=yuan(640_000), term=None, period=None)
NO_ORDER = "ord_00000000000000000000000000"


@pytest.fixture
def sales(calling: Calling) -> SalesServiceStub:
    return as_sales(calling)


def read(sales: SalesServiceStub, order_id: str) -> order_pb2.Order:
    return sales.GetOrder(pb.GetOrderRequest(order_id=order_id)).order


def cancelling(order_id: str, **fields: Any) -> pb.CancelOrderRequest:
    return pb.CancelOrderRequest(order_id=order_id, **{"reason": "预算取消 No budget", **fields})


@pytest.mark.parametrize("produced", [False, True])
def test_an_order_that_is_not_shipped_is_cancelled_once_with_its_reason_and_goes_nowhere_from_there(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]], *, produced: bool
) -> None:
    order = an_order(calling, PUMPS, shipped=day(3))
    if produced:
        order = sales.StartOrderProduction(pb.StartOrderProductionRequest(order_id=order.id)).order
    request = cancelling(order.id, etag=order.etag, request_id="c-1")
    off = sales.CancelOrder(request).order
    assert (off.milestone, off.cancel_reason, off.cancelled_by) == (6, "预算取消 No budget", "sophie")
    assert off.HasField("cancel_time")
    assert list(off.milestones) == list(order.milestones)
    assert sales.CancelOrder(request).order == off == read(sales, order.id)
    for call, more in (
        (sales.CancelOrder, cancelling(order.id)),
        (sales.StartOrderProduction, pb.StartOrderProductionRequest(order_id=order.id)),
        (sales.ShipOrder, pb.ShipOrderRequest(order_id=order.id)),
        (sales.DeliverOrder, pb.DeliverOrderRequest(order_id=order.id)),
        (sales.AcceptOrder, pb.AcceptOrderRequest(order_id=order.id, accepted_by="W")),
    ):
        refusal = refused(call, more)
        assert (refusal.reason, refusal.metadata["state"]) == ("ORDER_TRANSITION_REFUSED", "cancelled")
    assert read(sales, order.id) == off
    (stored,) = database["orders"].find()
    assert stored["outbox"] == []


def test_an_order_that_is_on_its_way_is_not_cancelled(calling: Calling, sales: SalesServiceStub) -> None:
    order = an_order(calling, PUMPS)
    sales.StartOrderProduction(pb.StartOrderProductionRequest(order_id=order.id))
    shipped = sales.ShipOrder(pb.ShipOrderRequest(order_id=order.id)).order
    refusal = refused(sales.CancelOrder, cancelling(order.id))
    assert (refusal.kind, refusal.reason, refusal.metadata["verb"]) == (
        Kind.PRECONDITION,
        "ORDER_TRANSITION_REFUSED",
        "cancel",
    )
    assert read(sales, order.id) == shipped


def test_a_cancellation_without_a_reason_a_stale_one_and_one_by_somebody_else_change_nothing(
    calling: Calling, sales: SalesServiceStub
) -> None:
    order = an_order(calling, PUMPS)
    for fields in ({"reason": ""}, {"reason": "x" * 501}):
        refusal = refused(sales.CancelOrder, cancelling(order.id, **fields))
        assert (refusal.kind, refusal.field) == (Kind.INVALID, "reason")
    assert refused(sales.CancelOrder, cancelling(order.id, etag="7")).reason == "STALE_VERSION"
    assert refused(sales.CancelOrder, cancelling(NO_ORDER)).reason == "ORDER_NOT_FOUND"
    for role in ("agent", "technician", "auditor", "legal", "approver"):
        stub = calling.as_subject(SalesServiceStub, "somebody", role)
        assert refused(stub.CancelOrder, cancelling(order.id)).kind is Kind.FORBIDDEN
    assert read(sales, order.id) == order


def test_a_cancelled_order_is_found_as_such_is_never_late_and_counts_no_more_in_the_customers_value(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    order, other = an_order(calling, PUMPS, shipped=day(3)), an_order(calling, PUMPS)
    database["orders"].update_one({"_id": order.id}, {"$set": {"next_planned_date": day(-2)}})
    sales.CancelOrder(cancelling(order.id))

    def found(**wanted: Any) -> list[str]:
        asked = pb.ListOrdersRequest(filter=pb.OrderFilter(**wanted))
        return [each.id for each in sales.ListOrders(asked).orders]

    assert found(milestone=order_pb2.ORDER_MILESTONE_CANCELLED) == [order.id]
    assert found(late=True) == []
    facts = MongoValueSources("Asia/Shanghai").facts([order.customer_id, other.customer_id])
    counted = {key: len(each.purchases) for key, each in facts.items()}  # type: ignore[union-attr]  # none is unreadable
    assert counted == {order.customer_id: 0, other.customer_id: 1}
