from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contract_pb2, order_pb2
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1 import sales_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import NO_CUSTOMER
from tests.integration.contracts.sales_builders import (
    a_sent_quote,
    an_accepted_quote,
    an_order,
    as_sales,
    customer_of,
    day,
    quote_line,
    yuan,
)

PLANNED, IN_PRODUCTION, SHIPPED, DELIVERED, ACCEPTED = 1, 2, 3, 4, 5
NO_ORDER = "ord_00000000000000000000000000"
PUMPS = quote_line(description="Pump", quantity=2, unit_price=yuan(640_000), term=None, period=None)


@pytest.fixture
def sales(calling: Calling) -> SalesServiceStub:
    return as_sales(calling)


def read(stub: SalesServiceStub, order_id: str) -> order_pb2.Order:
    return stub.GetOrder(pb.GetOrderRequest(order_id=order_id)).order


def said(database: Database[dict[str, Any]], order_id: str) -> list[dict[str, Any]]:
    found = database["orders"].find_one({"_id": order_id})
    return [] if found is None else list(found["outbox"])


def produced(stub: SalesServiceStub, order_id: str) -> order_pb2.Order:
    return stub.StartOrderProduction(pb.StartOrderProductionRequest(order_id=order_id)).order


def shipped(stub: SalesServiceStub, order_id: str) -> order_pb2.Order:
    produced(stub, order_id)
    return stub.ShipOrder(pb.ShipOrderRequest(order_id=order_id, carrier="SF", tracking_number="SF1")).order


def delivered(stub: SalesServiceStub, order_id: str) -> order_pb2.Order:
    shipped(stub, order_id)
    return stub.DeliverOrder(pb.DeliverOrderRequest(order_id=order_id)).order


