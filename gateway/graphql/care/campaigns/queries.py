"""Root fields that read what is planned for whom, by which rule, who approved it."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.care.campaigns.types import CampaignChanges
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, query
from gateway.graphql.sending import send
from membercare.care.v1 import campaigns_service_pb2 as pb

NODES: Mapping[str, Loader] = {}


@strawberry.type
class CampaignsQuery:
    @query(
        CampaignChanges,
        rpc="GetCampaignChanges",
        description="What changed since the version that was approved last, or between two versions.",
    )
    async def campaign_changes(
        self,
        info: Info,
        campaign_id: strawberry.ID,
        from_version: int | None = None,
        to_version: int | None = None,
    ) -> pb.GetCampaignChangesResponse:
        reply: pb.GetCampaignChangesResponse = await send(
            info,
            pb.GetCampaignChangesRequest,
            campaign_id=campaign_id,
            from_version=from_version,
            to_version=to_version,
        )
        return reply
