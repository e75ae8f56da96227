"""Root fields that write and move campaigns."""

from typing import Any

import strawberry
from google.protobuf.message import Message

from gateway.graphql.care.campaigns.plan import CampaignPlanInput
from gateway.graphql.care.core.types import Campaign
from gateway.graphql.roots import Info, RequestId, mutation, result_of, transition
from gateway.graphql.sources import message, packed
from membercare.care.v1 import campaign_pb2
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
    description="The campaign after the change.",
)
class CampaignPayload:
    campaign: Campaign


_RESULT = result_of(CampaignPayload, "CampaignResult")


def _verb(request: type[Message], description: str) -> Any:
    return transition(_RESULT, request, key="campaign_id", description=description)


@strawberry.type
class CoreCampaignsMutation:
    @mutation(_RESULT, rpc="CreateCampaign", description="Writes a draft; the caller becomes its author.")
    async def create_campaign(
        self, info: Info, name: str, plan: CampaignPlanInput, request_id: RequestId = None
    ) -> pb.CreateCampaignResponse:
        request = pb.CreateCampaignRequest(
            name=name, plan=packed(plan, campaign_pb2.CampaignPlan), request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.care.CreateCampaign, request)

    submit_campaign = _verb(pb.SubmitCampaignRequest, "Draft to in review.")
    approve_campaign = _verb(pb.ApproveCampaignRequest, "In review to approved, by somebody other than the author.")
    reject_campaign = _verb(pb.RejectCampaignRequest, "In review back to draft.")
    start_campaign = _verb(pb.StartCampaignRequest, "Approved to running.")
    pause_campaign = _verb(pb.PauseCampaignRequest, "Running to paused, within seconds.")
    resume_campaign = _verb(
        pb.ResumeCampaignRequest, "Paused to running; what fell due meanwhile follows the catch-up rule."
    )
    archive_campaign = _verb(pb.ArchiveCampaignRequest, "Any state but archived to archived.")
