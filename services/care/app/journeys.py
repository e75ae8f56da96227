"""Builds the room of steps over time, one member at a time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.care.config import Settings

if TYPE_CHECKING:
    from services.care.app.rooms import RpcRoom
    from services.care.rpc.journeys.servicer import JourneysServicer
    from services.chassis.scheduled import Job

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    return ()


def build_servicer(settings: Settings) -> "JourneysServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.rpc.journeys.servicer import JourneysServicer

    return JourneysServicer()


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.journeys_service_pb2_grpc import add_JourneysServiceServicer_to_server
    from services.care.app.rooms import RpcRoom
    from services.care.rpc.journeys.access import ACCESS
    from services.care.rpc.journeys.servicer import FULL_NAME

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_JourneysServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
