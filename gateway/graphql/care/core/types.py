"""Members, campaigns, touches and visits as types of the schema."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.care.campaigns.plan import CampaignPlan, CampaignRevision
from gateway.graphql.care.campaigns.types import CampaignHistory
from gateway.graphql.care.core.enums import (
    BirthdayCalendar,
    CampaignState,
    Channel,
    ConsentSource,
    Gender,
    Language,
    Purpose,
    TimelineKind,
    TouchState,
)
from gateway.graphql.care.loyalty.loaders import POINTS_ACCOUNTS, POINTS_ENTRIES
from gateway.graphql.care.visits.types import Visit
from gateway.graphql.connections import Connection
from gateway.graphql.edges import (
    CAMPAIGN_HISTORIES,
    CAMPAIGN_PROGRESS,
    CAMPAIGNS,
    CASES_BY_MEMBER,
    CONTRACTS_BY_CUSTOMER,
    CUSTOMERS,
    EMPLOYEES,
    FIRST,
    MEMBERS,
    PAGE,
    TIMELINE_OF_MEMBER,
    TOUCHES,
    TOUCHES_BY_MEMBER,
    TOUCHES_OF_CAMPAIGN,
    TOUCHES_PAGE,
    VISITS,
    VISITS_BY_MEMBER,
)
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import Date, DateTime
from gateway.graphql.sources import computed, message
from membercare.care.v1 import campaign_pb2, member_pb2, touch_pb2
from membercare.care.v1 import care_service_pb2 as service_pb2
from membercare.care.v1 import members_service_pb2 as members_pb2

if TYPE_CHECKING:
    from gateway.graphql.care.loyalty.types import PointsAccount, PointsEntry
    from gateway.graphql.contracts.life_cycle.types import Contract, Customer
    from gateway.graphql.feedback.types import Case
    from gateway.graphql.kpi.types import Employee

CustomerRef = Annotated["Customer", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")]
ContractRef = Annotated["Contract", strawberry.lazy("gateway.graphql.contracts.life_cycle.types")]
PointsAccountRef = Annotated["PointsAccount", strawberry.lazy("gateway.graphql.care.loyalty.types")]
PointsEntryRef = Annotated["PointsEntry", strawberry.lazy("gateway.graphql.care.loyalty.types")]
CaseRef = Annotated["Case", strawberry.lazy("gateway.graphql.feedback.types")]
EmployeeRef = Annotated["Employee", strawberry.lazy("gateway.graphql.kpi.types")]

_ETAG = "The version: send it back to refuse a lost update."


@message(member_pb2.Birthday, description="A birthday; the year may be unknown.")
class Birthday:
    calendar: BirthdayCalendar = strawberry.field(description="The calendar that month and day belong to.")
    month: int
    day: int
    leap_month: bool = strawberry.field(description="Lunar only: born in the leap month of that number.")
    year: int | None = strawberry.field(description="Year of birth, for a lunar birthday the lunar year.")


@message(member_pb2.Consent, description="One word on one channel and purpose. Service messages need no consent.")
class Consent:
    id: strawberry.ID
    channel: Channel
    purpose: Purpose
    granted: bool = strawberry.field(description="True: agreed; false: withdrawn, or pending.")
    time: DateTime = strawberry.field(description="When the word was given.")
    source: ConsentSource
    proof: str | None = strawberry.field(description="What proves it; null for callers who see members masked.")
    recorded_time: DateTime
    recorded_by: str | None = strawberry.field(description="Subject of the employee who recorded it.")
    member_id: strawberry.ID = strawberry.field(description="Of whom; after a merge perhaps of the doublet.")
    touch_id: strawberry.ID | None = strawberry.field(description="The message whose link was used.")
    pending: bool = strawberry.field(description="Not granted until the person confirms it by the link in a message.")
    asked_touch_id: strawberry.ID | None = strawberry.field(description="The message that asks to confirm it.")
    confirm_by_time: DateTime | None = strawberry.field(description="Until when the person can confirm it.")


@message(member_pb2.MemberAttribute, description="An own field of the company; one of the three holds the value.")
class MemberAttribute:
    name: str
    text: str | None = strawberry.field(description="A text, or a civil date as `YYYY-MM-DD`.")
    number: float | None
    flag: bool | None


@message(member_pb2.Suppression, description="A channel on which the person is not reached any more.")
class Suppression:
    channel: Channel
    reason: str = strawberry.field(description="For example `bounced`.")


@message(
    member_pb2.Member,
    description="One person we care for. Callers without the right see masked names and addresses.",
)
class Member(Node):
    external_ref: str | None = strawberry.field(description="Key of this member in the company's own system.")
    customer_id: strawberry.ID | None
    name: str
    gender: Gender | None = strawberry.field(description="How the person wants to be addressed.")
    language: Language | None = strawberry.field(description="The language we write in.")
    time_zone: str | None = strawberry.field(description="IANA name; null: unknown, and nothing is sent.")
    birthday: Birthday | None
    email: str | None
    phone: str | None = strawberry.field(description="E.164.")
    email_consent: bool = strawberry.field(description="May we send greetings by e-mail?")
    do_not_contact: bool = strawberry.field(description="Contact the person through no channel at all.")
    tags: list[str]
    attributes: list[MemberAttribute] = strawberry.field(
        description="The company's own fields; empty for callers who see members masked."
    )
    household_id: strawberry.ID | None = strawberry.field(description="Those who share a household have the same.")
    owner_id: strawberry.ID | None
    wecom_id: str | None = strawberry.field(description="External user id of WeCom.")
    wechat_id: str | None = strawberry.field(description="Openid of the company's WeChat account.")
    preferred_channel: Channel | None = strawberry.field(description="The way the person wants to hear from us.")
    cheerless_until: Date | None = strawberry.field(description="No cheerful message up to and including this day.")
    consents: list[Consent] = strawberry.field(description="The newest word for each channel and purpose.")
    suppressed: list[Suppression] = strawberry.field(description="Channels that bounced or were complained about.")
    complaint_ids: list[strawberry.ID] = strawberry.field(description="Complaints of the person that are open.")
    merged_into_id: strawberry.ID | None = strawberry.field(description="The member that this one was merged into.")
    merged_ids: list[strawberry.ID] = strawberry.field(description="Members that were merged into this one.")
    erased_time: DateTime | None = strawberry.field(description="When the person was erased.")
    etag: str = strawberry.field(description=_ETAG)
    create_time: DateTime
    update_time: DateTime
    customer: CustomerRef | None = joined(CUSTOMERS, key="customer_id", description="Whom the person belongs to.")
    owner: EmployeeRef | None = joined(EMPLOYEES, key="owner_id", description="Who looks after the person.")
    points_account: PointsAccountRef | None = joined(
        POINTS_ACCOUNTS, key="id", description="Points and tier; null if the person never had points."
    )
    contracts: list[ContractRef] | None = joined(
        CONTRACTS_BY_CUSTOMER, key="customer_id", arguments=FIRST, description="The customer's contracts, oldest first."
    )
    touches: list["Touch"] | None = joined(
        TOUCHES_BY_MEMBER, key="id", arguments=FIRST, description="What the person heard from us, newest first."
    )
    visits: list[Visit] | None = joined(
        VISITS_BY_MEMBER, key="id", arguments=FIRST, description="Return visits, newest first."
    )
    cases: list[CaseRef] | None = joined(
        CASES_BY_MEMBER, key="id", arguments=FIRST, description="What the person told us, newest first."
    )
    timeline: Connection["TimelineEntry"] | None = joined(
        TIMELINE_OF_MEMBER,
        key="id",
        arguments=PAGE,
        description="What happened between us and the person, newest first. Only below a single member.",
    )


@message(campaign_pb2.CampaignProgressCount, description="Touches in one state with one reason.")
class CampaignProgressCount:
    state: TouchState = computed(lambda count: TouchState[count.state], description="As in `Touch`.")
    reason: str | None
    count: int


@message(campaign_pb2.CampaignProgress, description="How many touches of a campaign stand where.")
class CampaignProgress:
    total: int = strawberry.field(description="All touches ever planned.")
    counts: list[CampaignProgressCount]


@message(campaign_pb2.Campaign, description="Who hears from us when, through which channels, with which words.")
class Campaign(Node):
    name: str
    state: CampaignState
    plan: CampaignPlan
    author: str = strawberry.field(description="Subject of the person who wrote it.")
    approver: str | None = strawberry.field(description="Subject of the person who approved it.")
    planned_through: Date | None = strawberry.field(description="Occasions are planned up to and including this day.")
    plan_version: int = strawberry.field(description="The number of the plan; 1 is the first.")
    submitter: str | None = strawberry.field(description="Subject of the person who asked for approval.")
    submit_time: DateTime | None
    start_time: DateTime | None
    finish_time: DateTime | None
    revision: CampaignRevision | None = strawberry.field(description="The next version; null: nobody is writing one.")
    cloned_from_id: strawberry.ID | None = strawberry.field(description="The campaign that this is a copy of.")
    winner: str | None = strawberry.field(description="The variant that everybody gets from now on.")
    etag: str = strawberry.field(description=_ETAG)
    create_time: DateTime
    update_time: DateTime
    progress: CampaignProgress | None = joined(CAMPAIGN_PROGRESS, key="id", description="How many touches stand where.")
    history: CampaignHistory | None = joined(
        CAMPAIGN_HISTORIES, key="id", description="Approved versions, and who did and said what."
    )
    touches: Connection["Touch"] | None = joined(
        TOUCHES_OF_CAMPAIGN,
        key="id",
        arguments=TOUCHES_PAGE,
        description="The campaign's ledger. Only below a single campaign; else use `touches(filter:)`.",
    )


@message(
    touch_pb2.Touch,
    description="One message to one member for one occasion through one channel; there is never a second one.",
)
class Touch(Node):
    campaign_id: strawberry.ID
    member_id: strawberry.ID
    occurrence: str = strawberry.field(description="The occasion, for example `birthday/2026`.")
    channel: str
    date: Date = strawberry.field(description="The day of the occasion, in the member's calendar.")
    due_time: DateTime | None = strawberry.field(description="The moment at which it may leave.")
    state: TouchState
    reason: str | None = strawberry.field(
        description="Why it is held, was skipped, failed or is unknown, for example `NO_EMAIL_CONSENT`."
    )
    reason_en: str | None = strawberry.field(description="The reason in English.")
    reason_zh: str | None = strawberry.field(description="The reason in Simplified Chinese.")
    moved_reason: str | None = strawberry.field(
        description="Why it leaves, or left, on another day than its own: `MOVED_BY_BLACKOUT`, `MOVED_TO_WORKDAY`."
    )
    moved_reason_en: str | None = strawberry.field(description="The same in English.")
    moved_reason_zh: str | None = strawberry.field(description="The same in Simplified Chinese.")
    attempts: int = strawberry.field(description="How often it was handed to the provider.")
    update_time: DateTime | None
    step: str = strawberry.field(description="Which message of the campaign or journey it is.")
    variant: str | None = strawberry.field(description="Which variant of the words; null: the campaign has but one.")
    plan_version: int = strawberry.field(description="Version of the campaign's plan that it was planned by.")
    priority: int = strawberry.field(description="0 to 100: who wins where a cap leaves no place for all.")
    purpose: str = strawberry.field(description="`care`, `marketing` or `service`.")
    held_until_time: DateTime | None = strawberry.field(description="When a held touch is judged again.")
    fallback_of_id: strawberry.ID | None = strawberry.field(description="The touch that it stands in for.")
    fallback_to_id: strawberry.ID | None = strawberry.field(description="The touch that stands in for it.")
    member: Member | None = joined(MEMBERS, key="member_id", description="To whom.")
    campaign: Campaign | None = joined(CAMPAIGNS, key="campaign_id", description="Within which campaign.")


@message(members_pb2.TimelineEntry, description="One thing that happened; the field of its kind is set.")
class TimelineEntry:
    id: strawberry.ID = strawberry.field(description="Where it stands in the timeline.")
    time: DateTime = strawberry.field(description="A message when it was due, a visit when it was made or planned.")
    kind: TimelineKind
    touch_id: strawberry.ID | None
    visit_id: strawberry.ID | None
    consent: Consent | None
    points_entry_id: strawberry.ID | None
    act: str | None = strawberry.field(description="What was heard, for example `case_opened`.")
    touch: Touch | None = joined(TOUCHES, key="touch_id", description="The message.")
    visit: Visit | None = joined(VISITS, key="visit_id", description="The visit.")
    points_entry: PointsEntryRef | None = joined(
        POINTS_ENTRIES, key="points_entry_id", description="The entry of the points ledger."
    )


@message(service_pb2.ExplainMemberResponse, description="Why a member is, or is not, greeted by a campaign, as of now.")
class MemberExplanation:
    verdict: str = strawberry.field(
        description="`WILL_BE_GREETED`, `ALREADY_PLANNED`, `IN_JOURNEY`, or why not, such as `NOT_IN_AUDIENCE`."
    )
    explanation_en: str = strawberry.field(description="In English.")
    explanation_zh: str = strawberry.field(description="In Simplified Chinese.")
    next_date: Date | None = strawberry.field(
        description="The next day the member is due, or that of what is in the ledger; null: not for 400 days."
    )
