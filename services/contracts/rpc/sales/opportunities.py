"""The methods about opportunities: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.contracts.v1 import sales_service_pb2 as pb
from services.chassis.checks import batch, page_size
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id
from services.contracts.ports.sales import Opportunities
from services.contracts.rpc.sales.asked import to_asked
from services.contracts.rpc.sales.lead_messages import to_follow_up
from services.contracts.rpc.sales.opportunity_messages import (
    LOSS_REASONS,
    WIN_REASONS,
    opportunity_to_pb,
    to_correction,
    to_details,
    to_filter,
)
from services.contracts.usecases.sales.asked import Calendar
from services.contracts.usecases.sales.move_opportunity import (
    FollowUpOpportunity,
    LoseOpportunity,
    NegotiateOpportunity,
    ProposeOpportunity,
    ReopenOpportunity,
    UpdateOpportunity,
    WinOpportunity,
)
from services.contracts.usecases.sales.open_opportunity import OpenOpportunity

MOST_PER_OWNER = 100


@dataclass(frozen=True, kw_only=True)
class OpportunityMethods:
    """Reads go to the store, writes to the use cases."""

    opportunities: Opportunities
    calendar: Calendar
    open_opportunity: OpenOpportunity
    update_opportunity: UpdateOpportunity
    follow_up_opportunity: FollowUpOpportunity
    propose_opportunity: ProposeOpportunity
    negotiate_opportunity: NegotiateOpportunity
    win_opportunity: WinOpportunity
    lose_opportunity: LoseOpportunity
    reopen_opportunity: ReopenOpportunity

    def CreateOpportunity(
        self, request: pb.CreateOpportunityRequest, context: grpc.ServicerContext
    ) -> pb.CreateOpportunityResponse:
        opportunity = self.open_opportunity(
            to_details(request), author=current_caller().subject, request_id=request.request_id
        )
        return pb.CreateOpportunityResponse(opportunity=opportunity_to_pb(opportunity))

    def GetOpportunity(
        self, request: pb.GetOpportunityRequest, context: grpc.ServicerContext
    ) -> pb.GetOpportunityResponse:
        opportunity = self.opportunities.get(check_id(request.opportunity_id, "opp", field="opportunity_id"))
        return pb.GetOpportunityResponse(opportunity=opportunity_to_pb(opportunity))

    def BatchGetOpportunities(
        self, request: pb.BatchGetOpportunitiesRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetOpportunitiesResponse:
        found = self.opportunities.batch_get(batch(request.opportunity_ids, "opportunity_ids", prefix="opp"))
        return pb.BatchGetOpportunitiesResponse(opportunities=map(opportunity_to_pb, found))

    def ListOpportunities(
        self, request: pb.ListOpportunitiesRequest, context: grpc.ServicerContext
    ) -> pb.ListOpportunitiesResponse:
        page = self.opportunities.page(
            to_filter(request.filter, self.calendar.today()),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "opp", field="page_token"),
        )
        return pb.ListOpportunitiesResponse(
            opportunities=map(opportunity_to_pb, page.items), next_page_token=page.next_token
        )

    def BatchListOpportunitiesByCustomer(
        self, request: pb.BatchListOpportunitiesByCustomerRequest, context: grpc.ServicerContext
    ) -> pb.BatchListOpportunitiesByCustomerResponse:
        found = self.opportunities.of_customers(
            batch(request.customer_ids, "customer_ids", prefix="cus"),
            most=page_size(request.limit_per_customer, "limit_per_customer", most=MOST_PER_OWNER),
        )
        return pb.BatchListOpportunitiesByCustomerResponse(
            results=(
                pb.CustomerOpportunities(customer_id=key, opportunities=map(opportunity_to_pb, each))
                for key, each in found.items()
            )
        )

    def UpdateOpportunity(
        self, request: pb.UpdateOpportunityRequest, context: grpc.ServicerContext
    ) -> pb.UpdateOpportunityResponse:
        opportunity = self.update_opportunity(to_asked(request.opportunity_id, request), to_correction(request))
        return pb.UpdateOpportunityResponse(opportunity=opportunity_to_pb(opportunity))

    def FollowUpOpportunity(
        self, request: pb.FollowUpOpportunityRequest, context: grpc.ServicerContext
    ) -> pb.FollowUpOpportunityResponse:
        opportunity = self.follow_up_opportunity(
            to_asked(request.opportunity_id, request), to_follow_up(request), author=current_caller().subject
        )
        return pb.FollowUpOpportunityResponse(opportunity=opportunity_to_pb(opportunity))

    def ProposeOpportunity(
        self, request: pb.ProposeOpportunityRequest, context: grpc.ServicerContext
    ) -> pb.ProposeOpportunityResponse:
        opportunity = self.propose_opportunity(
            to_asked(request.opportunity_id, request), author=current_caller().subject
        )
        return pb.ProposeOpportunityResponse(opportunity=opportunity_to_pb(opportunity))

    def NegotiateOpportunity(
        self, request: pb.NegotiateOpportunityRequest, context: grpc.ServicerContext
    ) -> pb.NegotiateOpportunityResponse:
        opportunity = self.negotiate_opportunity(
            to_asked(request.opportunity_id, request), author=current_caller().subject
        )
        return pb.NegotiateOpportunityResponse(opportunity=opportunity_to_pb(opportunity))

    def WinOpportunity(
        self, request: pb.WinOpportunityRequest, context: grpc.ServicerContext
    ) -> pb.WinOpportunityResponse:
        opportunity = self.win_opportunity(
            to_asked(request.opportunity_id, request),
            reason=WIN_REASONS.member(request.reason, "reason"),
            note=request.note,
            author=current_caller().subject,
        )
        return pb.WinOpportunityResponse(opportunity=opportunity_to_pb(opportunity))

    def LoseOpportunity(
        self, request: pb.LoseOpportunityRequest, context: grpc.ServicerContext
    ) -> pb.LoseOpportunityResponse:
        opportunity = self.lose_opportunity(
            to_asked(request.opportunity_id, request),
            reason=LOSS_REASONS.member(request.reason, "reason"),
            note=request.note,
            author=current_caller().subject,
        )
        return pb.LoseOpportunityResponse(opportunity=opportunity_to_pb(opportunity))

    def ReopenOpportunity(
        self, request: pb.ReopenOpportunityRequest, context: grpc.ServicerContext
    ) -> pb.ReopenOpportunityResponse:
        opportunity = self.reopen_opportunity(
            to_asked(request.opportunity_id, request), author=current_caller().subject
        )
        return pb.ReopenOpportunityResponse(opportunity=opportunity_to_pb(opportunity))
