"""Builds the room of the people we care for: consent, merge, import, export, erasure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.care.config import Settings

if TYPE_CHECKING:
    from services.care.app.rooms import RpcRoom
    from services.care.rpc.members.servicer import MembersServicer
    from services.chassis.scheduled import Job

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.care.store.members.consents import ConsentDocument

    return (ConsentDocument,)


def build_servicer(settings: Settings) -> "MembersServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.rpc.members.servicer import MembersServicer

    return MembersServicer()


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.members_service_pb2_grpc import add_MembersServiceServicer_to_server
    from services.care.app.rooms import RpcRoom
    from services.care.rpc.members.access import ACCESS
    from services.care.rpc.members.servicer import FULL_NAME

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_MembersServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
