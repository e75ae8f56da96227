"""What is seen of a campaign before anything happens, and what its variants came to, as types of the schema."""

import strawberry

from gateway.graphql.arguments import camel
from gateway.graphql.care.campaigns.enums import VariantVerdict
from gateway.graphql.care.core.enums import Channel, Language
from gateway.graphql.sources import computed, message
from membercare.care.v1 import campaigns_service_pb2 as pb


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
