"""The methods about leads: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import sales_service_pb2 as pb
from services.chassis.checks import batch, page_size
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id
from services.contracts.ports.sales import Leads
from services.contracts.rpc.sales.asked import to_asked
from services.contracts.rpc.sales.lead_messages import (
    REASONS,
    lead_to_pb,
    to_deal,
    to_follow_up,
    to_lead_details,
    to_lead_filter,
)
from services.contracts.rpc.sales.opportunity_messages import opportunity_to_pb
from services.contracts.usecases.sales.asked import Calendar
from services.contracts.usecases.sales.move_lead import AssignLead, DisqualifyLead, FollowUpLead, ReopenLead
from services.contracts.usecases.sales.qualify_lead import QualifyLead
from services.contracts.usecases.sales.write_lead import WriteLead


@dataclass(frozen=True, kw_only=True)
class LeadMethods:
    """Reads go to the store, writes to the use cases."""

    leads: Leads
    calendar: Calendar
    write_lead: WriteLead
    assign_lead: AssignLead
    follow_up_lead: FollowUpLead
    qualify_lead: QualifyLead
    disqualify_lead: DisqualifyLead
    reopen_lead: ReopenLead

    def CreateLead(self, request: pb.CreateLeadRequest, context: grpc.ServicerContext) -> pb.CreateLeadResponse:
        lead = self.write_lead(to_lead_details(request), author=current_caller().subject, request_id=request.request_id)
        return pb.CreateLeadResponse(lead=lead_to_pb(lead))

    def GetLead(self, request: pb.GetLeadRequest, context: grpc.ServicerContext) -> pb.GetLeadResponse:
        lead = self.leads.get(check_id(request.lead_id, "led", field="lead_id"))
        return pb.GetLeadResponse(lead=lead_to_pb(lead))

    def BatchGetLeads(
        self, request: pb.BatchGetLeadsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetLeadsResponse:
        found = self.leads.batch_get(batch(request.lead_ids, "lead_ids", prefix="led"))
        return pb.BatchGetLeadsResponse(leads=map(lead_to_pb, found))

    def ListLeads(self, request: pb.ListLeadsRequest, context: grpc.ServicerContext) -> pb.ListLeadsResponse:
        page = self.leads.page(
            to_lead_filter(request.filter, self.calendar.today()),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "led", field="page_token"),
        )
        return pb.ListLeadsResponse(leads=map(lead_to_pb, page.items), next_page_token=page.next_token)

    def AssignLead(self, request: pb.AssignLeadRequest, context: grpc.ServicerContext) -> pb.AssignLeadResponse:
        lead = self.assign_lead(to_asked(request.lead_id, request), owner_id=request.owner_id)
        return pb.AssignLeadResponse(lead=lead_to_pb(lead))

    def FollowUpLead(self, request: pb.FollowUpLeadRequest, context: grpc.ServicerContext) -> pb.FollowUpLeadResponse:
        lead = self.follow_up_lead(
            to_asked(request.lead_id, request), to_follow_up(request), author=current_caller().subject
        )
        return pb.FollowUpLeadResponse(lead=lead_to_pb(lead))

    def QualifyLead(self, request: pb.QualifyLeadRequest, context: grpc.ServicerContext) -> pb.QualifyLeadResponse:
        lead, opportunity = self.qualify_lead(
            to_asked(request.lead_id, request), to_deal(request), author=current_caller().subject
        )
        return pb.QualifyLeadResponse(lead=lead_to_pb(lead), opportunity=opportunity_to_pb(opportunity))

    def DisqualifyLead(
        self, request: pb.DisqualifyLeadRequest, context: grpc.ServicerContext
    ) -> pb.DisqualifyLeadResponse:
        lead = self.disqualify_lead(
            to_asked(request.lead_id, request), reason=REASONS.member(request.reason, "reason"), note=request.note
        )
        return pb.DisqualifyLeadResponse(lead=lead_to_pb(lead))

    def ReopenLead(self, request: pb.ReopenLeadRequest, context: grpc.ServicerContext) -> pb.ReopenLeadResponse:
        lead = self.reopen_lead(to_asked(request.lead_id, request))
        return pb.ReopenLeadResponse(lead=lead_to_pb(lead))
