"""Builds the room of what is planned for whom, by which rule, who approved it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.care.config import Settings

if TYPE_CHECKING:
    from services.care.app.rooms import RpcRoom
    from services.care.rpc.campaigns.servicer import CampaignsServicer
    from services.chassis.scheduled import Job

OUTBOXES: Sequence[str] = ()


def documents() -> Sequence[type]:
    """Return the documents whose indexes `migrate` builds."""
    return ()


def build_servicer(settings: Settings) -> "CampaignsServicer":
    """Wire the methods to the use cases and stores."""
    from services.care.rpc.campaigns.servicer import CampaignsServicer

    return CampaignsServicer()


def rpc_room(settings: Settings) -> "RpcRoom":
    """Return what this room serves."""
    from membercare.care.v1.campaigns_service_pb2_grpc import add_CampaignsServiceServicer_to_server
    from services.care.app.rooms import RpcRoom
    from services.care.rpc.campaigns.access import ACCESS
    from services.care.rpc.campaigns.servicer import FULL_NAME

    servicer = build_servicer(settings)
    return RpcRoom(FULL_NAME, ACCESS, lambda server: add_CampaignsServiceServicer_to_server(servicer, server))


def jobs(settings: Settings) -> "Sequence[Job]":
    """Return what the leader does regularly."""
    return ()
