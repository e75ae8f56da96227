"""Steps of journeys as messages, and back."""

from membercare.care.v1 import journey_step_pb2 as pb
from services.care.domain.channels import Channel
from services.care.domain.journeys.outcomes import StepOutcome
from services.care.domain.journeys.steps import (
    BranchArm,
    BranchStep,
    EndStep,
    SendStep,
    Step,
    TaskStep,
    Until,
    WaitForDuration,
    WaitForEvent,
    WaitStep,
    WaitUntilDate,
    WaitUntilLocalTime,
)
from services.care.rpc.campaigns.trigger_messages import span_to_pb, to_span
from services.care.rpc.enums import CHANNELS, needed
from services.chassis import checks
from services.chassis.errors import InvalidField
from services.chassis.proto_enums import EnumTable

OUTCOMES = EnumTable(StepOutcome, pb.StepOutcome)


def to_channels(numbers: list[int], field: str) -> tuple[Channel, ...]:
    """Return the channels in the order given, or refuse a number that names none."""
    return tuple(needed(CHANNELS, number, field=f"{field}[{place}]") for place, number in enumerate(numbers))


def step_to_pb(step: Step) -> pb.JourneyStep:
    match step:
        case SendStep():
            channels = [CHANNELS.number(channel) for channel in step.channels]
            send = pb.SendStep(channels=channels, await_outcome=step.await_outcome)
            return pb.JourneyStep(name=step.name, next=step.next, send=send)
        case TaskStep():
            task = pb.TaskStep(title=step.title, owner_id=step.owner_id, due_days=step.due_days)
            return pb.JourneyStep(name=step.name, next=step.next, task=task)
        case WaitStep():
            return pb.JourneyStep(name=step.name, next=step.next, wait=_wait_to_pb(step.until))
        case BranchStep():
            branch = pb.BranchStep(arms=map(_arm_to_pb, step.arms))
            return pb.JourneyStep(name=step.name, next=step.next, branch=branch)
        case EndStep():
            return pb.JourneyStep(name=step.name, end=pb.EndStep(outcome=step.outcome))


def _arm_to_pb(arm: BranchArm) -> pb.BranchArm:
    told = pb.BranchArm(segment_id=arm.segment_id, next=arm.next)
    if arm.outcome:
        told.outcome = OUTCOMES.number(arm.outcome)
    return told


def _wait_to_pb(until: Until) -> pb.WaitStep:
    match until:
        case WaitForDuration():
            return pb.WaitStep(duration=span_to_pb(until.span))
        case WaitUntilLocalTime():
            return pb.WaitStep(until_local_time=pb.UntilLocalTime(time=until.time, weekdays=until.weekdays))
        case WaitUntilDate():
            return pb.WaitStep(until_date=until.day.isoformat())
        case WaitForEvent():
            event = pb.WaitForEvent(act=until.act, timeout=span_to_pb(until.timeout), on_timeout=until.on_timeout)
            return pb.WaitStep(for_event=event)


def to_step(told: pb.JourneyStep, field: str) -> Step:
    """Return the step, or refuse one that says not what happens."""
    match told.WhichOneof("step"):
        case "send":
            channels = to_channels(list(told.send.channels), f"{field}.send.channels")
            return SendStep(told.name, channels, told.next, await_outcome=told.send.await_outcome)
        case "task":
            return TaskStep(told.name, told.task.title, told.task.owner_id, told.task.due_days, told.next)
        case "wait":
            return WaitStep(told.name, _to_until(told.wait, f"{field}.wait"), told.next)
        case "branch":
            path = f"{field}.branch.arms"
            arms = [_to_arm(arm, f"{path}[{place}]") for place, arm in enumerate(told.branch.arms)]
            return BranchStep(told.name, tuple(arms), told.next)
        case "end":
            if told.next:
                raise InvalidField(f"{field}.next", f"{field}.next: nothing follows an end.")
            return EndStep(told.name, told.end.outcome)
        case _:
            raise InvalidField(field, f"{field} does not say what happens: send, task, wait, branch or end.")


def _to_arm(told: pb.BranchArm, field: str) -> BranchArm:
    return BranchArm(told.segment_id, told.next, OUTCOMES.member(told.outcome, f"{field}.outcome"))


def _to_until(told: pb.WaitStep, field: str) -> Until:
    match told.WhichOneof("until"):
        case "duration":
            return WaitForDuration(to_span(told.duration, f"{field}.duration"))
        case "until_local_time":
            return WaitUntilLocalTime(told.until_local_time.time, tuple(told.until_local_time.weekdays))
        case "until_date":
            return WaitUntilDate(checks.civil_date(told.until_date, f"{field}.until_date"))
        case "for_event":
            event = told.for_event
            return WaitForEvent(event.act, to_span(event.timeout, f"{field}.for_event.timeout"), event.on_timeout)
        case _:
            raise InvalidField(field, f"{field} does not say what is waited for.")
