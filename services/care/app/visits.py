"""Builds the room of calls that are owed, and what was heard."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from services.care.config import Settings
from services.chassis import logs
from services.chassis.clock import Clock, SystemClock

if TYPE_CHECKING:
    from services.care.rpc.visits.servicer import VisitsServicer
    from services.care.store.visits.kept import MongoVisitRules
    from services.care.usecases.visits.follow_events import ConfirmFix, FollowEvent, PlanVisit
    from services.care.usecases.visits.plan_call import PlanCall
    from services.care.usecases.visits.visits import CancelVisits
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job

_log = logs.get("care.visits")
_SWEEP_SECONDS, _SETTLE_SECONDS = 60.0, 10.0
_SHARED_AHEAD = timedelta(days=2)
"""What is due sooner than this and nobody's is given to somebody."""

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.care.store.visits.kept import CallAgentDocument, CallScriptDocument, VisitRuleDocument
    from services.care.store.visits.visits import CaseStateDocument

    return (VisitRuleDocument, CallScriptDocument, CallAgentDocument, CaseStateDocument)


def build_rules(settings: Settings, clock: Clock) -> "MongoVisitRules":
    """Return the table of what follows which event."""
    from services.care.domain.visits.rules import built_in
    from services.care.store.visits.kept import visit_rules

    return visit_rules(clock, built_in(settings.visit_after_days))


def build_plan_call(settings: Settings, clock: Clock) -> "PlanCall":
    """Return what other rooms ask for calls: their port `CallTasks`."""
    from services.care.app.calendars import build_calendars
    from services.care.domain.visits.windows import CallWindow
    from services.care.store.members.merged_customers import MongoMergedCustomers
    from services.care.store.visits.callees import MongoCallees
    from services.care.store.visits.visits import MongoVisits
    from services.care.usecases.visits.plan_call import PlanCall

    return PlanCall(
        visits=MongoVisits.of(clock),
        callees=MongoCallees(),
        merged=MongoMergedCustomers(),
        calendars=build_calendars(clock),
        clock=clock,
        hours=CallWindow(settings.call_from, settings.call_until, settings.company_time_zone),
    )


def build_servicer(settings: Settings) -> "VisitsServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.app.calendars import build_calendars
    from services.care.domain.visits.windows import CallWindow
    from services.care.rpc.visits.servicer import VisitsServicer
    from services.care.store.members.members import MongoMembers
    from services.care.store.visits.call_lists import MongoCallLists
    from services.care.store.visits.kept import call_agents, call_scripts
    from services.care.store.visits.visits import MongoVisits
    from services.care.usecases.visits.keep_calling import PutCallAgent, PutCallScript, PutVisitRule
    from services.care.usecases.visits.next_call import NextCall
    from services.care.usecases.visits.work_call import AssignVisit, GiveBack, LogAttempt, RescheduleVisit, ShareOut

    clock = SystemClock()
    visits, lists, agents = MongoVisits.of(clock), MongoCallLists.of(clock), call_agents(clock)
    rules, scripts = build_rules(settings, clock), call_scripts(clock)
    hours = CallWindow(settings.call_from, settings.call_until, settings.company_time_zone)
    return VisitsServicer(
        lists=lists,
        clock=clock,
        holds=lists.holds,
        next_call=NextCall(lists, lists.holds, agents, clock),
        give_back=GiveBack(visits, clock),
        log_attempt=LogAttempt(visits, clock),
        reschedule_visit=RescheduleVisit(visits=visits, calendars=build_calendars(clock), clock=clock, hours=hours),
        assign_visit=AssignVisit(visits),
        share_out=ShareOut(lists, visits, agents, clock, settings.company_time_zone),
        visits=visits,
        members=MongoMembers(clock),
        rules=rules,
        scripts=scripts,
        agents=agents,
        put_rule=PutVisitRule(rules, scripts, clock),
        put_script=PutCallScript(scripts, clock),
        put_agent=PutCallAgent(agents, clock),
    )


def hearers(settings: Settings, clock: Clock) -> "tuple[PlanVisit, CancelVisits, FollowEvent, ConfirmFix]":
    """Return what plans and withdraws visits after events."""
    from services.care.store.visits.visits import MongoCaseStates, MongoContractStates, MongoVisits
    from services.care.usecases.visits.follow_events import ConfirmFix, FollowEvent, PlanVisit
    from services.care.usecases.visits.visits import CancelVisits

    visits, contracts = MongoVisits.of(clock), MongoContractStates()
    follow = FollowEvent(build_plan_call(settings, clock), build_rules(settings, clock), settings.company_time_zone)
    cancel = CancelVisits(visits, contracts)
    return (
        PlanVisit(follow, contracts, cancel),
        cancel,
        follow,
        ConfirmFix(follow, MongoCaseStates(), visits),
    )


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.visits_service_pb2_grpc import add_VisitsServiceServicer_to_server
    from services.care.rpc.visits.access import ACCESS
    from services.care.rpc.visits.servicer import FULL_NAME
    from services.chassis.rooms import RpcRoom

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_VisitsServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    from services.care.store.campaigns.campaigns import MongoCampaigns
    from services.care.store.visits.call_lists import MongoCallLists
    from services.care.store.visits.kept import call_agents
    from services.care.store.visits.visits import MongoVisits
    from services.care.usecases.visits.sweep_visits import NoteOverdue, SettleVisits, WithdrawCalls
    from services.care.usecases.visits.work_call import ShareOut
    from services.chassis.scheduled import Job

    clock = SystemClock()
    visits, lists = MongoVisits.of(clock), MongoCallLists.of(clock)
    overdue = NoteOverdue(lists, visits, clock)
    settle = SettleVisits(lists, visits, build_plan_call(settings, clock))
    withdraw = WithdrawCalls(lists, visits, MongoCampaigns.of(clock), clock)
    share_out = ShareOut(lists, visits, call_agents(clock), clock, settings.company_time_zone)
    return (
        Job(
            name="note_overdue_visits",
            every_seconds=_SWEEP_SECONDS,
            run=lambda lead: overdue(lambda: lead.holds, _tell),
        ),
        Job(name="settle_visits", every_seconds=_SETTLE_SECONDS, run=lambda lead: settle(lambda: lead.holds, _tell)),
        Job(name="withdraw_calls", every_seconds=_SETTLE_SECONDS, run=lambda lead: withdraw(lambda: lead.holds, _tell)),
        Job(
            name="share_out_visits",
            every_seconds=_SWEEP_SECONDS,
            run=lambda lead: share_out(through=(clock.now() + _SHARED_AHEAD).date(), going_on=lambda: lead.holds),
        ),
    )


def _tell(visit_id: str, error: Exception) -> None:
    _log.error("visit_not_swept", visit_id=visit_id, error=error)
