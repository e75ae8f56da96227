"""Plans of campaigns as a type and an input of the schema."""

from typing import TYPE_CHECKING, Annotated

import strawberry

from gateway.graphql.care.campaigns.enums import BlackoutMove, CampaignKind, CampaignRevisionState, QuietHours
from gateway.graphql.care.campaigns.steps import JourneyStep, JourneyStepInput
from gateway.graphql.care.campaigns.triggers import CampaignTrigger, CampaignTriggerInput
from gateway.graphql.care.core.enums import Channel, Language, LeapDayPolicy, LeapMonthPolicy, LunarDay30Policy, Purpose
from gateway.graphql.care.segments.loaders import SEGMENTS
from gateway.graphql.joins import joined
from gateway.graphql.scalars import BigInt, DateTime
from gateway.graphql.sources import message
from membercare.care.v1 import campaign_pb2
from membercare.care.v1 import campaign_plan_pb2 as parts_pb2

if TYPE_CHECKING:
    from gateway.graphql.care.segments.types import Segment

SegmentRef = Annotated["Segment", strawberry.lazy("gateway.graphql.care.segments.types")]

_SEND_AT = (
    "Local wall time of the member at which a message leaves, `HH:MM`; empty only for an event, at once, or a moment."
)
_VARIANT = "Null: every variant that has no words of its own."
_STEP = "Null: every step of the journey that has no words of its own."
_WORDS = "Words of the library that these were taken from."
_CHANNELS = "First the preferred channel, then the fallbacks in their order."
_PRIORITY = "0 to 100; where campaigns compete for a cap the higher one wins."
_BLACKOUT = "On blackout days. Null: what each blackout itself says."
_WORKDAYS = "Messages leave on workdays only, make-up workdays included; what nobody knows to be worked is waited for."
_COUNTRY = "Whose statutory days count, ISO 3166-1 alpha-2 such as `CN`."
_MOVE = "What becomes of a message that is due on a day off."
_CHEERFUL = "Not for members in mourning."


@message(campaign_pb2.MessageTemplate, description="The words of one language, in Liquid.")
class MessageTemplate:
    language: Language
    subject: str
    body: str
    channel: Channel | None
    variant: str | None = strawberry.field(description=_VARIANT)
    step: str | None = strawberry.field(description=_STEP)
    words_id: strawberry.ID | None = strawberry.field(description=_WORDS)


@strawberry.input(description="The words of one language, in Liquid: `{{ member.name }}`.")
class MessageTemplateInput:
    language: Language
    subject: str = strawberry.field(
        default="", description="1 to 200 characters before rendering; other channels than e-mail may leave it empty."
    )
    body: str = strawberry.field(
        default="",
        description="Plain text; 1 to 20000 characters before rendering. With `wordsId`: the library's.",
    )
    channel: Channel | None = strawberry.field(default=None, description="Null: e-mail.")
    variant: str | None = strawberry.field(default=None, description=_VARIANT)
    step: str | None = strawberry.field(default=None, description=_STEP)
    words_id: strawberry.ID | None = strawberry.field(default=None, description=_WORDS)


@message(parts_pb2.CampaignAudience, description="Who may be reached at all.")
class CampaignAudience:
    segment_id: strawberry.ID | None = strawberry.field(description="Null: every member.")
    segment: SegmentRef | None = joined(SEGMENTS, key="segment_id", description="Whom it may reach.")
    exclude_segment_ids: list[strawberry.ID] = strawberry.field(
        description="Members of these are left out; `nodes` tells their names."
    )


@strawberry.input(description="Who may be reached at all.")
class CampaignAudienceInput:
    segment_id: strawberry.ID | None = strawberry.field(default=None, description="Null: every member.")
    exclude_segment_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Members of these are left out; at most 20."
    )


@message(parts_pb2.CampaignHoldout, description="Members who hear nothing, so that others can be compared with them.")
class CampaignHoldout:
    basis_points: int = strawberry.field(description="Share of all, in 1/10000.")
    salt: str | None = strawberry.field(description="Campaigns with the same salt hold the same members out.")


@strawberry.input(description="Members who hear nothing, so that others can be compared with them.")
class CampaignHoldoutInput:
    basis_points: int = strawberry.field(description="Share of all, in 1/10000; 0 to 5000.")
    salt: str | None = strawberry.field(
        default=None, description="Campaigns with the same salt hold the same members out; null: a draw of its own."
    )


@message(parts_pb2.CampaignVariant, description="One of the ways that are compared.")
class CampaignVariant:
    name: str
    weight: int = strawberry.field(description="Its share is its weight over the sum of all weights.")


@strawberry.input(description="One of the ways that are compared.")
class CampaignVariantInput:
    name: str = strawberry.field(description="Letters, digits, _ and -; at most 20.")
    weight: int = strawberry.field(default=1, description="1 to 100.")


@message(parts_pb2.CampaignGoal, description="What a member is hoped to do after a message.")
class CampaignGoal:
    act: str = strawberry.field(
        description="Name of what the member does, such as `contract_activated`, or one that `recordActs` told."
    )
    window_days: int = strawberry.field(description="Days of 24 hours after the message.")


@strawberry.input(description="What a member is hoped to do after a message.")
class CampaignGoalInput:
    act: str = strawberry.field(
        description="Name of what the member does, such as `contract_activated`, or one that `recordActs` told."
    )
    window_days: int = strawberry.field(description="Days of 24 hours after the message; 1 to 365.")


