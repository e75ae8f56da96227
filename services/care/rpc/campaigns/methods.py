"""The methods about campaigns: unpack, call, pack."""

from collections.abc import Sequence
from dataclasses import dataclass

import grpc

from membercare.care.v1 import campaign_pb2
from membercare.care.v1 import care_service_pb2 as pb
from services.care.domain.campaigns.campaign import Campaign, CampaignVerb
from services.care.ports.campaigns import Campaigns, PlanCursors
from services.care.ports.touches import CountProgress
from services.care.rpc.campaigns.messages import STATES, campaign_to_pb
from services.care.rpc.campaigns.order import SaidRequest, order_of
from services.care.rpc.campaigns.plan_messages import to_plan
from services.care.usecases.campaigns.campaigns import MoveCampaign, WriteCampaign
from services.care.usecases.campaigns.explain_member import ExplainMember
from services.chassis.checks import batch, page_size
from services.chassis.identity import current_caller
from services.chassis.ids import check_id, optional_id

_MOST_COUNTED = 100


@dataclass(frozen=True, kw_only=True)
class CampaignMethods:
    """Reads go to the stores, writes to the use cases."""

    campaigns: Campaigns
    cursors: PlanCursors
    count_progress: CountProgress
    write_campaign: WriteCampaign
    move_campaign: MoveCampaign
    explain_member: ExplainMember

    def CreateCampaign(
        self, request: pb.CreateCampaignRequest, context: grpc.ServicerContext
    ) -> pb.CreateCampaignResponse:
        campaign = self.write_campaign(
            request.name, to_plan(request.plan), caller=current_caller(), request_id=request.request_id
        )
        return pb.CreateCampaignResponse(campaign=campaign_to_pb(campaign, ""))

    def GetCampaign(self, request: pb.GetCampaignRequest, context: grpc.ServicerContext) -> pb.GetCampaignResponse:
        campaign = self.campaigns.get(check_id(request.campaign_id, "cmp", field="campaign_id"))
        return pb.GetCampaignResponse(campaign=self._pack([campaign])[0])

    def BatchGetCampaigns(
        self, request: pb.BatchGetCampaignsRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetCampaignsResponse:
        found = self.campaigns.batch_get(batch(request.campaign_ids, "campaign_ids", prefix="cmp"))
        return pb.BatchGetCampaignsResponse(campaigns=self._pack(found))

    def ListCampaigns(
        self, request: pb.ListCampaignsRequest, context: grpc.ServicerContext
    ) -> pb.ListCampaignsResponse:
        page = self.campaigns.page(
            STATES.member(request.filter.state, "filter.state"),
            size=page_size(request.page_size),
            after=optional_id(request.page_token, "cmp", field="page_token"),
        )
        return pb.ListCampaignsResponse(campaigns=self._pack(page.items), next_page_token=page.next_token)

    def BatchGetCampaignProgress(
        self, request: pb.BatchGetCampaignProgressRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetCampaignProgressResponse:
        ids = batch(request.campaign_ids, "campaign_ids", prefix="cmp", most=_MOST_COUNTED)
        counts = self.count_progress(ids)
        existing = {campaign.id for campaign in self.campaigns.batch_get(ids)}
        return pb.BatchGetCampaignProgressResponse(
            progress=[
                _progress(campaign_id, counts.get(campaign_id, [])) for campaign_id in ids if campaign_id in existing
            ]
        )

    def SubmitCampaign(
        self, request: pb.SubmitCampaignRequest, context: grpc.ServicerContext
    ) -> pb.SubmitCampaignResponse:
        return pb.SubmitCampaignResponse(campaign=self._move(CampaignVerb.SUBMIT, request))

    def ApproveCampaign(
        self, request: pb.ApproveCampaignRequest, context: grpc.ServicerContext
    ) -> pb.ApproveCampaignResponse:
        return pb.ApproveCampaignResponse(campaign=self._move(CampaignVerb.APPROVE, request))

    def RejectCampaign(
        self, request: pb.RejectCampaignRequest, context: grpc.ServicerContext
    ) -> pb.RejectCampaignResponse:
        return pb.RejectCampaignResponse(campaign=self._move(CampaignVerb.REJECT, request))

    def StartCampaign(
        self, request: pb.StartCampaignRequest, context: grpc.ServicerContext
    ) -> pb.StartCampaignResponse:
        return pb.StartCampaignResponse(campaign=self._move(CampaignVerb.START, request))

    def PauseCampaign(
        self, request: pb.PauseCampaignRequest, context: grpc.ServicerContext
    ) -> pb.PauseCampaignResponse:
        return pb.PauseCampaignResponse(campaign=self._move(CampaignVerb.PAUSE, request))

    def ResumeCampaign(
        self, request: pb.ResumeCampaignRequest, context: grpc.ServicerContext
    ) -> pb.ResumeCampaignResponse:
        return pb.ResumeCampaignResponse(campaign=self._move(CampaignVerb.RESUME, request))

    def ArchiveCampaign(
        self, request: pb.ArchiveCampaignRequest, context: grpc.ServicerContext
    ) -> pb.ArchiveCampaignResponse:
        return pb.ArchiveCampaignResponse(campaign=self._move(CampaignVerb.ARCHIVE, request))

    def ExplainMember(
        self, request: pb.ExplainMemberRequest, context: grpc.ServicerContext
    ) -> pb.ExplainMemberResponse:
        explained = self.explain_member(request.campaign_id, request.member_id)
        return pb.ExplainMemberResponse(
            verdict=explained.verdict,
            explanation_en=explained.english,
            explanation_zh=explained.chinese,
            next_date=explained.next_date.isoformat() if explained.next_date else "",
        )

    def _move(self, verb: CampaignVerb, request: SaidRequest) -> campaign_pb2.Campaign:
        return self._pack([self.move_campaign(verb, order_of(request), comment=request.comment)])[0]

    def _pack(self, campaigns: Sequence[Campaign]) -> list[campaign_pb2.Campaign]:
        through = self.cursors.through([campaign.id for campaign in campaigns])
        return [campaign_to_pb(campaign, through.get(campaign.id, "")) for campaign in campaigns]


def _progress(campaign_id: str, counts: Sequence[tuple[str, str, int]]) -> campaign_pb2.CampaignProgress:
    return campaign_pb2.CampaignProgress(
        campaign_id=campaign_id,
        total=sum(count for _, _, count in counts),
        counts=[
            campaign_pb2.CampaignProgressCount(state=state.removeprefix("TOUCH_STATE_"), reason=reason, count=count)
            for state, reason, count in counts
        ],
    )
