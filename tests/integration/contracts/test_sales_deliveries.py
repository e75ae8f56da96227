from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import order_pb2, quote_pb2
from membercare.contracts.v1 import sales_service_pb2 as pb
from membercare.contracts.v1.catalog_service_pb2_grpc import CatalogServiceStub
from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.catalog_builders import a_product
from tests.integration.contracts.sales_builders import (
    a_quote,
    an_opportunity,
    an_order,
    as_sales,
    content,
    customer_of,
    quote_line,
    yuan,
)

NO_PRODUCT = "prd_00000000000000000000000000"


@pytest.fixture
def sales(calling: Calling) -> SalesServiceStub:
    return as_sales(calling)


@pytest.fixture
def product_id(calling: Calling) -> str:
    return a_product(calling.as_role(CatalogServiceStub, "admin")).id


def pumps(product_id: str, quantity: int = 2) -> quote_pb2.QuoteLine:
    return quote_line(
        description="Pump", product_id=product_id, quantity=quantity, unit_price=yuan(640_000), term=None, period=None
    )


def on_its_way(calling: Calling, product_id: str, *, quantity: int = 2) -> order_pb2.Order:
    sales, order = as_sales(calling), an_order(calling, pumps(product_id, quantity))
    sales.StartOrderProduction(pb.StartOrderProductionRequest(order_id=order.id))
    return sales.ShipOrder(pb.ShipOrderRequest(order_id=order.id)).order


def delivery(order: order_pb2.Order, *serials: str, **fields: Any) -> pb.DeliverOrderRequest:
    line = pb.DeliveredSerials(line_id=order.lines[0].id, serials=serials, free_maintenance_months=24)
    return pb.DeliverOrderRequest(order_id=order.id, serials=[line], **fields)


def test_what_is_delivered_with_a_serial_number_is_an_asset_of_the_customer_with_its_warranty(
    calling: Calling, sales: SalesServiceStub, product_id: str, database: Database[dict[str, Any]]
) -> None:
    order = on_its_way(calling, product_id)
    request = delivery(order, "SN-1", "SN-2", request_id="d-1")
    there = sales.DeliverOrder(request).order
    assert sales.DeliverOrder(request).order == there
    assets = list(database["assets"].find().sort("serial", 1))
    assert [(asset["serial"], asset["product_id"], asset["customer_id"]) for asset in assets] == [
        ("SN-1", product_id, order.customer_id),
        ("SN-2", product_id, order.customer_id),
    ]
    day = there.milestones[3].actual_date
    assert {(asset["delivery_date"], asset["free_maintenance_months"]) for asset in assets} == {(day, 24)}
    assert all(asset["warranty_end"] > day for asset in assets)
    assert [[event["type"] for event in asset["outbox"]] for asset in assets] == [["asset_delivered"]] * 2


def test_a_serial_number_that_an_asset_has_already_refuses_the_whole_delivery(
    calling: Calling, sales: SalesServiceStub, product_id: str, database: Database[dict[str, Any]]
) -> None:
    sales.DeliverOrder(delivery(on_its_way(calling, product_id), "SN-1", "SN-3"))
    order = on_its_way(calling, product_id)
    refusal = refused(sales.DeliverOrder, delivery(order, "SN-2", "sn-1"))
    assert (refusal.kind, refusal.reason, refusal.metadata["serial"]) == (
        Kind.ALREADY_EXISTS,
        "ASSET_SERIAL_TAKEN",
        "SN-1",
    )
    assert sales.GetOrder(pb.GetOrderRequest(order_id=order.id)).order == order
    assert database["assets"].count_documents({}) == 2


def test_three_pieces_with_one_serial_number_are_refused_and_make_no_asset_but_with_none_they_are_delivered(
    calling: Calling, sales: SalesServiceStub, product_id: str, database: Database[dict[str, Any]]
) -> None:
    order = on_its_way(calling, product_id, quantity=3)
    for serials in (["SN-1"], ["SN-1", "SN-2"], ["SN-1", "SN-2", "SN-3", "SN-4"]):
        refusal = refused(sales.DeliverOrder, delivery(order, *serials))
        assert (refusal.kind, refusal.reason, refusal.field) == (
            Kind.INVALID,
            "SERIALS_DIFFER_FROM_QUANTITY",
            "serials.serials",
        )
        told = {"line_id": order.lines[0].id, "quantity": "3", "serials": str(len(serials))}
        assert {name: refusal.metadata[name] for name in told} == told
    assert sales.GetOrder(pb.GetOrderRequest(order_id=order.id)).order == order
    there = sales.DeliverOrder(pb.DeliverOrderRequest(order_id=order.id)).order
    assert (there.milestone, list(there.lines[0].serials)) == (order_pb2.ORDER_MILESTONE_DELIVERED, [])
    assert database["assets"].count_documents({}) == 0


def test_months_that_no_warranty_has_refuse_the_delivery(
    calling: Calling, sales: SalesServiceStub, product_id: str, database: Database[dict[str, Any]]
) -> None:
    order = on_its_way(calling, product_id)
    line = pb.DeliveredSerials(line_id=order.lines[0].id, serials=["SN-1", "SN-2"], free_maintenance_months=601)
    refusal = refused(sales.DeliverOrder, pb.DeliverOrderRequest(order_id=order.id, serials=[line]))
    assert refusal.field == "free_maintenance_months"
    assert sales.GetOrder(pb.GetOrderRequest(order_id=order.id)).order == order
    assert database["assets"].count_documents({}) == 0


def test_a_quote_of_a_product_that_is_not_in_the_catalog_is_refused(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    deal = an_opportunity(sales, customer_of(calling)).id
    request = pb.CreateQuoteRequest(opportunity_id=deal, content=content(pumps(NO_PRODUCT)))
    assert refused(sales.CreateQuote, request).reason == "PRODUCT_NOT_FOUND"
    assert database["quotes"].count_documents({}) == 0
    quote = a_quote(sales, deal)
    revision = pb.ReviseQuoteRequest(quote_id=quote.id, content=content(pumps(NO_PRODUCT)))
    assert refused(sales.ReviseQuote, revision).reason == "PRODUCT_NOT_FOUND"
    assert sales.GetQuote(pb.GetQuoteRequest(quote_id=quote.id)).quote == quote
