"""Builds the room of customers' upkeep: change, merge, import, export."""

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
    from membercare.contracts.v1.customers_service_pb2_grpc import add_CustomersServiceServicer_to_server
    from services.contracts.app.rooms import RpcRoom
    from services.contracts.rpc.customers.access import ACCESS
    from services.contracts.rpc.customers.servicer import FULL_NAME, CustomersServicer

    servicer = CustomersServicer()
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_CustomersServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
