"""Builds the room of recurring revenue, monthly statistics and customers' value."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.contracts.config import Settings

if TYPE_CHECKING:
    from services.contracts.app.rooms import RpcRoom
    from services.contracts.jobs import Job

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    from services.contracts.store.served import ServedDocument

    return (ServedDocument,)


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.contracts.v1.figures_service_pb2_grpc import add_FiguresServiceServicer_to_server
    from services.contracts.app.rooms import RpcRoom
    from services.contracts.rpc.figures.access import ACCESS
    from services.contracts.rpc.figures.servicer import FULL_NAME, FiguresServicer

    servicer = FiguresServicer()
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_FiguresServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
