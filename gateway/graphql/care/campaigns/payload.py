"""What a change of a campaign answers."""

from gateway.graphql.care.core.types import Campaign
from gateway.graphql.roots import result_of
from gateway.graphql.sources import message
from membercare.care.v1 import campaigns_service_pb2 as room
from membercare.care.v1 import care_service_pb2 as pb


@message(
    pb.CreateCampaignResponse,
    pb.SubmitCampaignResponse,
    pb.ApproveCampaignResponse,
    pb.RejectCampaignResponse,
    pb.StartCampaignResponse,
    pb.PauseCampaignResponse,
    pb.ResumeCampaignResponse,
    pb.ArchiveCampaignResponse,
    room.ReviseCampaignResponse,
    room.WithdrawCampaignResponse,
    room.FinishCampaignResponse,
    room.SubmitCampaignRevisionResponse,
    room.ApproveCampaignRevisionResponse,
    room.RejectCampaignRevisionResponse,
    room.DiscardCampaignRevisionResponse,
    room.CommentOnCampaignResponse,
    room.CloneCampaignResponse,
    room.ChooseCampaignWinnerResponse,
    description="The campaign after the change.",
)
class CampaignPayload:
    campaign: Campaign


RESULT = result_of(CampaignPayload, "CampaignResult")
