"""What came of campaigns as types of the schema."""

import base64
from enum import IntEnum
from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.edges import CAMPAIGNS
from gateway.graphql.joins import joined
from gateway.graphql.scalars import BigInt, Date, DateTime
from gateway.graphql.sources import computed, message
from membercare.care.v1 import campaign_results_pb2
from membercare.care.v1 import results_service_pb2 as pb

if TYPE_CHECKING:
    from gateway.graphql.care.core.types import Campaign


@strawberry.enum(description="What may be said of a campaign against its control group.")
class LiftVerdict(IntEnum):
    NO_CONTROL = 1
    TOO_FEW = 2
    NO_DIFFERENCE = 3
    MORE = 4
    FEWER = 5


@message(
    campaign_results_pb2.CampaignFunnel,
    description="Messages: due and stand-ins together are held out, skipped, waiting, failed, unknown and sent.",
)
class CampaignFunnel:
    due: BigInt = strawberry.field(description="Messages that were due, without those that stand in for another.")
    stand_ins: BigInt = strawberry.field(
        description="Messages by a later channel, since the one before could not be used."
    )
    held_out: BigInt = strawberry.field(description="Not sent: the member is in the control group.")
    skipped: BigInt = strawberry.field(description="Not sent on purpose, for another reason.")
    waiting: BigInt = strawberry.field(description="Planned or held.")
    failed: BigInt = strawberry.field(description="Never accepted by a provider.")
    unknown: BigInt = strawberry.field(description="It is not known whether they left.")
    sent: BigInt = strawberry.field(description="Accepted by a provider: delivered, unconfirmed and bounced together.")
    delivered: BigInt = strawberry.field(description="A provider says that they arrived.")
    unconfirmed: BigInt = strawberry.field(description="No more was heard of them.")
    bounced: BigInt = strawberry.field(description="Came back.")
    opened: BigInt = strawberry.field(description="Of those sent, were opened, as far as that is told and recorded.")
    clicked: BigInt = strawberry.field(description="Of those sent, had a link clicked, likewise.")
    replied: BigInt = strawberry.field(description="Of those sent, were answered.")
    complained: BigInt = strawberry.field(description="Of those sent, were called spam.")
    unsubscribed: BigInt = strawberry.field(description="Of those sent, had their link used to withdraw consent.")
    goal_reached: BigInt = strawberry.field(
        description="Of those sent and not bounced, were followed by the goal within its window."
    )


@message(campaign_results_pb2.CampaignFunnelRow, description="The messages that have one thing in common.")
class CampaignFunnelRow:
    key: str = strawberry.field(description="Channel, variant, version or day; empty: there is one variant only.")
    funnel: CampaignFunnel


@message(campaign_results_pb2.SkipCount, description="Messages that were not sent for one reason.")
class SkipCount:
    reason: str = strawberry.field(description="A stable code such as `NO_EMAIL_CONSENT`.")
    count: BigInt
    reason_en: str = strawberry.field(description="In English.")
    reason_zh: str = strawberry.field(description="In Simplified Chinese.")


@message(campaign_results_pb2.ChannelCost, description="What the messages of one channel cost.")
class ChannelCost:
    channel: str
    messages: BigInt = strawberry.field(description="Accepted by a provider, also if they came back.")
    minor_units: BigInt = strawberry.field(description="In the smallest unit of the currency, rounded half up.")
    currency_code: str


@message(campaign_results_pb2.OutcomeGroup, description="Members of one of the groups that are compared.")
class OutcomeGroup:
    members: BigInt
    converted: BigInt = strawberry.field(description="Reached the goal within its window after they were due.")
    open_windows: BigInt = strawberry.field(description="Their window is still open.")
    rate: float = strawberry.field(description="The share of those who reached the goal, 0 to 1.")


@message(
    campaign_results_pb2.CampaignLift,
    description="Members who were due against the control group, as drawn, whether or not they could be reached.",
)
class CampaignLift:
    goal_act: str
    window_days: int
    treated: OutcomeGroup = strawberry.field(description="Due and not held out.")
    control: OutcomeGroup = strawberry.field(description="Held out, counted from when the message would have been due.")
    verdict: LiftVerdict
    value: float | None = strawberry.field(description="The one rate less the other; null: there is no control group.")
    low: float | None = strawberry.field(description="Lower end of the 95 % interval (Newcombe's method 10).")
    high: float | None = strawberry.field(description="Upper end of it.")
    p_value: float | None = strawberry.field(description="How often chance alone gives so large a difference, 0 to 1.")
    explanation_en: str = strawberry.field(description="The verdict in English.")
    explanation_zh: str = strawberry.field(description="The verdict in Simplified Chinese.")


@message(
    campaign_results_pb2.CampaignResults, description="What a campaign came to; each breakdown adds up to the total."
)
class CampaignResults:
    campaign_id: strawberry.ID
    as_of_time: DateTime = strawberry.field(description="The moment of all counts.")
    first_date: Date | None
    last_date: Date | None
    total: CampaignFunnel
    by_channel: list[CampaignFunnelRow]
    by_variant: list[CampaignFunnelRow]
    by_version: list[CampaignFunnelRow] = strawberry.field(description="By version of the plan.")
    by_day: list[CampaignFunnelRow] = strawberry.field(description="By civil day of the occasion.")
    skips: list[SkipCount] = strawberry.field(description="The most first; together held out and skipped.")
    costs: list[ChannelCost] = strawberry.field(description="By channel, at the prices of now; empty: none are set.")
    lift: CampaignLift | None = strawberry.field(description="Null: the campaign has no goal.")
    campaign: Annotated["Campaign", strawberry.lazy("gateway.graphql.care.core.types")] | None = joined(
        CAMPAIGNS, key="campaign_id", description="The campaign."
    )


@message(pb.ExportCampaignResultsResponse, description="The results of a campaign as a workbook (XLSX).")
class CampaignResultsFile:
    file_name: str
    media_type: str
    content_base64: str = computed(
        lambda source: base64.b64encode(source.content).decode(), description="The bytes of the file in base64."
    )
    sha256: str = strawberry.field(description="Of the bytes.")


@message(campaign_results_pb2.AgendaCampaign, description="Messages of one campaign for the occasions of one day.")
class AgendaCampaign:
    campaign_id: strawberry.ID
    planned: BigInt = strawberry.field(description="Planned or held.")
    sent: BigInt = strawberry.field(description="Sent or delivered.")
    skipped: BigInt = strawberry.field(description="Not sent, on purpose.")
    failed: BigInt = strawberry.field(description="Refused by a provider, or came back.")
    unknown: BigInt = strawberry.field(description="It is not known whether they left.")
    campaign: Annotated["Campaign", strawberry.lazy("gateway.graphql.care.core.types")] | None = joined(
        CAMPAIGNS, key="campaign_id", description="The campaign."
    )


@message(campaign_results_pb2.AgendaDay, description="One day on which there is something.")
class AgendaDay:
    date: Date
    campaigns: list[AgendaCampaign]
    visits_due: BigInt = strawberry.field(description="Visits due on the day that were not made yet.")
    visits_completed: BigInt = strawberry.field(
        description="Visits due on the day that are done: made, or nobody was reached."
    )
