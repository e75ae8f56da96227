"""Root fields that read what is planned for whom, by which rule, who approved it."""

from collections.abc import Mapping

import strawberry

from gateway.graphql.care.campaigns.looking import (
    CampaignFindings,
    CampaignMessagePreview,
    CampaignRunPreview,
    VariantReport,
)
from gateway.graphql.care.campaigns.types import CampaignChanges
from gateway.graphql.care.core.enums import Channel, Language
from gateway.graphql.connections import DEFAULT_FIRST, After, First
from gateway.graphql.loaders import Loader
from gateway.graphql.roots import Info, query
from gateway.graphql.scalars import Date
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

    @query(CampaignFindings, rpc="CheckCampaign", description="What would go wrong with the plan being written.")
    async def check_campaign(self, info: Info, campaign_id: strawberry.ID) -> pb.CheckCampaignResponse:
        reply: pb.CheckCampaignResponse = await send(info, pb.CheckCampaignRequest, campaign_id=campaign_id)
        return reply

    @query(
        CampaignMessagePreview,
        rpc="PreviewCampaignMessage",
        description="The message as one member would get it; nothing is sent and nothing written down.",
    )
    async def preview_campaign_message(
        self,
        info: Info,
        campaign_id: strawberry.ID,
        member_id: strawberry.ID,
        channel: Channel | None = None,
        variant: str | None = None,
        step: str | None = None,
        language: Language | None = None,
    ) -> pb.PreviewCampaignMessageResponse:
        reply: pb.PreviewCampaignMessageResponse = await send(
            info,
            pb.PreviewCampaignMessageRequest,
            campaign_id=campaign_id,
            member_id=member_id,
            channel=channel,
            variant=variant,
            step=step,
            language=language,
        )
        return reply

    @query(VariantReport, rpc="ReportCampaignVariants", description="What the variants came to, and whether one wins.")
    async def campaign_variants(self, info: Info, campaign_id: strawberry.ID) -> pb.ReportCampaignVariantsResponse:
        reply: pb.ReportCampaignVariantsResponse = await send(
            info, pb.ReportCampaignVariantsRequest, patient=True, campaign_id=campaign_id
        )
        return reply

    @query(
        CampaignRunPreview,
        rpc="PreviewCampaignRun",
        description="If this ran that day: who gets it, who does not, and why. Nothing is planned or sent.",
    )
    async def preview_campaign_run(
        self,
        info: Info,
        campaign_id: strawberry.ID,
        date: Date | None = None,
        verdict: str | None = None,
        first: First = DEFAULT_FIRST,
        after: After = None,
    ) -> pb.PreviewCampaignRunResponse:
        reply: pb.PreviewCampaignRunResponse = await send(
            info,
            pb.PreviewCampaignRunRequest,
            campaign_id=campaign_id,
            date=date,
            verdict=verdict,
            page_size=first,
            page_token=after,
        )
        return reply
