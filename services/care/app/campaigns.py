"""Builds the room of what is planned for whom, by which rule, who approved it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from services.care.config import Settings
from services.chassis.clock import SystemClock

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
    from services.care.domain.campaigns.words import LiquidWords
    from services.care.rpc.campaigns.servicer import CampaignsServicer
    from services.care.store.campaigns.campaigns import MongoCampaigns, MongoPlanCursors
    from services.care.usecases.campaigns.campaigns import (
        CloneCampaign,
        CommentOnCampaign,
        MoveCampaign,
        MoveRevision,
        ReviseCampaign,
    )

    clock = SystemClock()
    campaigns = MongoCampaigns.of(clock)
    return CampaignsServicer(
        campaigns=campaigns,
        cursors=MongoPlanCursors(),
        revise_campaign=ReviseCampaign(campaigns, LiquidWords(), clock),
        move_campaign=MoveCampaign(campaigns, clock),
        move_revision=MoveRevision(campaigns, clock),
        comment_on_campaign=CommentOnCampaign(campaigns, clock),
        clone_campaign=CloneCampaign(campaigns, clock),
    )


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
