"""Members on their way through journeys as types of the schema."""

from enum import IntEnum

import strawberry

from gateway.graphql.care.campaigns.steps import StepOutcome
from gateway.graphql.care.core.types import Campaign, Member, Touch
from gateway.graphql.edges import CAMPAIGNS, MEMBERS, TOUCHES
from gateway.graphql.joins import joined
from gateway.graphql.nodes import Node
from gateway.graphql.scalars import BigInt, Date, DateTime
from gateway.graphql.sources import message
from membercare.care.v1 import journey_run_pb2
from membercare.care.v1 import journeys_service_pb2 as pb


@strawberry.enum(description="Whether a member is on the way through a journey.")
class JourneyRunState(IntEnum):
    UNDER_WAY = 1
    HELD_OUT = strawberry.enum_value(2, description="In the control group: nothing ever happens.")
    ENDED = 3
    PARKED = strawberry.enum_value(4, description="A step failed too often; a person decides.")


@message(journey_run_pb2.PassedStep, description="A step that is behind the member.")
class PassedStep:
    step: str
    time: DateTime
    outcome: StepOutcome
    reason: str | None = strawberry.field(description="Why a task was not planned, for example DO_NOT_CONTACT.")
    explanation_en: str | None = strawberry.field(description="The same in English.")
    explanation_zh: str | None = strawberry.field(description="The same in Simplified Chinese.")


@message(journey_run_pb2.JourneyRun, description="One member on one occasion, on the way through a campaign's journey.")
class JourneyRun(Node):
    campaign_id: strawberry.ID
    member_id: strawberry.ID
    occurrence: str = strawberry.field(description="What made the member due.")
    plan_version: int = strawberry.field(description="Version of the plan that it goes by to its end.")
    day: Date = strawberry.field(description="The day on which the member became due.")
    step: str = strawberry.field(description="Where it stands, or stood last.")
    state: JourneyRunState
    reason: str | None = strawberry.field(description="Why it is not under way, for example `COMPLETED`.")
    detail: str | None = strawberry.field(description="What the end says, why it was removed, or what failed.")
    ended_by: strawberry.ID | None = strawberry.field(description="Who removed the member.")
    arrive_time: DateTime = strawberry.field(description="When it came to its step.")
    wake_time: DateTime | None = strawberry.field(description="When it goes on at the latest.")
    waiting_for: str | None = strawberry.field(description="The act that it waits for.")
    waiting_touch_id: strawberry.ID | None = strawberry.field(description="The message whose outcome it waits for.")
    begin_time: DateTime
    end_time: DateTime | None
    history: list[PassedStep]
    explanation_en: str = strawberry.field(description="Where the member stands and why, in English.")
    explanation_zh: str = strawberry.field(description="The same in Simplified Chinese.")
    member: Member | None = joined(MEMBERS, key="member_id", description="Who is on the way.")
    campaign: Campaign | None = joined(CAMPAIGNS, key="campaign_id", description="Whose journey it is.")
    waiting_touch: Touch | None = joined(TOUCHES, key="waiting_touch_id", description="What is waited for.")


@message(journey_run_pb2.JourneyStepCount, description="So many members stand at a step.")
class JourneyStepCount:
    step: str
    state: JourneyRunState
    reason: str | None
    count: BigInt


@message(
    pb.RemoveFromJourneyResponse,
    pb.RetryJourneyRunResponse,
    description="The run after the change.",
)
class JourneyRunPayload:
    run: JourneyRun
