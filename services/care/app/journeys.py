"""Builds the room of steps over time, one member at a time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.care.config import Settings
from services.chassis.clock import Clock, SystemClock

if TYPE_CHECKING:
    from services.care.rpc.journeys.servicer import JourneysServicer
    from services.care.usecases.journeys.advance_runs import AdvanceRuns
    from services.chassis.rooms import RpcRoom
    from services.chassis.scheduled import Job

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.care.store.journeys.runs import JourneyCursorDocument, JourneyRunDocument

    return JourneyRunDocument, JourneyCursorDocument


def build_servicer(settings: Settings) -> "JourneysServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.rpc.journeys.servicer import JourneysServicer
    from services.care.store.campaigns.campaigns import MongoCampaigns
    from services.care.store.journeys.runs import MongoJourneyRuns
    from services.care.store.sending.settings import MongoSendingSettings
    from services.care.usecases.journeys.change_run import RemoveFromJourney, RetryJourneyRun

    clock, book = SystemClock(), MongoJourneyRuns()
    return JourneysServicer(
        book=book,
        campaigns=MongoCampaigns.of(clock),
        rules=MongoSendingSettings.of(clock),
        remove=RemoveFromJourney(book, clock),
        retry=RetryJourneyRun(book, clock),
        clock=clock,
    )


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.journeys_service_pb2_grpc import add_JourneysServiceServicer_to_server
    from services.care.rpc.journeys.access import ACCESS
    from services.care.rpc.journeys.servicer import FULL_NAME
    from services.chassis.rooms import RpcRoom

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_JourneysServiceServicer_to_server(servicer, server))


def build_advance_runs(settings: Settings, clock: Clock) -> "AdvanceRuns":
    """Return what moves members on through journeys."""
    from services.care.app.visits import build_plan_call
    from services.care.store.campaigns.campaigns import MongoCampaigns
    from services.care.store.journeys.runs import MongoJourneyRuns
    from services.care.store.journeys.travellers import MongoTravellers
    from services.care.store.segments.audiences import MongoAudiences
    from services.care.store.segments.segments import MongoSegments
    from services.care.store.sending.settings import MongoSendingSettings
    from services.care.store.sending.touches import MongoTouches
    from services.care.store.visits.visits import MongoVisits
    from services.care.usecases.journeys.advance_runs import AdvanceRuns
    from services.care.usecases.journeys.take_step import TakeStep

    audiences = MongoAudiences(MongoSegments.of(clock), settings.company_time_zone)
    touches = MongoTouches()
    return AdvanceRuns(
        campaigns=MongoCampaigns.of(clock),
        runs=MongoJourneyRuns(),
        travellers=MongoTravellers(),
        touches=touches,
        ledger=touches,
        rules=MongoSendingSettings.of(clock),
        take_step=TakeStep(audiences, build_plan_call(settings, clock), MongoVisits.of(clock)),
        clock=clock,
    )


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    from services.chassis.scheduled import Job

    advance = build_advance_runs(settings, SystemClock())
    return (
        Job(
            name="advance_journeys",
            every_seconds=settings.sweep_seconds,
            run=lambda lead: advance(token=lead.token, leading=lambda: lead.holds),
        ),
    )
