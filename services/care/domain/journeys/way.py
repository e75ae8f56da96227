"""Where a journey leads: the step that follows, when a wait is over, which arm of a branch is taken."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from services.care.domain.campaigns.assignment import held_out, variant_of
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.due.lines import Line
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.campaigns.planning import due_moment
from services.care.domain.journeys.outcomes import StepOutcome
from services.care.domain.journeys.run import JourneyRun, RunReason, run_id
from services.care.domain.journeys.steps import (
    BranchStep,
    EndStep,
    SendStep,
    Step,
    TaskStep,
    Until,
    WaitForDuration,
    WaitForEvent,
    WaitUntilDate,
    WaitUntilLocalTime,
)
from services.care.domain.sending.terms import terms_of
from services.care.domain.sending.touch import OPEN, Touch, TouchState, touch_id

_MIDNIGHT = "00:00"
_WEEK = 7


def run_of(line: Line, campaign: Campaign, *, now: datetime) -> JourneyRun:
    """Return the run that a member who is due begins; one of the control group is enrolled and held out."""
    run = JourneyRun(
        id=run_id(campaign.id, line.member_id, occurrence=line.occurrence),
        campaign_id=campaign.id,
        member_id=line.member_id,
        occurrence=line.occurrence,
        plan_version=campaign.plan_version,
        day=line.day,
        step=campaign.plan.steps[0].name,
        arrived_at=line.due_at,
        wake_time=line.due_at,
        began_at=now,
        updated_at=now,
    )
    return replace(run.end(RunReason.HOLDOUT, now=now), ended_at=None) if held_out(campaign, line.member_id) else run


def step_named(plan: CampaignPlan, name: str) -> Step:
    """Return the step; a KeyError says that the plan has none of this name."""
    return {step.name: step for step in plan.steps}[name]


def following(plan: CampaignPlan, step: Step) -> str:
    """Return the name of the step after this one; empty after the last one."""
    if isinstance(step, EndStep):
        return ""
    names = [each.name for each in plan.steps]
    return step.next or next(iter(names[names.index(step.name) + 1 :]), "")


def wait_is_over_at(until: Until, arrived_at: datetime, *, zone: str, wall_time: str) -> datetime:
    """Return the moment, in UTC, at which whoever arrived then goes on at the latest.

    `wall_time` is that of the plan, for waits until a date. A wall time that a clock change skips falls just after the
    gap; one that comes twice means the first, and who arrives between the two waits for the next day's.
    """
    match until:
        case WaitForDuration():
            return arrived_at + until.span.exact()
        case WaitForEvent():
            return arrived_at + until.timeout.exact()
        case WaitUntilDate():
            return max(arrived_at, due_moment(until.day, wall_time or _MIDNIGHT, zone=zone))
        case WaitUntilLocalTime():
            return _next_local_time(until, arrived_at, zone=zone)
        case _:
            assert_never(until)


def _next_local_time(until: WaitUntilLocalTime, arrived_at: datetime, *, zone: str) -> datetime:
    today = arrived_at.astimezone(ZoneInfo(zone)).date()
    days = (today + timedelta(days=count) for count in range(_WEEK + 1))
    fitting = (day for day in days if not until.weekdays or day.isoweekday() in until.weekdays)
    moments = (due_moment(day, until.time, zone=zone) for day in fitting)
    return next(moment for moment in moments if moment >= arrived_at)


def happened(moments: Iterable[datetime], since: datetime) -> bool:
    """Say whether something happened at this moment or later."""
    return any(moment.replace(tzinfo=moment.tzinfo or UTC) >= since for moment in moments)


def arm_of(step: BranchStep, last: StepOutcome | None, *, holds: Callable[[str], bool]) -> str:
    """Return the step that the first fitting arm names, or the empty string; `holds` asks for a segment."""
    for arm in step.arms:
        if arm.outcome is last if arm.outcome else holds(arm.segment_id):
            return arm.next
    return ""


def touch_of_step(run: JourneyRun, step: SendStep | TaskStep, *, campaign: Campaign, zone: str, now: datetime) -> Touch:
    """Return the message of a step, due now, before it has a batch; the same step always comes to the same id.

    Of a task it is the call that the policy is asked about.
    """
    channel = terms_of(campaign, step=step.name).channels[0].value
    return Touch(
        id=touch_id(campaign.id, run.member_id, occurrence=run.occurrence, step=step.name, channel=channel),
        campaign_id=campaign.id,
        member_id=run.member_id,
        occurrence=run.occurrence,
        channel=channel,
        date=now.astimezone(ZoneInfo(zone)).date().isoformat(),
        due_at=now,
        batch_id="",
        updated_at=now,
        step=step.name,
        variant=variant_of(campaign, run.member_id),
        version=campaign.plan_version,
        priority=campaign.plan.priority,
        purpose=campaign.plan.purpose,
    )


def task_key(run: str, step: TaskStep) -> tuple[str, ...]:
    """Return under which key a run asks for the call of a step."""
    return "journey", run, step.name


def outcome_of(touch: Touch) -> StepOutcome | None:
    """Return what became of a message; None: it may still leave, or nobody knows."""
    if touch.state in OPEN or touch.state is TouchState.UNKNOWN:
        return None
    ends = {TouchState.SKIPPED: StepOutcome.SKIPPED, TouchState.FAILED: StepOutcome.FAILED}
    return ends.get(touch.state, StepOutcome.SENT)
