"""Leads as messages, and requests as what the domain understands."""

from datetime import date
from typing import Protocol

from membercare.contracts.v1 import customer_pb2, lead_pb2
from membercare.contracts.v1 import sales_service_pb2 as pb
from services.chassis.ids import optional_id
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp
from services.contracts.domain.customers.customer import CustomerDetails, CustomerKind
from services.contracts.domain.sales.follow_ups import FollowUpDetails
from services.contracts.domain.sales.lead import DisqualifyReason, Lead, LeadDetails, LeadSource, LeadState
from services.contracts.ports.sales import LeadFilter
from services.contracts.rpc.money import to_money
from services.contracts.rpc.sales.opportunity_messages import KINDS, day_to_pb, follow_up_to_pb, unset_or
from services.contracts.usecases.sales.qualify_lead import Deal

STATES = EnumTable(LeadState, lead_pb2.LeadState)
SOURCES = EnumTable(LeadSource, lead_pb2.LeadSource)
REASONS = EnumTable(DisqualifyReason, lead_pb2.DisqualifyReason)
CUSTOMER_KINDS = EnumTable(CustomerKind, customer_pb2.CustomerKind)


class FollowUpRequest(Protocol):
    """A request that writes into a log."""

    note: str
    next_action: str
    next_action_date: str


def lead_to_pb(lead: Lead) -> lead_pb2.Lead:
    return lead_pb2.Lead(
        id=lead.id,
        source=SOURCES.number(lead.source),
        contact=lead.contact,
        need=lead.need,
        owner_id=lead.owner_id,
        state=STATES.number(lead.state),
        follow_ups=map(follow_up_to_pb, lead.follow_ups),
        next_action=lead.next_action,
        next_action_date=day_to_pb(lead.next_action_date),
        customer_id=lead.customer_id,
        opportunity_id=lead.opportunity_id,
        disqualify_reason=unset_or(REASONS, lead.disqualify_reason),
        disqualify_note=lead.disqualify_note,
        author=lead.author,
        etag=str(lead.version),
        create_time=to_timestamp(lead.create_time),
        update_time=to_timestamp(lead.update_time),
    )


def to_lead_details(request: pb.CreateLeadRequest) -> LeadDetails:
    return LeadDetails(
        source=SOURCES.member(request.source, "source"),
        contact=request.contact,
        need=request.need,
        owner_id=request.owner_id,
        customer_id=request.customer_id,
    )


def to_follow_up(request: FollowUpRequest) -> FollowUpDetails:
    return FollowUpDetails(
        note=request.note, next_action=request.next_action, next_action_date=request.next_action_date
    )


def to_deal(request: pb.QualifyLeadRequest) -> Deal:
    return Deal(
        title=request.title,
        kind=KINDS.member(request.kind, "kind"),
        customer_id=request.customer_id,
        new_customer=_to_customer(request.new_customer) if request.HasField("new_customer") else None,
        amount=to_money(request.amount) if request.HasField("amount") else None,
        close_date=request.close_date,
    )


def to_lead_filter(asked: pb.LeadFilter, today: date) -> LeadFilter:
    return LeadFilter(
        state=STATES.member(asked.state, "filter.state"),
        source=SOURCES.member(asked.source, "filter.source"),
        owner_id=optional_id(asked.owner_id, "emp", field="filter.owner_id"),
        customer_id=optional_id(asked.customer_id, "cus", field="filter.customer_id"),
        action_before=today if asked.overdue else None,
    )


def _to_customer(asked: pb.NewCustomer) -> CustomerDetails:
    return CustomerDetails(
        kind=CUSTOMER_KINDS.member(asked.kind, "new_customer.kind"),
        name=asked.name,
        external_ref=asked.external_ref,
        tax_id=asked.tax_id,
    )