@message(parts_pb2.CampaignBudget, description="The campaign sends no more than this.")
class CampaignBudget:
    most_touches: BigInt = strawberry.field(description="Messages in all; 0: no such cap.")
    minor_units: BigInt = strawberry.field(
        description="What messages may cost in all, in fen or cents; 0: no such cap."
    )
    currency_code: str | None = strawberry.field(description="ISO 4217, for example `CNY`.")


@strawberry.input(description="The campaign sends no more than this.")
class CampaignBudgetInput:
    most_touches: BigInt | None = strawberry.field(default=None, description="Messages in all; null: no such cap.")
    minor_units: BigInt | None = strawberry.field(
        default=None, description="What messages may cost in all, in fen or cents; null: no such cap."
    )
    currency_code: str | None = strawberry.field(default=None, description="ISO 4217; only with an amount.")


@message(parts_pb2.CampaignWorkdays, description=_WORKDAYS)
class CampaignWorkdays:
    country_code: str = strawberry.field(description=_COUNTRY)
    move: BlackoutMove | None = strawberry.field(description=_MOVE)


@strawberry.input(description=_WORKDAYS)
class CampaignWorkdaysInput:
    country_code: str = strawberry.field(description=_COUNTRY)
    move: BlackoutMove | None = strawberry.field(default=None, description=f"{_MOVE} Null: forward.")


@message(campaign_pb2.CampaignPlan, description="What a campaign does.")
class CampaignPlan:
    kind: CampaignKind | None = strawberry.field(description="What makes members due, as the trigger says.")
    trigger: CampaignTrigger | None
    audience: CampaignAudience | None
    send_at: str = strawberry.field(description=_SEND_AT)
    catch_up_days: int = strawberry.field(
        description="A greeting this many days late is still sent; later ones are skipped with a reason."
    )
    leap_day_policy: LeapDayPolicy | None
    leap_month_policy: LeapMonthPolicy | None
    lunar_day30_policy: LunarDay30Policy | None
    purpose: Purpose | None = strawberry.field(description="What consent is needed for.")
    channels: list[Channel] = strawberry.field(description=_CHANNELS)
    templates: list[MessageTemplate]
    steps: list[JourneyStep] = strawberry.field(description="A journey; empty: one message.")
    holdout: CampaignHoldout | None
    variants: list[CampaignVariant] = strawberry.field(description="Ways that are compared; empty: one way.")
    goal: CampaignGoal | None
    priority: int | None = strawberry.field(description=_PRIORITY)
    budget: CampaignBudget | None
    quiet_hours: QuietHours | None
    blackout: BlackoutMove | None = strawberry.field(description=_BLACKOUT)
    workdays: CampaignWorkdays | None = strawberry.field(description="Null: messages leave on any day.")
    cheerful: bool | None = strawberry.field(description=_CHEERFUL)


@strawberry.input(description="What a campaign does. What is left out means a greeting by e-mail on the birthday.")
class CampaignPlanInput:
    send_at: str = strawberry.field(default="", description=_SEND_AT)
    catch_up_days: int = strawberry.field(
        default=0, description="A greeting this many days late is still sent; 0 to 30."
    )
    leap_day_policy: LeapDayPolicy | None = None
    leap_month_policy: LeapMonthPolicy | None = None
    lunar_day30_policy: LunarDay30Policy | None = None
    templates: list[MessageTemplateInput] = strawberry.field(
        description="For each channel, variant and step that sends; Simplified Chinese and English are both required."
    )
    trigger: CampaignTriggerInput | None = strawberry.field(default=None, description="Null: the birthday.")
    audience: CampaignAudienceInput | None = strawberry.field(default=None, description="Null: every member.")
    purpose: Purpose | None = strawberry.field(default=None, description="What consent is needed for; null: care.")
    channels: list[Channel] | None = strawberry.field(default=None, description=f"{_CHANNELS} Null: e-mail.")
    steps: list[JourneyStepInput] | None = strawberry.field(
        default=None, description="A journey of at most 50 steps; null: one message."
    )
    holdout: CampaignHoldoutInput | None = None
    variants: list[CampaignVariantInput] | None = strawberry.field(default=None, description="2 to 5; null: one way.")
    goal: CampaignGoalInput | None = None
    priority: int | None = strawberry.field(default=None, description=f"{_PRIORITY} Null: 50.")
    budget: CampaignBudgetInput | None = None
    quiet_hours: QuietHours | None = None
    blackout: BlackoutMove | None = strawberry.field(default=None, description=_BLACKOUT)
    workdays: CampaignWorkdaysInput | None = strawberry.field(
        default=None, description="Null: messages leave on any day."
    )
    cheerful: bool | None = strawberry.field(
        default=None, description=f"{_CHEERFUL} Null: true for birthdays and occasions, else false."
    )


@message(campaign_pb2.CampaignRevision, description="The next version of a campaign, while it is written and reviewed.")
class CampaignRevision:
    plan: CampaignPlan
    state: CampaignRevisionState
    author: str = strawberry.field(description="Subject of the person who wrote it.")
    create_time: DateTime
    submitter: str | None = strawberry.field(description="Subject of the person who asked for approval.")
    submit_time: DateTime | None