def test_an_accepted_quote_has_one_order_however_many_ask(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    quote = an_accepted_quote(calling, PUMPS)
    request = pb.CreateOrderFromQuoteRequest(quote_id=quote.id)
    with ThreadPoolExecutor(20) as pool:
        outcomes = list(pool.map(lambda _: sales.CreateOrderFromQuote(request, timeout=30).order.id, range(20)))
    assert len(set(outcomes)) == database["orders"].count_documents({}) == 1
    order = read(sales, outcomes[0])
    assert (order.quote_id, order.customer_id, order.total) == (quote.id, quote.customer_id, yuan(1_280_000))
    assert (order.milestone, [each.milestone for each in order.milestones]) == (PLANNED, [1, 2, 3, 4, 5])
    found = sales.BatchGetOrdersByQuote(pb.BatchGetOrdersByQuoteRequest(quote_ids=[quote.id])).orders
    assert list(found) == [order]


def test_a_quote_that_nobody_signed_becomes_neither_an_order_nor_a_contract(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    quote = a_sent_quote(calling)
    for call, request in (
        (sales.CreateOrderFromQuote, pb.CreateOrderFromQuoteRequest(quote_id=quote.id)),
        (sales.CreateContractFromQuote, pb.CreateContractFromQuoteRequest(quote_id=quote.id)),
    ):
        refusal = refused(call, request)
        assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "QUOTE_NOT_ACCEPTED")
    assert database["orders"].count_documents({}) == database["contracts"].count_documents({}) == 0


def test_an_order_goes_from_milestone_to_milestone_and_says_how_late_it_was(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    order = an_order(calling, PUMPS, shipped=day(3), delivered=day(5), accepted=day(9))
    today = order.milestones[0].actual_date
    on_its_way = shipped(sales, order.id)
    assert (on_its_way.milestone, on_its_way.carrier, on_its_way.tracking_number) == (SHIPPED, "SF", "SF1")
    serials = [pb.DeliveredSerials(line_id=order.lines[0].id, serials=["SN-1", "SN-2"])]
    there = sales.DeliverOrder(pb.DeliverOrderRequest(order_id=order.id, serials=serials)).order
    assert list(there.lines[0].serials) == ["SN-1", "SN-2"]
    issue = order_pb2.AcceptanceIssue(line_id=order.lines[0].id, description="划痕")
    request = pb.AcceptOrderRequest(order_id=order.id, accepted_by="王芳", issues=[issue], request_id="a-1")
    done = sales.AcceptOrder(request).order
    assert (done.milestone, done.accepted_by, list(done.issues), done.cycle_days) == (ACCEPTED, "王芳", [issue], 0)
    late: dict[int, int] = {each.milestone: each.delay_days for each in done.milestones if each.HasField("delay_days")}
    assert set(late) == {PLANNED, SHIPPED, DELIVERED, ACCEPTED}
    assert late[DELIVERED] - late[SHIPPED] == -2
    assert sales.AcceptOrder(request).order == done
    events = said(database, order.id)
    assert [event["type"] for event in events] == ["order_shipped", "order_delivered", "order_accepted"]
    assert events[0]["data"]["expected_delivery_date"] == day(5)
    assert events[1]["data"]["lines"][0]["serials"] == ["SN-1", "SN-2"]
    assert events[2]["data"]["issues"] == [{"line_id": order.lines[0].id, "description": "划痕"}]
    assert events[2]["data"]["accepted_date"] == today


def test_a_milestone_out_of_order_is_refused_and_nothing_is_said(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    order = an_order(calling, PUMPS)
    for call, request in (
        (sales.ShipOrder, pb.ShipOrderRequest(order_id=order.id)),
        (sales.DeliverOrder, pb.DeliverOrderRequest(order_id=order.id)),
        (sales.AcceptOrder, pb.AcceptOrderRequest(order_id=order.id, accepted_by="W")),
    ):
        refusal = refused(call, request)
        assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "ORDER_TRANSITION_REFUSED")
    assert (read(sales, order.id), said(database, order.id)) == (order, [])


def plan(order_id: str, *days: tuple[int, str]) -> pb.PlanOrderRequest:
    planned = [pb.PlannedMilestone(milestone=milestone, date=on) for milestone, on in days]  # type: ignore[arg-type]
    return pb.PlanOrderRequest(order_id=order_id, plan=planned)


def test_a_plan_that_is_put_off_keeps_what_was_promised_first(calling: Calling, sales: SalesServiceStub) -> None:
    order = an_order(calling, PUMPS, shipped=day(3))
    moved = sales.PlanOrder(plan(order.id, (SHIPPED, day(8)))).order
    (ship,) = (each for each in moved.milestones if each.milestone == SHIPPED)
    assert (ship.first_planned_date, ship.planned_date, ship.HasField("delay_days")) == (day(3), day(8), False)


@pytest.mark.parametrize(
    ("days", "at_fault"),
    [
        ([], "plan"),
        ([(PLANNED, day(1))], "plan.milestone"),
        ([(0, day(1))], "plan.milestone"),
        ([(SHIPPED, day(1)), (SHIPPED, day(2))], "plan.milestone"),
        ([(SHIPPED, "soon")], "plan.date"),
        ([(SHIPPED, day(-3))], "plan"),
        ([(SHIPPED, day(5)), (DELIVERED, day(4))], "plan"),
    ],
)
def test_a_plan_against_the_order_of_milestones_is_refused(
    calling: Calling, sales: SalesServiceStub, days: list[tuple[int, str]], at_fault: str
) -> None:
    order = an_order(calling, PUMPS)
    assert refused(sales.PlanOrder, plan(order.id, *days)).field == at_fault
    assert read(sales, order.id) == order


def test_what_was_reached_is_not_planned_any_more(calling: Calling, sales: SalesServiceStub) -> None:
    order = an_order(calling, PUMPS)
    produced(sales, order.id)
    assert refused(sales.PlanOrder, plan(order.id, (IN_PRODUCTION, day(5)))).field == "plan"


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"actual_date": day(3)}, "actual_date"),
        ({"actual_date": day(-30)}, "actual_date"),
        ({"actual_date": "yesterday"}, "actual_date"),
        ({"carrier": "x" * 101}, "carrier"),
        ({"tracking_number": "x" * 101}, "tracking_number"),
        ({"etag": "9"}, "etag"),
    ],
)
def test_a_wrong_shipment_is_refused_and_says_nothing(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]], fields: dict[str, Any], at_fault: str
) -> None:
    order = produced(sales, an_order(calling, PUMPS).id)
    assert refused(sales.ShipOrder, pb.ShipOrderRequest(order_id=order.id, **fields)).field == at_fault
    assert (read(sales, order.id), said(database, order.id)) == (order, [])


@pytest.mark.parametrize(
    "serials",
    [
        [("lin_x", ["A"])],
        [("", ["A", "B", "C"])],
        [("", ["A", "A"])],
        [("", ["x" * 101])],
        [("", ["A"]), ("", ["B"])],
    ],
)
def test_serial_numbers_that_do_not_fit_the_order_are_refused(
    calling: Calling, sales: SalesServiceStub, serials: list[tuple[str, list[str]]]
) -> None:
    order = shipped(sales, an_order(calling, PUMPS).id)
    named = [pb.DeliveredSerials(line_id=line or order.lines[0].id, serials=numbers) for line, numbers in serials]
    refusal = refused(sales.DeliverOrder, pb.DeliverOrderRequest(order_id=order.id, serials=named))
    assert refusal.field.startswith("serials.")
    assert read(sales, order.id) == order


