"""Root fields that read what came of campaigns."""

from collections.abc import Sequence
from typing import Annotated

import strawberry

from gateway.graphql.care.results.campaign_types import AgendaDay, CampaignResults, CampaignResultsFile, SkipCount
from gateway.graphql.roots import Info, query
from gateway.graphql.scalars import Date, Month
from gateway.graphql.sending import send
from membercare.care.v1 import campaign_results_pb2
from membercare.care.v1 import results_service_pb2 as pb

_First = Annotated[Date | None, strawberry.argument(description="First day of the occasions; null: the beginning.")]
_Last = Annotated[Date | None, strawberry.argument(description="Last day of the occasions; null: no end.")]


@strawberry.type
class CampaignResultsQuery:
    @query(
        CampaignResults,
        rpc="ReportCampaignResults",
        description="How far the messages of a campaign got, what members did, and what the campaign changed.",
    )
    async def campaign_results(
        self, info: Info, campaign_id: strawberry.ID, first_date: _First = None, last_date: _Last = None
    ) -> campaign_results_pb2.CampaignResults:
        reply: pb.ReportCampaignResultsResponse = await send(
            info,
            pb.ReportCampaignResultsRequest,
            patient=True,
            campaign_id=campaign_id,
            first_date=first_date,
            last_date=last_date,
        )
        return reply.results

    @query(CampaignResultsFile, rpc="ExportCampaignResults", description="The same numbers as a workbook.")
    async def campaign_results_file(
        self, info: Info, campaign_id: strawberry.ID, first_date: _First = None, last_date: _Last = None
    ) -> pb.ExportCampaignResultsResponse:
        reply: pb.ExportCampaignResultsResponse = await send(
            info,
            pb.ExportCampaignResultsRequest,
            patient=True,
            campaign_id=campaign_id,
            first_date=first_date,
            last_date=last_date,
        )
        return reply

    @query(list[SkipCount], rpc="ListSkips", description="Why messages of a campaign were not sent, the most first.")
    async def campaign_skips(
        self, info: Info, campaign_id: strawberry.ID, first_date: _First = None, last_date: _Last = None
    ) -> Sequence[campaign_results_pb2.SkipCount]:
        reply: pb.ListSkipsResponse = await send(
            info, pb.ListSkipsRequest, campaign_id=campaign_id, first_date=first_date, last_date=last_date
        )
        return reply.skips

    @query(
        list[AgendaDay],
        rpc="GetCareAgenda",
        description="Messages of each campaign and visits of each day of a month, past and planned.",
    )
    async def care_agenda(self, info: Info, month: Month) -> Sequence[campaign_results_pb2.AgendaDay]:
        reply: pb.GetCareAgendaResponse = await send(info, pb.GetCareAgendaRequest, month=month)
        return reply.days
