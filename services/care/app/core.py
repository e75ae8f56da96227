"""Builds the room that the service began with: members, campaigns, the ledger of touches and return visits."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from services.care.config import Settings
from services.chassis.clock import Clock, SystemClock

if TYPE_CHECKING:
    from services.care.rpc.care.servicer import CareServicer
    from services.care.usecases.campaigns.due_lines import DueLines
    from services.care.usecases.campaigns.explain_member import ExplainMember
    from services.care.usecases.campaigns.sweep_campaigns import SweepCampaigns
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job

OUTBOXES: Sequence[str] = ("members", "campaigns", "batches", "visits")


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.care.store.campaigns.campaigns import CampaignDocument, PlanCursorDocument
    from services.care.store.members.members import MemberDocument
    from services.care.store.members.merged_customers import MergedCustomerDocument
    from services.care.store.sending.batches import BatchDocument
    from services.care.store.sending.touches import TouchDocument
    from services.care.store.visits.visits import ContractStateDocument, VisitDocument

    return (
        MemberDocument,
        MergedCustomerDocument,
        CampaignDocument,
        PlanCursorDocument,
        TouchDocument,
        BatchDocument,
        VisitDocument,
        ContractStateDocument,
    )


def build_servicer(settings: Settings) -> "CareServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.app.campaigns import build_accept_plan, build_check_plan, build_take_words
    from services.care.app.members import build_import, confirmation_rule
    from services.care.domain.campaigns.words import LiquidWords
    from services.care.rpc.care.servicer import CareServicer
    from services.care.store.campaigns.campaigns import MongoCampaigns, MongoPlanCursors
    from services.care.store.members.attributes import MongoAttributes
    from services.care.store.members.members import MongoMembers
    from services.care.store.sending.fresh_progress import FreshProgress
    from services.care.store.sending.touches import MongoTouches
    from services.care.store.visits.holds import MongoHolds
    from services.care.store.visits.visits import MongoVisits
    from services.care.usecases.campaigns.campaigns import MoveCampaign, WriteCampaign
    from services.care.usecases.members.change_member import ChangeMember
    from services.care.usecases.members.register_member import RegisterMember
    from services.care.usecases.sending.resolve_touch import ResolveTouch
    from services.care.usecases.visits.visits import CompleteVisit

    clock, ledger = SystemClock(), MongoTouches()
    members, campaigns = MongoMembers(clock), MongoCampaigns.of(clock)
    visits, registry, words = MongoVisits.of(clock), MongoAttributes(), LiquidWords()
    return CareServicer(
        members=members,
        register_member=RegisterMember(members, registry, clock),
        change_member=ChangeMember(members, registry, clock),
        import_members=build_import(members, registry, rule=confirmation_rule(settings), clock=clock),
        campaigns=campaigns,
        cursors=MongoPlanCursors(),
        ledger=ledger,
        count_progress=FreshProgress(ledger),
        write_campaign=WriteCampaign(campaigns, words, build_accept_plan(settings), clock),
        move_campaign=MoveCampaign(campaigns, build_check_plan(settings, clock), build_take_words(clock), clock),
        explain_member=_explain_member(settings, clock),
        resolve_touch=ResolveTouch(ledger, clock),
        visits=visits,
        holds=MongoHolds.of(clock),
        complete_visit=CompleteVisit(visits, clock),
    )


def _explain_member(settings: Settings, clock: Clock) -> "ExplainMember":
    from services.care.app.calendars import build_calendars
    from services.care.store.campaigns.campaigns import MongoCampaigns
    from services.care.store.members.members import MongoMembers
    from services.care.store.sending.touches import MongoTouches
    from services.care.usecases.campaigns.explain_member import ExplainMember
    from services.care.usecases.campaigns.next_line import NextLine

    next_line = NextLine(build_planner(settings, clock)[0])
    members, campaigns = MongoMembers(clock), MongoCampaigns.of(clock)
    return ExplainMember(campaigns, members, MongoTouches(), next_line, build_calendars(clock), clock)


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.care_service_pb2_grpc import add_CareServiceServicer_to_server
    from services.care.rpc.care.access import ACCESS
    from services.care.rpc.care.servicer import FULL_NAME
    from services.chassis.rooms import RpcRoom

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_CareServiceServicer_to_server(servicer, server))


def build_planner(settings: Settings, clock: Clock) -> "tuple[DueLines, SweepCampaigns]":
    """Return what finds who is due on a day, and what plans the running campaigns."""
    from services.care.app.calendars import build_calendars
    from services.care.store.campaigns.campaigns import MongoCampaigns, MongoPlanCursors
    from services.care.store.campaigns.planned_before import MongoPlannedBefore
    from services.care.store.journeys.runs import MongoJourneyRuns
    from services.care.store.members.due_members import MongoDueMembers
    from services.care.store.segments.audiences import MongoAudiences
    from services.care.store.segments.segments import MongoSegments
    from services.care.store.sending.touches import MongoTouches
    from services.care.usecases.campaigns.due_lines import DueLines
    from services.care.usecases.campaigns.finish_campaign import FinishCampaign
    from services.care.usecases.campaigns.plan_campaign import PlanCampaign
    from services.care.usecases.campaigns.sweep_campaigns import SweepCampaigns

    zone, before = settings.company_time_zone, MongoPlannedBefore()
    campaigns, cursors = MongoCampaigns.of(clock), MongoPlanCursors()
    touches = MongoTouches(timedelta(seconds=settings.stranded_after_seconds))
    due_lines = DueLines(MongoDueMembers(), before, MongoAudiences(MongoSegments.of(clock), zone), zone)
    sweep = SweepCampaigns(
        campaigns=campaigns,
        touches=touches,
        calendars=build_calendars(clock),
        plan_campaign=PlanCampaign(due_lines, touches, cursors, MongoJourneyRuns(), clock),
        finish_campaign=FinishCampaign(campaigns, cursors, before, clock),
    )
    return due_lines, sweep


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    from services.chassis.scheduled import Job

    _, sweep = build_planner(settings, SystemClock())
    return (
        Job(
            name="sweep_campaigns",
            every_seconds=settings.sweep_seconds,
            run=lambda lead: sweep(token=lead.token, leading=lambda: lead.holds),
        ),
    )
