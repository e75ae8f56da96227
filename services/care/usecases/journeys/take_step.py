"""Takes the steps of one member's journey, until something has to be waited for."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never
from zoneinfo import ZoneInfo

from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.journeys.outcomes import StepOutcome
from services.care.domain.journeys.run import JourneyRun, RunReason, RunState, run_id
from services.care.domain.journeys.steps import BranchStep, EndStep, SendStep, TaskStep, WaitForEvent, WaitStep
from services.care.domain.journeys.way import (
    arm_of,
    following,
    happened,
    outcome_of,
    step_named,
    task_key,
    touch_of_step,
    wait_is_over_at,
)
from services.care.domain.sending.policy import Circumstances, refused
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.terms import terms_of
from services.care.domain.sending.touch import Touch
from services.care.domain.sending.windows import zone_of
from services.care.domain.visits.call_task import CallTask, visit_id
from services.care.domain.visits.kinds import VisitKind, VisitState
from services.care.ports.journeys import Traveller
from services.care.ports.segments import Audiences
from services.care.ports.visits import CallTasks, Visits

OUTCOME_AWAITED = timedelta(days=3)
"""Whoever waits for the outcome of a message goes on after this, whatever became of it."""
_UNKNOWN_ZONE = "UTC"
"""For waits of members of whom no zone is known; their messages are not sent for that very reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a page of runs is moved on by: read at once for all of it, and what is to be planned for all of it."""

    now: datetime
    member_ids: tuple[str, ...]
    touches: Mapping[str, Touch]
    """Messages whose outcome is awaited, by id."""
    planned: dict[str, Touch] = field(default_factory=dict)
    """Messages that steps made, by id."""
    holding: dict[str, frozenset[str]] = field(default_factory=dict)
    """Who of the page is in a segment; a segment is asked once."""


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where one run stands."""

    run: JourneyRun
    campaign: Campaign
    traveller: Traveller
    scene: Scene

    @property
    def zone(self) -> str:
        told = self.traveller.recipient.time_zone
        return told if zone_of(told) else _UNKNOWN_ZONE

    @property
    def now(self) -> datetime:
        return self.scene.now

    def after(self, name: str, outcome: StepOutcome, *, reason: str = "") -> JourneyRun:
        return self.run.go_on(name, outcome, now=self.now, reason=reason)


