"""What is seen of a campaign before anything happens, and what its variants came to, as types of the schema."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.arguments import camel
from gateway.graphql.care.campaigns.enums import VariantVerdict
from gateway.graphql.care.core.enums import Channel, Language, TouchState
from gateway.graphql.edges import MEMBERS
from gateway.graphql.joins import joined
from gateway.graphql.scalars import BigInt, Date, DateTime
from gateway.graphql.sources import computed, message
from membercare.care.v1 import campaigns_service_pb2 as pb

if TYPE_CHECKING:
    from gateway.graphql.care.core.types import Member

MemberRef = Annotated["Member", strawberry.lazy("gateway.graphql.care.core.types")]


@message(pb.CampaignFinding, description="Something that would go wrong.")
class CampaignFinding:
    blocks: bool = strawberry.field(description="Approval cannot be asked for; else it is a warning.")
    code: str = strawberry.field(description="A stable code, such as `TEMPLATE_INVALID` or `VARIANTS_WITHOUT_GOAL`.")
    field: str = computed(
        lambda finding: camel(finding.field), description="The path of the field, such as `plan.templates[0].body`."
    )
    message_en: str = strawberry.field(description="In English.")
    message_zh: str = strawberry.field(description="In Simplified Chinese.")


@message(pb.PreviewCampaignMessageResponse, description="A message as one member would get it; nothing was sent.")
class CampaignMessagePreview:
    subject: str | None
    body: str
    channel: Channel
    language: Language
    variant: str | None = strawberry.field(description="Null: there is one way only.")


@message(pb.TestDelivery, description="What became of one test message.")
class TestDelivery:
    address: str
    accepted: bool = strawberry.field(description="Whether the mail server took it.")


@message(pb.VariantResult, description="What one variant came to.")
class VariantResult:
    name: str
    weight: int
    sent: int = strawberry.field(description="Members who got a message that was accepted.")
    converted: int = strawberry.field(description="Those of them who reached the goal within its window.")
    rate: float = strawberry.field(description="The share of these, 0 to 1.")


@message(pb.VariantDifference, description="The best variant's rate less another one's.")
class VariantDifference:
    better: str
    other: str
    value: float
    low: float = strawberry.field(description="Lower end of the interval in which the true difference lies.")
    high: float = strawberry.field(description="Upper end of it.")
    p_value: float = strawberry.field(description="How often chance alone gives so large a difference, 0 to 1.")


@message(pb.ReportCampaignVariantsResponse, description="What the variants came to, and what may be said of it.")
class VariantReport:
    variants: list[VariantResult]
    verdict: VariantVerdict
    winner: str | None = strawberry.field(description="The best variant, if it wins.")
    differences: list[VariantDifference] = strawberry.field(
        description="A pooled two-proportion z test each, and Newcombe's interval (his method 10)."
    )
    explanation_en: str = strawberry.field(description="In English.")
    explanation_zh: str = strawberry.field(description="In Simplified Chinese.")


@message(pb.CheckCampaignResponse, description="What was found in the plan.")
class CampaignFindings:
    findings: list[CampaignFinding] = strawberry.field(description="Empty: nothing was found.")


@message(pb.ForeseenMessage, description="What would become of one member's message.")
class ForeseenMessage:
    member_id: strawberry.ID
    occurrence: str = strawberry.field(description="The occasion, for example `birthday/2026`.")
    verdict: str = strawberry.field(description="`WILL_BE_SENT`, or the reason why not, or why not yet.")
    state: TouchState = strawberry.field(
        description="What the ledger would say: sent, held or skipped; planned: it says so already."
    )
    due_time: DateTime | None = strawberry.field(
        description="When it would leave, or until when it would be held; null: never."
    )
    channel: Channel | None
    variant: str | None = strawberry.field(description="Null: there is one way only.")
    explanation_en: str = strawberry.field(description="The verdict in English.")
    explanation_zh: str = strawberry.field(description="The verdict in Simplified Chinese.")
    member: MemberRef | None = joined(MEMBERS, key="member_id", description="To whom.")


@message(pb.ForeseenCount, description="How many members have a verdict.")
class ForeseenCount:
    verdict: str
    state: TouchState = strawberry.field(description="A reason can hold one message and skip another.")
    count: BigInt
    explanation_en: str = strawberry.field(description="The verdict in English.")
    explanation_zh: str = strawberry.field(description="The verdict in Simplified Chinese.")


@message(
    pb.PreviewCampaignRunResponse,
    description="Who is due on a day and what would become of the message if nothing else changed.",
)
class CampaignRunPreview:
    date: Date
    plan_version: int = strawberry.field(description="The number of the plan that counts for the day.")
    counts: list[ForeseenCount] = strawberry.field(description="Over all pages; on the first page only.")
    messages: list[ForeseenMessage] = strawberry.field(description="One page, in the order of member ids.")
    next_page_token: str | None = strawberry.field(description="Ask for the next page `after` it; null: the last page.")
