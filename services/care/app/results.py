"""Builds the room of what came of it, and plans for key accounts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.care.config import Settings
from services.chassis import logs
from services.chassis.clock import Clock, SystemClock

if TYPE_CHECKING:
    from services.care.rpc.results.servicer import ResultsServicer
    from services.care.usecases.results.service_plans import FollowPlan
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job

_log = logs.get("care.results")
_FOLLOW_SECONDS = 300.0

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.care.store.results.service_plans import ServicePlanDocument

    return (ServicePlanDocument,)


def build_follow_plan(settings: Settings, clock: Clock) -> "FollowPlan":
    """Return what keeps the call lists in step with a plan."""
    from services.care.app.visits import build_plan_call
    from services.care.store.visits.visits import MongoVisits
    from services.care.usecases.results.service_plans import FollowPlan

    return FollowPlan(MongoVisits.of(clock), build_plan_call(settings, clock), clock, settings.company_time_zone)


def build_servicer(settings: Settings) -> "ResultsServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.domain.results.prices import Prices
    from services.care.rpc.results.servicer import ResultsServicer
    from services.care.store.campaigns.campaigns import MongoCampaigns
    from services.care.store.results.care_counts import MongoCareCounts
    from services.care.store.results.outcomes import MongoCampaignOutcomes
    from services.care.store.results.service_plans import MongoServicePlans
    from services.care.usecases.results.report_campaign import CountSkips, ReportCampaign
    from services.care.usecases.results.service_plans import ChangePlan, CopyPlan, DrawUpPlan, ReportAdherence
    from services.care.usecases.results.show_agenda import ShowAgenda

    clock = SystemClock()
    plans, follow = MongoServicePlans(clock), build_follow_plan(settings, clock)
    campaigns, outcomes = MongoCampaigns.of(clock), MongoCampaignOutcomes()
    return ResultsServicer(
        plans=plans,
        clock=clock,
        draw_up_plan=DrawUpPlan(plans, follow, clock),
        change_plan=ChangePlan(plans, follow),
        copy_plan=CopyPlan(plans, follow, clock),
        report_adherence=ReportAdherence(plans, follow.visits, follow),
        report_campaign=ReportCampaign(campaigns, outcomes, Prices.parse(settings.channel_prices), clock),
        count_skips=CountSkips(campaigns, outcomes, clock),
        show_agenda=ShowAgenda(MongoCareCounts()),
    )


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.results_service_pb2_grpc import add_ResultsServiceServicer_to_server
    from services.care.rpc.results.access import ACCESS
    from services.care.rpc.results.servicer import FULL_NAME
    from services.chassis.rooms import RpcRoom

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_ResultsServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    from services.care.store.results.service_plans import MongoServicePlans
    from services.care.usecases.results.service_plans import SweepPlans
    from services.chassis.scheduled import Job

    clock = SystemClock()
    sweep = SweepPlans(MongoServicePlans(clock), build_follow_plan(settings, clock))
    return (
        Job(
            name="follow_service_plans",
            every_seconds=_FOLLOW_SECONDS,
            run=lambda lead: sweep(lambda: lead.holds, _tell),
        ),
    )


def _tell(plan_id: str, error: Exception) -> None:
    _log.error("service_plan_not_followed", service_plan_id=plan_id, error=error)
