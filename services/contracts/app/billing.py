"""Builds the room of billing schedules, price changes and exports for accounting."""

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
    from membercare.contracts.v1.billing_service_pb2_grpc import add_BillingServiceServicer_to_server
    from services.contracts.app.rooms import RpcRoom
    from services.contracts.rpc.billing.access import ACCESS
    from services.contracts.rpc.billing.servicer import FULL_NAME, BillingServicer

    servicer = BillingServicer()
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_BillingServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
