"""Runs of journeys as messages."""

from datetime import datetime

from membercare.care.v1 import journey_run_pb2 as pb
from services.care.domain.journeys.explanation import explained
from services.care.domain.journeys.run import JourneyRun, PassedStep, RunState
from services.care.domain.sending.reasons import REASON_WORDS, Reason
from services.care.ports.journeys import StepCount
from services.care.rpc.campaigns.step_messages import OUTCOMES
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

STATES = EnumTable(RunState, pb.JourneyRunState)


def run_to_pb(run: JourneyRun, *, kept_by: Reason | None, now: datetime) -> pb.JourneyRun:
    """Return the run with where it stands in words."""
    english, chinese = explained(run, kept_by=kept_by, now=now)
    return pb.JourneyRun(
        id=run.id,
        campaign_id=run.campaign_id,
        member_id=run.member_id,
        occurrence=run.occurrence,
        plan_version=run.plan_version,
        day=run.day.isoformat(),
        step=run.step,
        state=STATES.number(run.state),
        reason=run.reason,
        detail=run.detail,
        ended_by=run.ended_by,
        arrive_time=to_timestamp(run.arrived_at),
        wake_time=to_timestamp(run.wake_time),
        waiting_for=run.waiting_for,
        waiting_touch_id=run.waiting_touch,
        begin_time=to_timestamp(run.began_at),
        end_time=to_timestamp(run.ended_at),
        history=map(_passed_to_pb, run.history),
        explanation_en=english,
        explanation_zh=chinese,
    )


def _passed_to_pb(passed: PassedStep) -> pb.PassedStep:
    english, chinese = REASON_WORDS.get(passed.reason, ("", ""))
    return pb.PassedStep(
        step=passed.step,
        time=to_timestamp(passed.at),
        outcome=OUTCOMES.number(passed.outcome),
        reason=passed.reason,
        explanation_en=english,
        explanation_zh=chinese,
    )


def count_to_pb(each: StepCount) -> pb.JourneyStepCount:
    return pb.JourneyStepCount(step=each.step, state=STATES.number(each.state), reason=each.reason, count=each.count)
