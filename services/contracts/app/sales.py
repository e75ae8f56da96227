"""Builds the room of leads, opportunities, quotes and orders."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from services.chassis import logs
from services.chassis.clock import SystemClock
from services.contracts.config import Settings
from services.contracts.usecases.sales import move_lead, move_opportunity, move_order, move_quote
from services.contracts.usecases.sales.asked import Calendar
from services.contracts.usecases.sales.contract_from_quote import ContractFromQuote
from services.contracts.usecases.sales.open_opportunity import OpenOpportunity
from services.contracts.usecases.sales.order_from_quote import OrderFromQuote
from services.contracts.usecases.sales.qualify_lead import QualifyLead
from services.contracts.usecases.sales.write_lead import WriteLead
from services.contracts.usecases.sales.write_quote import ReviseQuote, WriteQuote

if TYPE_CHECKING:
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job
    from services.contracts.rpc.sales.servicer import SalesServicer

_log = logs.get("contracts.sales")
_EXPIRE_SECONDS = 300.0

OUTBOXES: Sequence[str] = ("quotes", "orders")


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.contracts.store.sales.leads import LeadDocument
    from services.contracts.store.sales.opportunities import OpportunityDocument
    from services.contracts.store.sales.orders import OrderDocument
    from services.contracts.store.sales.quotes import QuoteDocument

    return (LeadDocument, OpportunityDocument, QuoteDocument, OrderDocument)


def open_opportunity() -> OpenOpportunity:
    """Return what opens an opportunity, for rooms that know of one."""
    from services.contracts.store.customers.customers import MongoCustomers
    from services.contracts.store.sales.opportunities import MongoOpportunities

    clock = SystemClock()
    return OpenOpportunity(MongoOpportunities(clock), MongoCustomers(clock), clock)


def build_servicer(settings: Settings) -> "SalesServicer":
    """Wire the methods to the use cases and stores."""
    from services.contracts.rpc.sales.servicer import SalesServicer

    calendar = Calendar(SystemClock(), settings.company_time_zone)
    return SalesServicer(
        calendar=calendar, **_of_leads(), **_of_opportunities(), **_of_quotes(calendar), **_of_orders(calendar)
    )


def _of_leads() -> dict[str, Any]:
    from services.contracts.store.customers.customers import MongoCustomers
    from services.contracts.store.sales.leads import MongoLeads

    clock = SystemClock()
    leads, customers = MongoLeads(clock), MongoCustomers(clock)
    return {
        "leads": leads,
        "write_lead": WriteLead(leads, customers, clock),
        "assign_lead": move_lead.AssignLead(leads, clock),
        "follow_up_lead": move_lead.FollowUpLead(leads, clock),
        "qualify_lead": QualifyLead(leads, customers, clock),
        "disqualify_lead": move_lead.DisqualifyLead(leads, clock),
        "reopen_lead": move_lead.ReopenLead(leads, clock),
    }


def _of_opportunities() -> dict[str, Any]:
    from services.contracts.store.sales.opportunities import MongoOpportunities

    clock = SystemClock()
    opportunities = MongoOpportunities(clock)
    return {
        "opportunities": opportunities,
        "open_opportunity": open_opportunity(),
        "update_opportunity": move_opportunity.UpdateOpportunity(opportunities, clock),
        "follow_up_opportunity": move_opportunity.FollowUpOpportunity(opportunities, clock),
        "propose_opportunity": move_opportunity.ProposeOpportunity(opportunities, clock),
        "negotiate_opportunity": move_opportunity.NegotiateOpportunity(opportunities, clock),
        "win_opportunity": move_opportunity.WinOpportunity(opportunities, clock),
        "lose_opportunity": move_opportunity.LoseOpportunity(opportunities, clock),
        "reopen_opportunity": move_opportunity.ReopenOpportunity(opportunities, clock),
    }


def _of_quotes(calendar: Calendar) -> dict[str, Any]:
    from services.contracts.app.catalog import refuse_strangers
    from services.contracts.app.paperwork import carry_clauses
    from services.contracts.store.customers.customers import MongoCustomers
    from services.contracts.store.life_cycle.contracts import MongoContracts
    from services.contracts.store.sales.opportunities import MongoOpportunities
    from services.contracts.store.sales.quotes import MongoQuotes

    clock = SystemClock()
    quotes, opportunities, strangers = MongoQuotes(clock), MongoOpportunities(clock), refuse_strangers()
    return {
        "quotes": quotes,
        "write_quote": WriteQuote(quotes, opportunities, strangers, calendar),
        "revise_quote": ReviseQuote(quotes, strangers, calendar),
        "approve_quote": move_quote.ApproveQuote(quotes, calendar),
        "send_quote": move_quote.SendQuote(quotes, calendar),
        "accept_quote": move_quote.AcceptQuote(quotes, calendar),
        "void_quote": move_quote.VoidQuote(quotes, calendar),
        "contract_from_quote": ContractFromQuote(
            MongoContracts(clock), quotes, opportunities, MongoCustomers(clock), carry_clauses(clock), calendar
        ),
    }


def _of_orders(calendar: Calendar) -> dict[str, Any]:
    from services.contracts.store.sales.orders import MongoOrders
    from services.contracts.store.sales.quotes import MongoQuotes

    clock = SystemClock()
    orders = MongoOrders(clock)
    return {
        "orders": orders,
        "order_from_quote": OrderFromQuote(orders, MongoQuotes(clock), calendar),
        "plan_order": move_order.PlanOrder(orders, calendar),
        "start_order_production": move_order.StartOrderProduction(orders, calendar),
        "ship_order": move_order.ShipOrder(orders, calendar),
        "deliver_order": move_order.DeliverOrder(orders, calendar),
        "accept_order": move_order.AcceptOrder(orders, calendar),
        "cancel_order": move_order.CancelOrder(orders, calendar),
    }


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.contracts.v1.sales_service_pb2_grpc import add_SalesServiceServicer_to_server
    from services.chassis.rooms import RpcRoom
    from services.contracts.rpc.sales.access import ACCESS
    from services.contracts.rpc.sales.servicer import FULL_NAME

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_SalesServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    from services.chassis.scheduled import Job, Lead
    from services.contracts.store.sales.quotes import MongoQuotes

    clock = SystemClock()
    expire = move_quote.ExpireQuotes(MongoQuotes(clock), Calendar(clock, settings.company_time_zone))

    def run(lead: Lead) -> int:
        return expire(lambda: lead.holds, _tell)

    return (Job(name="expire_quotes", every_seconds=_EXPIRE_SECONDS, run=run),)


def _tell(quote_id: str, error: Exception) -> None:
    _log.error("quote_not_expired", quote_id=quote_id, error=error)
