"""Steps of journeys as types and inputs of the schema."""

from enum import IntEnum

import strawberry

from gateway.graphql.care.campaigns.triggers import Span, SpanInput
from gateway.graphql.care.core.enums import Channel
from gateway.graphql.scalars import Date
from gateway.graphql.sources import message
from membercare.care.v1 import journey_step_pb2 as pb

_CHANNELS = "First the preferred one, then the fallbacks; empty: those of the plan."
_OWNER = "An employee; null: the member's owner."
_WEEKDAYS = "ISO weekdays, 1 is Monday; empty: any day."
_ON_TIMEOUT = "The step that follows the timeout; null: the one that follows the event."
_NEXT = "The step that follows; null: the next in the list."
_AWAIT = "Whether to go on only when the message was sent, skipped or has failed; after three days at the latest."
_OUTCOME = "In place of a segment: what the last step that had an outcome came to; never PASSED."
_NAME = "Small letters, digits and _; at most 30."


@strawberry.enum(description="What became of a step.")
class StepOutcome(IntEnum):
    PLANNED = 1
    SENT = 2
    SKIPPED = 3
    FAILED = 4
    OPEN = 5
    PASSED = 6
    HAPPENED = 7
    TIMED_OUT = 8


@message(pb.SendStep, description="A message leaves.")
class SendStep:
    channels: list[Channel] = strawberry.field(description=_CHANNELS)
    await_outcome: bool = strawberry.field(description=_AWAIT)


@strawberry.input(description="A message leaves.")
class SendStepInput:
    channels: list[Channel] | None = strawberry.field(default=None, description=_CHANNELS)
    await_outcome: bool = strawberry.field(default=False, description=_AWAIT)


@message(pb.TaskStep, description="A person has something to do.")
class TaskStep:
    title: str
    owner_id: strawberry.ID | None = strawberry.field(description=_OWNER)
    due_days: int = strawberry.field(description="Civil days until it is due.")


@strawberry.input(description="A person has something to do.")
class TaskStepInput:
    title: str = strawberry.field(description="1 to 100 characters.")
    owner_id: strawberry.ID | None = strawberry.field(default=None, description=_OWNER)
    due_days: int = strawberry.field(default=0, description="Civil days until it is due; 0 to 365.")


@message(pb.UntilLocalTime, description="The member's clock next shows a wall time.")
class UntilLocalTime:
    time: str = strawberry.field(description="`HH:MM`.")
    weekdays: list[int] = strawberry.field(description=_WEEKDAYS)


@strawberry.input(description="The member's clock next shows a wall time.")
class UntilLocalTimeInput:
    time: str = strawberry.field(description="`HH:MM`.")
    weekdays: list[int] | None = strawberry.field(default=None, description=_WEEKDAYS)


@message(pb.WaitForEvent, description="The member does something, or the timeout passes.")
class WaitForEvent:
    act: str = strawberry.field(
        description="Name of what the member does, such as `case_closed`, or one that `recordActs` told."
    )
    timeout: Span
    on_timeout: str | None = strawberry.field(description=_ON_TIMEOUT)


@strawberry.input(description="The member does something, or the timeout passes.")
class WaitForEventInput:
    act: str = strawberry.field(
        description="Name of what the member does, such as `case_closed`, or one that `recordActs` told."
    )
    timeout: SpanInput = strawberry.field(description="Minutes, hours, days or weeks.")
    on_timeout: str | None = strawberry.field(default=None, description=_ON_TIMEOUT)


@message(pb.WaitStep, description="Nothing happens until something is so: exactly one field is not null.")
class WaitStep:
    duration: Span | None
    until_local_time: UntilLocalTime | None
    until_date: Date | None = strawberry.field(description="This civil day; at once if it is over.")
    for_event: WaitForEvent | None


@strawberry.input(description="Nothing happens until something is so: exactly one field.", one_of=True)
class WaitStepInput:
    duration: SpanInput | None = strawberry.UNSET
    until_local_time: UntilLocalTimeInput | None = strawberry.UNSET
    until_date: Date | None = strawberry.UNSET
    for_event: WaitForEventInput | None = strawberry.UNSET


@message(
    pb.BranchArm,
    description="Members of the segment, or those for whom the last step came to this outcome, go this way.",
)
class BranchArm:
    segment_id: strawberry.ID | None
    next: str = strawberry.field(description="A later step.")
    outcome: StepOutcome | None = strawberry.field(description=_OUTCOME)


@strawberry.input(
    description="Members of the segment, or those for whom the last step came to this outcome, go this way."
)
class BranchArmInput:
    next: str = strawberry.field(description="A later step.")
    segment_id: strawberry.ID | None = strawberry.field(default=None, description="Null: `outcome` decides.")
    outcome: StepOutcome | None = strawberry.field(default=None, description=_OUTCOME)


@message(pb.BranchStep, description="The first arm that fits is taken, else `next`.")
class BranchStep:
    arms: list[BranchArm]


@strawberry.input(description="The first arm that fits is taken, else `next`.")
class BranchStepInput:
    arms: list[BranchArmInput] = strawberry.field(description="1 to 10.")


@message(pb.EndStep, description="The journey of this member is over.")
class EndStep:
    outcome: str | None = strawberry.field(description="Why, for people who read reports.")


@strawberry.input(description="The journey of this member is over.")
class EndStepInput:
    outcome: str | None = strawberry.field(default=None, description="Why, for people who read reports.")


@message(pb.JourneyStep, description="One step of a journey: one of send, task, wait, branch and end is not null.")
class JourneyStep:
    name: str
    next: str | None = strawberry.field(description=_NEXT)
    send: SendStep | None
    task: TaskStep | None
    wait: WaitStep | None
    branch: BranchStep | None
    end: EndStep | None


@strawberry.input(description="One step of a journey: exactly one of send, task, wait, branch and end.")
class JourneyStepInput:
    name: str = strawberry.field(description=_NAME)
    next: str | None = strawberry.field(default=None, description=_NEXT)
    send: SendStepInput | None = None
    task: TaskStepInput | None = None
    wait: WaitStepInput | None = None
    branch: BranchStepInput | None = None
    end: EndStepInput | None = None
