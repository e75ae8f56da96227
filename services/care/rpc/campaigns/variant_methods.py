"""The methods about variants: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.care.v1 import campaigns_service_pb2 as pb
from services.care.domain.campaigns.comparison import Verdict
from services.care.domain.campaigns.variant_words import verdict_in_words
from services.care.ports.campaigns import PlanCursors
from services.care.rpc.campaigns.messages import campaign_to_pb
from services.care.rpc.campaigns.order import order_of
from services.care.usecases.campaigns.compare_variants import ChooseWinner, ReportVariants, VariantReport
from services.chassis.proto_enums import EnumTable

VERDICTS = EnumTable(Verdict, pb.VariantVerdict)


@dataclass(frozen=True, kw_only=True)
class VariantMethods:
    """The report advises; a person chooses."""

    cursors: PlanCursors
    report_variants: ReportVariants
    choose_winner: ChooseWinner

    def ReportCampaignVariants(
        self, request: pb.ReportCampaignVariantsRequest, context: grpc.ServicerContext
    ) -> pb.ReportCampaignVariantsResponse:
        return _report(self.report_variants(request.campaign_id))

    def ChooseCampaignWinner(
        self, request: pb.ChooseCampaignWinnerRequest, context: grpc.ServicerContext
    ) -> pb.ChooseCampaignWinnerResponse:
        campaign = self.choose_winner(order_of(request), request.variant, comment=request.comment)
        through = self.cursors.through([campaign.id]).get(campaign.id, "")
        return pb.ChooseCampaignWinnerResponse(campaign=campaign_to_pb(campaign, through))


def _report(report: VariantReport) -> pb.ReportCampaignVariantsResponse:
    comparison = report.comparison
    english, chinese = verdict_in_words(comparison)
    return pb.ReportCampaignVariantsResponse(
        variants=[
            pb.VariantResult(
                name=arm.name,
                weight=report.weights[arm.name],
                sent=arm.sent,
                converted=arm.converted,
                rate=arm.rate,
            )
            for arm in report.arms
        ],
        verdict=VERDICTS.number(comparison.verdict),
        winner=comparison.winner,
        differences=[
            pb.VariantDifference(
                better=each.better,
                other=each.other,
                value=each.value,
                low=each.low,
                high=each.high,
                p_value=each.p_value,
            )
            for each in comparison.differences
        ],
        explanation_en=english,
        explanation_zh=chinese,
    )