@dataclass(frozen=True, slots=True)
class TakeStep:
    """Messages are gathered in the scene; calls are asked for at once. Both under ids derived from run and step."""

    audiences: Audiences
    call_tasks: CallTasks
    visits: Visits

    def as_far_as_it_goes(
        self, run: JourneyRun, campaign: Campaign, *, traveller: Traveller, scene: Scene
    ) -> JourneyRun:
        """Return the run that waits or is over; a journey goes forwards only, so this ends."""
        goal = campaign.plan.goal
        if goal and happened(traveller.acts.get(goal.act, ()), run.began_at):
            return run.end(RunReason.GOAL_REACHED, now=scene.now)
        while run.state is RunState.UNDER_WAY:
            moved = self._take(_Stand(run, campaign, traveller, scene))
            if moved.step == run.step:
                return moved
            run = moved
        return run

    def _take(self, stand: _Stand) -> JourneyRun:
        plan = stand.campaign.plan
        step = step_named(plan, stand.run.step)
        then = following(plan, step)
        match step:
            case SendStep():
                return self._send(stand, step, then=then)
            case TaskStep():
                return self._task(stand, step, then=then)
            case WaitStep():
                return self._wait(stand, step, then=then)
            case BranchStep():
                arm = arm_of(step, stand.run.last_outcome, holds=lambda segment_id: self._holds(stand, segment_id))
                return stand.after(arm or then, StepOutcome.PASSED)
            case EndStep():
                return stand.run.end(RunReason.COMPLETED, now=stand.now, detail=step.outcome)
            case _:
                assert_never(step)

    def _send(self, stand: _Stand, step: SendStep, *, then: str) -> JourneyRun:
        run, now = stand.run, stand.now
        if not run.waiting_touch:
            touch = touch_of_step(run, step, campaign=stand.campaign, zone=stand.zone, now=now)
            stand.scene.planned[touch.id] = touch
            # Looked at once more when it is noted: news of its end cannot fall between planning and noting.
            return (
                run.stand(now, now=now, touch=touch.id)
                if step.await_outcome
                else stand.after(then, StepOutcome.PLANNED)
            )
        touch_now = stand.scene.touches.get(run.waiting_touch)
        if touch_now and touch_now.fallback_to:
            return run.stand(now, now=now, touch=touch_now.fallback_to)
        if touch_now and (outcome := outcome_of(touch_now)):
            return stand.after(then, outcome)
        until = run.arrived_at + OUTCOME_AWAITED
        return (
            stand.after(then, StepOutcome.OPEN) if now >= until else run.stand(until, now=now, touch=run.waiting_touch)
        )

    def _task(self, stand: _Stand, step: TaskStep, *, then: str) -> JourneyRun:
        if reason := _refused(stand, step, had=self._called_before(stand, step)):
            return stand.after(then, StepOutcome.SKIPPED, reason=reason)
        today = stand.now.astimezone(ZoneInfo(stand.zone)).date()
        self.call_tasks(
            CallTask(
                key=task_key(stand.run.id, step),
                kind=VisitKind.CAMPAIGN,
                due=today + timedelta(days=step.due_days),
                member_id=stand.run.member_id,
                source_id=stand.run.id,
                campaign_id=stand.campaign.id,
                topic=step.title,
                owner_id=step.owner_id or stand.traveller.recipient.owner_id,
            )
        )
        return stand.after(then, StepOutcome.PLANNED)

    def _called_before(self, stand: _Stand, step: TaskStep) -> frozenset[tuple[str, str, str]]:
        """Return this occasion and step if the person was called, or is to be, under the id of a doublet."""
        campaign_id, occurrence = stand.campaign.id, stand.run.occurrence
        runs = [run_id(campaign_id, doublet, occurrence=occurrence) for doublet in stand.traveller.doublets]
        calls = self.visits.batch_get([visit_id(task_key(run, step)) for run in runs]) if runs else []
        wanted = any(call.state is not VisitState.CANCELLED for call in calls)
        return frozenset([(campaign_id, occurrence, step.name)] if wanted else [])

    def _wait(self, stand: _Stand, step: WaitStep, *, then: str) -> JourneyRun:
        run, until = stand.run, step.until
        over = wait_is_over_at(until, run.arrived_at, zone=stand.zone, wall_time=stand.campaign.plan.send_at)
        if not isinstance(until, WaitForEvent):
            return stand.after(then, StepOutcome.PASSED) if stand.now >= over else run.stand(over, now=stand.now)
        if happened(stand.traveller.acts.get(until.act, ()), run.arrived_at):
            return stand.after(then, StepOutcome.HAPPENED)
        if stand.now >= over:
            return stand.after(until.on_timeout or then, StepOutcome.TIMED_OUT)
        return run.stand(over, now=stand.now, act=until.act)

    def _holds(self, stand: _Stand, segment_id: str) -> bool:
        known = stand.scene.holding
        if segment_id not in known:
            known[segment_id] = self.audiences.among(segment_id, stand.scene.member_ids, now=stand.now)
        return stand.run.member_id in known[segment_id]


def _refused(stand: _Stand, step: TaskStep, *, had: frozenset[tuple[str, str, str]]) -> Reason | None:
    """Return why a message by the call channel would be skipped; the hours are those of the call list."""
    return refused(
        touch_of_step(stand.run, step, campaign=stand.campaign, zone=stand.zone, now=stand.now),
        terms_of(stand.campaign, step=step.name),
        recipient=replace(stand.traveller.recipient, had=had),
        zone=zone_of(stand.zone),
        around=Circumstances(now=stand.now),
    )
