"""Root fields that read members, campaigns, touches and visits."""

import strawberry

from gateway.graphql.care.enums import BirthdayCalendar, CampaignState, TouchState, VisitState
from gateway.graphql.care.types import Campaign, Member, MemberExplanation, Touch, Visit
from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page, page_of
from gateway.graphql.edges import CAMPAIGNS, MEMBERS, TOUCHES, VISITS
from gateway.graphql.loaders import load_one
from gateway.graphql.roots import Info, query
from gateway.graphql.scalars import Date
from gateway.graphql.sources import filtered
from membercare.care.v1 import campaign_pb2, member_pb2, touch_pb2, visit_pb2
from membercare.care.v1 import care_service_pb2 as pb
from services.chassis.ids import check_id


@strawberry.input(description="What a listed member must match; absent fields match all.")
class MemberFilter:
    customer_id: strawberry.ID | None = None
    name_prefix: str | None = strawberry.field(default=None, description="The name begins so; letter case is ignored.")
    external_ref: str | None = None
    birthday_calendar: BirthdayCalendar | None = None


@strawberry.input(description="What a listed campaign must match; absent fields match all.")
class CampaignFilter:
    state: CampaignState | None = None


@strawberry.input(description="What a listed touch must match; absent fields match all.")
class TouchFilter:
    campaign_id: strawberry.ID | None = None
    member_id: strawberry.ID | None = None
    state: TouchState | None = None


@strawberry.input(description="What a listed visit must match; absent fields match all.")
class VisitFilter:
    state: VisitState | None = None
    owner_id: strawberry.ID | None = None
    customer_id: strawberry.ID | None = None
    due_through: Date | None = strawberry.field(default=None, description="Due on or before this day.")


@strawberry.type
class CareQuery:
    @query(Member, rpc="BatchGetMembers", description="One member; null if there is none.")
    async def member(self, info: Info, id: strawberry.ID) -> member_pb2.Member | None:
        found: member_pb2.Member | None = await load_one(info.context, MEMBERS, check_id(id, "mem", "id"))
        return found

    @query(Campaign, rpc="BatchGetCampaigns", description="One campaign; null if there is none.")
    async def campaign(self, info: Info, id: strawberry.ID) -> campaign_pb2.Campaign | None:
        found: campaign_pb2.Campaign | None = await load_one(info.context, CAMPAIGNS, check_id(id, "cmp", "id"))
        return found

    @query(Touch, rpc="BatchGetTouches", description="One touch; null if there is none.")
    async def touch(self, info: Info, id: strawberry.ID) -> touch_pb2.Touch | None:
        found: touch_pb2.Touch | None = await load_one(info.context, TOUCHES, check_id(id, "tch", "id"))
        return found

    @query(Visit, rpc="BatchGetVisits", description="One visit; null if there is none.")
    async def visit(self, info: Info, id: strawberry.ID) -> visit_pb2.Visit | None:
        found: visit_pb2.Visit | None = await load_one(info.context, VISITS, check_id(id, "vis", "id"))
        return found

    @query(Connection[Member], rpc="ListMembers", description="Members in the order of their registration.")
    async def members(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: MemberFilter | None = None
    ) -> Page:
        request = pb.ListMembersRequest(filter=filtered(filter, pb.MemberFilter), page_size=first, page_token=after)
        reply = await info.context.call(info.context.clients.care.ListMembers, request)
        return page_of(reply.members, reply.next_page_token, after)

    @query(Connection[Campaign], rpc="ListCampaigns", description="Campaigns in the order of their creation.")
    async def campaigns(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: CampaignFilter | None = None
    ) -> Page:
        request = pb.ListCampaignsRequest(filter=filtered(filter, pb.CampaignFilter), page_size=first, page_token=after)
        reply = await info.context.call(info.context.clients.care.ListCampaigns, request)
        return page_of(reply.campaigns, reply.next_page_token, after)

    @query(Connection[Touch], rpc="ListTouches", description="The ledger of touches, in the order of their ids.")
    async def touches(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: TouchFilter | None = None
    ) -> Page:
        request = pb.ListTouchesRequest(filter=filtered(filter, pb.TouchFilter), page_size=first, page_token=after)
        reply = await info.context.call(info.context.clients.care.ListTouches, request)
        return page_of(reply.touches, reply.next_page_token, after)

    @query(Connection[Visit], rpc="ListVisits", description="Return visits in the order of their planning.")
    async def visits(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: VisitFilter | None = None
    ) -> Page:
        request = pb.ListVisitsRequest(filter=filtered(filter, pb.VisitFilter), page_size=first, page_token=after)
        reply = await info.context.call(info.context.clients.care.ListVisits, request)
        return page_of(reply.visits, reply.next_page_token, after)

    @query(MemberExplanation, rpc="ExplainMember", description="Why a member is, or is not, greeted by a campaign.")
    async def explain_member(
        self, info: Info, campaign_id: strawberry.ID, member_id: strawberry.ID
    ) -> pb.ExplainMemberResponse:
        request = pb.ExplainMemberRequest(campaign_id=campaign_id, member_id=member_id)
        return await info.context.call(info.context.clients.care.ExplainMember, request)