@pytest.mark.parametrize(
    ("fields", "at_fault"),
    [
        ({"accepted_by": ""}, "accepted_by"),
        ({"accepted_by": "x" * 201}, "accepted_by"),
        ({"issues": [{"description": ""}]}, "issues.description"),
        ({"issues": [{"description": "x" * 1001}]}, "issues.description"),
        ({"issues": [{"line_id": "lin_x", "description": "x"}]}, "issues.line_id"),
        ({"issues": [{"description": "x"}] * 51}, "issues"),
    ],
)
def test_a_wrong_acceptance_is_refused_and_opens_nothing(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]], fields: dict[str, Any], at_fault: str
) -> None:
    order = delivered(sales, an_order(calling, PUMPS).id)
    request = pb.AcceptOrderRequest(order_id=order.id, **{"accepted_by": "W", **fields})
    assert refused(sales.AcceptOrder, request).field == at_fault
    assert [event["type"] for event in said(database, order.id)] == ["order_shipped", "order_delivered"]


def test_every_filter_of_orders_selects_what_it_says(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    late, fine = an_order(calling, PUMPS, in_production=day(2)), an_order(calling, PUMPS, shipped=day(9))
    database["orders"].update_one({"_id": late.id}, {"$set": {"next_planned_date": day(-2)}})
    produced(sales, fine.id)

    def found(**wanted: Any) -> list[str]:
        orders = sales.ListOrders(pb.ListOrdersRequest(filter=pb.OrderFilter(**wanted))).orders
        return sorted(order.id for order in orders)

    assert found() == sorted([late.id, fine.id])
    assert found(late=True) == [late.id]
    assert found(milestone=IN_PRODUCTION) == [fine.id]
    assert found(customer_id=late.customer_id) == [late.id]
    request = pb.BatchListOrdersByCustomerRequest(customer_ids=[late.customer_id, NO_CUSTOMER])
    (result,) = sales.BatchListOrdersByCustomer(request).results
    assert [order.id for order in result.orders] == [late.id]
    assert refused(sales.GetOrder, pb.GetOrderRequest(order_id=NO_ORDER)).reason == "ORDER_NOT_FOUND"


def test_an_accepted_quote_becomes_one_draft_contract_of_the_caller_for_the_price_that_was_signed(
    calling: Calling, sales: SalesServiceStub, database: Database[dict[str, Any]]
) -> None:
    quote = an_accepted_quote(calling, quote_line(service_types=["repair"]), PUMPS, start_date=day(40))
    request = pb.CreateContractFromQuoteRequest(quote_id=quote.id)
    with ThreadPoolExecutor(10) as pool:
        made = list(pool.map(lambda _: sales.CreateContractFromQuote(request, timeout=30).contract, range(10)))
    assert len({each.id for each in made}) == database["contracts"].count_documents({}) == 1
    contract = made[0]
    assert (contract.state, contract.customer_id) == (contract_pb2.CONTRACT_STATE_DRAFT, quote.customer_id)
    assert (contract.title, contract.price, contract.start_date) == ("Care for ten pumps", yuan(120_000), day(40))
    reader = calling.as_role(ContractsServiceStub, "legal")
    assert reader.GetContract(contracts.GetContractRequest(contract_id=contract.id)).contract == contract
    assert contract.author == "sophie"


def test_goods_alone_become_no_contract(calling: Calling, sales: SalesServiceStub) -> None:
    quote = an_accepted_quote(calling, PUMPS)
    refusal = refused(sales.CreateContractFromQuote, pb.CreateContractFromQuoteRequest(quote_id=quote.id))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "QUOTE_HAS_NO_TERM")


@pytest.mark.parametrize(("quote_id", "reason"), [("", "INVALID_ID"), (NO_CUSTOMER, "INVALID_ID")])
def test_an_order_needs_a_quote(calling: Calling, sales: SalesServiceStub, quote_id: str, reason: str) -> None:
    customer_of(calling)
    request = pb.CreateOrderFromQuoteRequest(quote_id=quote_id)
    assert refused(sales.CreateOrderFromQuote, request).reason == reason
