"""Builds the room of calls that are owed, and what was heard."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.care.config import Settings

if TYPE_CHECKING:
    from services.care.app.rooms import RpcRoom
    from services.care.rpc.visits.servicer import VisitsServicer
    from services.care.usecases.visits.plan_call import PlanCall
    from services.chassis.clock import Clock
    from services.chassis.scheduled import Job

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    return ()


def build_plan_call(settings: Settings, clock: "Clock") -> "PlanCall":
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
    from services.care.rpc.visits.servicer import VisitsServicer

    return VisitsServicer()


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.visits_service_pb2_grpc import add_VisitsServiceServicer_to_server
    from services.care.app.rooms import RpcRoom
    from services.care.rpc.visits.access import ACCESS
    from services.care.rpc.visits.servicer import FULL_NAME

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_VisitsServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
