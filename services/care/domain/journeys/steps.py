"""The steps of a journey: what is sent, done, waited for and decided, one after the other."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.care.domain.channels import Channel
from services.care.domain.journeys.outcomes import DECIDING, StepOutcome
from services.care.domain.names import checked_act
from services.care.domain.span import CLOCK_UNITS, Span
from services.care.domain.wall_time import checked_wall_time
from services.chassis import checks
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, optional_id

MOST_STEPS = 50
MOST_ARMS = 10
MOST_DUE_DAYS = 365
_SUNDAY = 7
_NAME = re.compile(r"[a-z][a-z0-9_]{0,29}")


@dataclass(frozen=True, slots=True)
class SendStep:
    """A message leaves; the ledger of touches holds it once for each occurrence."""

    name: str
    channels: tuple[Channel, ...] = ()
    """First the preferred one, then the fallbacks; empty: those of the plan."""
    next: str = ""
    """The step that follows; empty: the next in the list."""
    kind: Literal["send"] = "send"
    await_outcome: bool = False
    """Goes on only when the message was sent, skipped or has failed; after three days at the latest."""


@dataclass(frozen=True, slots=True)
class TaskStep:
    """A person has something to do."""

    name: str
    title: str
    owner_id: str = ""
    """An employee; empty: the member's owner."""
    due_days: int = 0
    """Civil days until it is due; 0: the same day."""
    next: str = ""
    kind: Literal["task"] = "task"


@dataclass(frozen=True, slots=True)
class WaitForDuration:
    """Goes on after so long."""

    span: Span
    kind: Literal["duration"] = "duration"


@dataclass(frozen=True, slots=True)
class WaitUntilLocalTime:
    """Goes on when the member's clock next shows this wall time, `HH:MM`."""

    time: str
    weekdays: tuple[int, ...] = ()
    """ISO weekdays, 1 is Monday; empty: any day."""
    kind: Literal["local_time"] = "local_time"


@dataclass(frozen=True, slots=True)
class WaitUntilDate:
    """Goes on at the plan's wall time of this civil day; at once if it is over."""

    day: date
    kind: Literal["date"] = "date"


@dataclass(frozen=True, slots=True)
class WaitForEvent:
    """Goes on when the member does this, or after the timeout."""

    act: str
    timeout: Span
    on_timeout: str = ""
    """The step that follows the timeout; empty: the one that follows the event."""
    kind: Literal["event"] = "event"


Until = WaitForDuration | WaitUntilLocalTime | WaitUntilDate | WaitForEvent


@dataclass(frozen=True, slots=True)
class WaitStep:
    """Nothing happens until something is so; it costs nothing meanwhile."""

    name: str
    until: Until
    next: str = ""
    kind: Literal["wait"] = "wait"


@dataclass(frozen=True, slots=True)
class BranchArm:
    """Members of the segment, or those for whom the last step came to this outcome, go this way."""

    segment_id: str
    next: str
    outcome: StepOutcome | None = None
    """In place of a segment."""


@dataclass(frozen=True, slots=True)
class BranchStep:
    """The first arm that fits is taken, else `next`."""

    name: str
    arms: tuple[BranchArm, ...]
    next: str = ""
    kind: Literal["branch"] = "branch"


@dataclass(frozen=True, slots=True)
class EndStep:
    """The journey of this member is over."""

    name: str
    outcome: str = ""
    kind: Literal["end"] = "end"


Step = SendStep | TaskStep | WaitStep | BranchStep | EndStep


def checked_steps(steps: Sequence[Step], field: str) -> tuple[Step, ...]:
    """Return the steps, or refuse the field that is wrong: names, targets that are not there or lie before."""
    if len(steps) > MOST_STEPS:
        raise InvalidField(field, f"{field} holds {len(steps)} steps; at most {MOST_STEPS} are allowed.")
    places = {step.name: place for place, step in reversed(list(enumerate(steps)))}
    for place, step in enumerate(steps):
        path = f"{field}[{place}]"
        if not _NAME.fullmatch(step.name):
            raise InvalidField(f"{path}.name", f"{path}.name must be small letters, digits and _; at most 30.")
        if places[step.name] != place:
            raise InvalidField(f"{path}.name", f"{path}.name: there is a step {step.name} before it.")
        for target_field, target in _targets(step, path):
            # Only forwards: a journey without a way back ends for everybody.
            if target and places.get(target, -1) <= place:
                raise InvalidField(target_field, f"{target_field} must name a later step; {target} is none.")
    return tuple(_checked(step, f"{field}[{place}]") for place, step in enumerate(steps))


def _targets(step: Step, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(step, EndStep):
        yield f"{path}.next", step.next
    if isinstance(step, WaitStep) and isinstance(step.until, WaitForEvent):
        yield f"{path}.wait.for_event.on_timeout", step.until.on_timeout
    if isinstance(step, BranchStep):
        yield from ((f"{path}.branch.arms[{place}].next", arm.next) for place, arm in enumerate(step.arms))


def _checked(step: Step, path: str) -> Step:
    if isinstance(step, SendStep) and len(set(step.channels)) != len(step.channels):
        raise InvalidField(f"{path}.send.channels", f"{path}.send.channels names a channel twice.")
    if isinstance(step, TaskStep):
        checks.line(step.title, f"{path}.task.title", least=1, most=100)
        optional_id(step.owner_id, "emp", field=f"{path}.task.owner_id")
        if not 0 <= step.due_days <= MOST_DUE_DAYS:
            raise InvalidField(f"{path}.task.due_days", f"{path}.task.due_days must be 0 to {MOST_DUE_DAYS}.")
    if isinstance(step, WaitStep):
        _check_until(step.until, f"{path}.wait")
    if isinstance(step, BranchStep):
        _check_arms(step, f"{path}.branch")
    if isinstance(step, EndStep):
        checks.line(step.outcome, f"{path}.end.outcome", most=100)
    return step


def _check_until(until: Until, path: str) -> None:
    if isinstance(until, WaitForDuration):
        until.span.checked(f"{path}.duration", units=CLOCK_UNITS)
    if isinstance(until, WaitUntilLocalTime):
        checked_wall_time(until.time, f"{path}.until_local_time.time")
        if any(not 1 <= day <= _SUNDAY for day in until.weekdays) or len(set(until.weekdays)) != len(until.weekdays):
            field = f"{path}.until_local_time.weekdays"
            raise InvalidField(field, f"{field} must be different numbers from 1, Monday, to 7, Sunday.")
    if isinstance(until, WaitForEvent):
        checked_act(until.act, f"{path}.for_event.act")
        until.timeout.checked(f"{path}.for_event.timeout", units=CLOCK_UNITS)


def _check_arms(step: BranchStep, path: str) -> None:
    if not 1 <= len(step.arms) <= MOST_ARMS:
        raise InvalidField(f"{path}.arms", f"{path}.arms needs 1 to {MOST_ARMS} arms.")
    for place, arm in enumerate(step.arms):
        if arm.outcome is None:
            check_id(arm.segment_id, "seg", field=f"{path}.arms[{place}].segment_id")
        elif arm.segment_id or arm.outcome not in DECIDING:
            field = f"{path}.arms[{place}].outcome"
            raise InvalidField(field, f"{field}: an arm asks for a segment or for the outcome of a step that has one.")
        if not arm.next:
            raise InvalidField(f"{path}.arms[{place}].next", f"{path}.arms[{place}].next is missing: a later step.")
