"""Builds the room of leads, opportunities, quotes and orders."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from services.chassis.clock import SystemClock
from services.contracts.config import Settings
from services.contracts.usecases.sales import move_lead, move_opportunity
from services.contracts.usecases.sales.asked import Calendar
from services.contracts.usecases.sales.open_opportunity import OpenOpportunity
from services.contracts.usecases.sales.qualify_lead import QualifyLead
from services.contracts.usecases.sales.write_lead import WriteLead

if TYPE_CHECKING:
    from services.contracts.app.rooms import RpcRoom
    from services.contracts.jobs import Job
    from services.contracts.rpc.sales.servicer import SalesServicer

OUTBOXES: Sequence[str] = ("quotes", "orders")


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.contracts.store.sales.leads import LeadDocument
    from services.contracts.store.sales.opportunities import OpportunityDocument

    return (LeadDocument, OpportunityDocument)


def open_opportunity() -> OpenOpportunity:
    """Return what opens an opportunity, for rooms that know of one."""
    from services.contracts.store.customers import MongoCustomers
    from services.contracts.store.sales.opportunities import MongoOpportunities

    clock = SystemClock()
    return OpenOpportunity(MongoOpportunities(clock), MongoCustomers(clock), clock)


def build_servicer(settings: Settings) -> "SalesServicer":
    """Wire the methods to the use cases and stores."""
    from services.contracts.rpc.sales.servicer import SalesServicer

    return SalesServicer(
        calendar=Calendar(SystemClock(), settings.company_time_zone), **_of_leads(), **_of_opportunities()
    )


def _of_leads() -> dict[str, Any]:
    from services.contracts.store.customers import MongoCustomers
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


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.contracts.v1.sales_service_pb2_grpc import add_SalesServiceServicer_to_server
    from services.contracts.app.rooms import RpcRoom
    from services.contracts.rpc.sales.access import ACCESS
    from services.contracts.rpc.sales.servicer import FULL_NAME

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_SalesServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
