"""Requests of the sales room that name only what matters to a test."""

from datetime import UTC, datetime, timedelta
from typing import Any

from membercare.contracts.v1 import contract_pb2, lead_pb2, opportunity_pb2, order_pb2, period_pb2, quote_pb2
from membercare.contracts.v1 import sales_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceStub
from tests.integration.calling import Calling
from tests.integration.contracts.builders import a_customer

NO_LEAD = "led_00000000000000000000000000"
NO_OPPORTUNITY = "opp_00000000000000000000000000"


def as_sales(calling: Calling, subject: str = "sophie") -> SalesServiceStub:
    return calling.as_subject(SalesServiceStub, subject, "sales")


def customer_of(calling: Calling, **fields: Any) -> str:
    """Return the id of a new customer."""
    return a_customer(calling.as_role(ContractsServiceStub, "sales"), **fields).id


def new_lead(**fields: Any) -> pb.CreateLeadRequest:
    details: dict[str, Any] = {"source": lead_pb2.LEAD_SOURCE_WEB, "contact": "Wang Fang, 138 0013 8000"}
    return pb.CreateLeadRequest(**details | fields)


def a_lead(stub: SalesServiceStub, **fields: Any) -> lead_pb2.Lead:
    return stub.CreateLead(new_lead(**fields)).lead


def yuan(fen: int) -> contract_pb2.Money:
    return contract_pb2.Money(currency_code="CNY", minor_units=fen)


def new_opportunity(customer_id: str, **fields: Any) -> pb.CreateOpportunityRequest:
    details: dict[str, Any] = {"kind": opportunity_pb2.OPPORTUNITY_KIND_NEW, "title": "Ten pumps"}
    return pb.CreateOpportunityRequest(customer_id=customer_id, **details | fields)


def an_opportunity(stub: SalesServiceStub, customer_id: str, **fields: Any) -> opportunity_pb2.Opportunity:
    return stub.CreateOpportunity(new_opportunity(customer_id, **fields)).opportunity


def day(shift: int) -> str:
    """Return the day so many days from now; two days off are safe in every time zone."""
    return (datetime.now(UTC) + timedelta(days=shift)).date().isoformat()


MONTH, YEAR = period_pb2.PERIOD_UNIT_MONTH, period_pb2.PERIOD_UNIT_YEAR


def period(count: int, unit: period_pb2.PeriodUnit.ValueType = MONTH) -> period_pb2.Period:
    return period_pb2.Period(unit=unit, count=count)


def quote_line(**fields: Any) -> quote_pb2.QuoteLine:
    """A year of care, 100.00 a month."""
    terms: dict[str, Any] = {
        "description": "Care",
        "quantity": 1,
        "unit_price": yuan(10_000),
        "term": period(12),
        "period": period(1),
    }
    return quote_pb2.QuoteLine(**terms | fields)


def content(*lines: quote_pb2.QuoteLine, **fields: Any) -> pb.QuoteContent:
    terms: dict[str, Any] = {"title": "Care for ten pumps", "start_date": day(40), "sign_by": day(30)}
    return pb.QuoteContent(lines=lines or [quote_line()], **terms | fields)


def a_quote(stub: SalesServiceStub, opportunity_id: str, *lines: quote_pb2.QuoteLine, **fields: Any) -> quote_pb2.Quote:
    request = pb.CreateQuoteRequest(opportunity_id=opportunity_id, content=content(*lines, **fields))
    return stub.CreateQuote(request).quote


def a_sent_quote(calling: Calling, *lines: quote_pb2.QuoteLine, **fields: Any) -> quote_pb2.Quote:
    """A quote of a new customer that only has to be signed."""
    sales, boss = as_sales(calling), calling.as_subject(SalesServiceStub, "anna", "approver")
    quote = a_quote(sales, an_opportunity(sales, customer_of(calling)).id, *lines, **fields)
    boss.ApproveQuote(pb.ApproveQuoteRequest(quote_id=quote.id))
    return sales.SendQuote(pb.SendQuoteRequest(quote_id=quote.id)).quote


def accept(quote_id: str, **fields: Any) -> pb.AcceptQuoteRequest:
    return pb.AcceptQuoteRequest(quote_id=quote_id, **{"accepted_by": "Wang Fang", **fields})


def an_accepted_quote(calling: Calling, *lines: quote_pb2.QuoteLine, **fields: Any) -> quote_pb2.Quote:
    quote = a_sent_quote(calling, *lines, **fields)
    return as_sales(calling).AcceptQuote(accept(quote.id)).quote


def an_order(calling: Calling, *lines: quote_pb2.QuoteLine, **plan: str) -> order_pb2.Order:
    """An order; a milestone's planned day is named as it is."""
    days = [
        pb.PlannedMilestone(milestone=order_pb2.OrderMilestone.Value(f"ORDER_MILESTONE_{name.upper()}"), date=planned)
        for name, planned in plan.items()
    ]
    quote = an_accepted_quote(calling, *lines)
    return as_sales(calling).CreateOrderFromQuote(pb.CreateOrderFromQuoteRequest(quote_id=quote.id, plan=days)).order
