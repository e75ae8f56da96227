"""The methods about what came of campaigns: unpack, call, pack."""

from dataclasses import dataclass
from hashlib import sha256

import grpc

from membercare.care.v1 import results_service_pb2 as pb
from services.care.rpc.results.messages import agenda_day_to_pb, results_to_pb, skips_to_pb, to_asked
from services.care.rpc.results.workbook import MEDIA_TYPE, workbook
from services.care.usecases.results.report_campaign import CountSkips, ReportCampaign
from services.care.usecases.results.show_agenda import ShowAgenda


@dataclass(frozen=True, kw_only=True)
class CampaignResultsMethods:
    """Reads; nothing is changed."""

    report_campaign: ReportCampaign
    count_skips: CountSkips
    show_agenda: ShowAgenda

    def ReportCampaignResults(
        self, request: pb.ReportCampaignResultsRequest, context: grpc.ServicerContext
    ) -> pb.ReportCampaignResultsResponse:
        return pb.ReportCampaignResultsResponse(results=results_to_pb(self.report_campaign(to_asked(request))))

    def ExportCampaignResults(
        self, request: pb.ExportCampaignResultsRequest, context: grpc.ServicerContext
    ) -> pb.ExportCampaignResultsResponse:
        results = self.report_campaign(to_asked(request))
        content = workbook(results)
        return pb.ExportCampaignResultsResponse(
            file_name=f"results-{results.asked.campaign_id}.xlsx",
            media_type=MEDIA_TYPE,
            content=content,
            sha256=sha256(content).hexdigest(),
        )

    def ListSkips(self, request: pb.ListSkipsRequest, context: grpc.ServicerContext) -> pb.ListSkipsResponse:
        return pb.ListSkipsResponse(skips=skips_to_pb(self.count_skips(to_asked(request))))

    def GetCareAgenda(
        self, request: pb.GetCareAgendaRequest, context: grpc.ServicerContext
    ) -> pb.GetCareAgendaResponse:
        return pb.GetCareAgendaResponse(days=map(agenda_day_to_pb, self.show_agenda(request.month)))
