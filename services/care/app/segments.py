"""Builds the room of who belongs to a group, and why."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.care.config import Settings

if TYPE_CHECKING:
    from services.care.app.rooms import RpcRoom
    from services.care.rpc.segments.servicer import SegmentsServicer
    from services.chassis.scheduled import Job

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.care.store.segments.segments import SegmentDocument

    return (SegmentDocument,)


def build_servicer(settings: Settings) -> "SegmentsServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.rpc.segments.servicer import SegmentsServicer

    return SegmentsServicer()


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.segments_service_pb2_grpc import add_SegmentsServiceServicer_to_server
    from services.care.app.rooms import RpcRoom
    from services.care.rpc.segments.access import ACCESS
    from services.care.rpc.segments.servicer import FULL_NAME

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_SegmentsServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
