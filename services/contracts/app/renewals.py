"""Builds the room of warranties that end, renewals and their forecast."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.contracts.config import Settings

if TYPE_CHECKING:
    from services.contracts.app.rooms import RpcRoom
    from services.contracts.jobs import Job

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    return ()


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.contracts.v1.renewals_service_pb2_grpc import add_RenewalsServiceServicer_to_server
    from services.contracts.app.rooms import RpcRoom
    from services.contracts.rpc.renewals.access import ACCESS
    from services.contracts.rpc.renewals.servicer import FULL_NAME, RenewalsServicer

    servicer = RenewalsServicer()
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_RenewalsServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
