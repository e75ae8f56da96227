"""Builds the room of what is covered, what is left of allowances, and chargeable service."""

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
    from membercare.contracts.v1.entitlement_service_pb2_grpc import add_EntitlementServiceServicer_to_server
    from services.contracts.app.rooms import RpcRoom
    from services.contracts.rpc.entitlement.access import ACCESS
    from services.contracts.rpc.entitlement.servicer import FULL_NAME, EntitlementServicer

    servicer = EntitlementServicer()
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_EntitlementServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
