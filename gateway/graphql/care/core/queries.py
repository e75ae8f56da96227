"""Root fields that read members, campaigns, touches and visits."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.care.core.enums import BirthdayCalendar, CampaignState, TouchState, VisitKind, VisitState
from gateway.graphql.care.core.types import Campaign, Member, MemberExplanation, Touch
from gateway.graphql.care.visits.types import Visit
from gateway.graphql.connections import DEFAULT_FIRST, After, Connection, First, Page
from gateway.graphql.edges import CAMPAIGNS, MEMBERS, TOUCHES, VISITS
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, listed, one, query
from gateway.graphql.scalars import Date
from membercare.care.v1 import care_service_pb2 as pb

NODES: Mapping[str, Loader] = {"mem": MEMBERS, "cmp": CAMPAIGNS, "tch": TOUCHES, "vis": VISITS}


@strawberry.input(description="What a listed member must match; absent fields match all.")
class MemberFilter:
    customer_id: strawberry.ID | None = None
    name_prefix: str | None = strawberry.field(default=None, description="The name begins so; letter case is ignored.")
    external_ref: str | None = None
    birthday_calendar: BirthdayCalendar | None = None
    tag: str | None = None
    owner_id: strawberry.ID | None = None
    household_id: strawberry.ID | None = None
    wecom_id: str | None = strawberry.field(default=None, description="External user id of WeCom.")
    wechat_id: str | None = strawberry.field(default=None, description="Openid.")
    email: str | None = strawberry.field(
        default=None, description="However it is written; only for roles that see addresses."
    )
    phone: str | None = strawberry.field(
        default=None, description="However it is written, also without a country code; only for roles that see numbers."
    )
    include_ended: bool | None = strawberry.field(default=None, description="Also who was merged or erased.")


@strawberry.input(description="What a listed campaign must match; absent fields match all.")
class CampaignFilter:
    state: CampaignState | None = None


@strawberry.input(description="What a listed touch must match; absent fields match all.")
class TouchFilter:
    campaign_id: strawberry.ID | None = None
    member_id: strawberry.ID | None = None
    state: TouchState | None = None
    reason: str | None = strawberry.field(
        default=None, description="A code such as `NO_EMAIL_CONSENT`; with a campaign or a member."
    )


@strawberry.input(description="What a listed visit must match; absent fields match all.")
class VisitFilter:
    state: VisitState | None = None
    owner_id: strawberry.ID | None = None
    customer_id: strawberry.ID | None = None
    due_through: Date | None = strawberry.field(default=None, description="Due on or before this day.")
    kind: VisitKind | None = None
    contract_id: strawberry.ID | None = None
    case_id: strawberry.ID | None = None
    plan_id: strawberry.ID | None = None


@strawberry.type
class CoreQuery:
    member = one(Member, MEMBERS, prefix="mem", description="One member; null if there is none.")

    campaign = one(Campaign, CAMPAIGNS, prefix="cmp", description="One campaign; null if there is none.")

    touch = one(Touch, TOUCHES, prefix="tch", description="One touch; null if there is none.")

    visit = one(Visit, VISITS, prefix="vis", description="One visit; null if there is none.")

    @query(Connection[Member], rpc="ListMembers", description="Members in the order of their registration.")
    async def members(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: MemberFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListMembersRequest, first=first, after=after, filter=filter)

    @query(Connection[Campaign], rpc="ListCampaigns", description="Campaigns in the order of their creation.")
    async def campaigns(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: CampaignFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListCampaignsRequest, first=first, after=after, filter=filter)

    @query(
        Connection[Touch],
        rpc="ListTouches",
        description="The ledger of touches, in the order of their ids; of a state alone, campaign by campaign.",
    )
    async def touches(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: TouchFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListTouchesRequest, first=first, after=after, filter=filter)

    @query(Connection[Visit], rpc="ListVisits", description="Return visits in the order of their planning.")
    async def visits(
        self, info: Info, first: First = DEFAULT_FIRST, after: After = None, filter: VisitFilter | None = None
    ) -> Page:
        return await listed(info.context, pb.ListVisitsRequest, first=first, after=after, filter=filter)

    @query(MemberExplanation, rpc="ExplainMember", description="Why a member is, or is not, greeted by a campaign.")
    async def explain_member(
        self, info: Info, campaign_id: strawberry.ID, member_id: strawberry.ID
    ) -> pb.ExplainMemberResponse:
        request = pb.ExplainMemberRequest(campaign_id=campaign_id, member_id=member_id)
        return await info.context.call(info.context.clients.care.ExplainMember, request)
