"""Root fields that write and move campaigns."""

import strawberry

from gateway.graphql.care.campaigns.payload import RESULT
from gateway.graphql.care.campaigns.plan import CampaignPlanInput
from gateway.graphql.care.campaigns.verbs import judged
from gateway.graphql.roots import Info, RequestId, mutation
from gateway.graphql.sources import packed
from membercare.care.v1 import campaign_pb2
from membercare.care.v1 import care_service_pb2 as pb


@strawberry.type
class CoreCampaignsMutation:
    @mutation(RESULT, rpc="CreateCampaign", description="Writes a draft; the caller becomes its author.")
    async def create_campaign(
        self, info: Info, name: str, plan: CampaignPlanInput, request_id: RequestId = None
    ) -> pb.CreateCampaignResponse:
        request = pb.CreateCampaignRequest(
            name=name, plan=packed(plan, campaign_pb2.CampaignPlan), request_id=request_id or ""
        )
        return await info.context.call(info.context.clients.care.CreateCampaign, request)

    submit_campaign = judged(pb.SubmitCampaignRequest, "Draft to in review.")
    approve_campaign = judged(pb.ApproveCampaignRequest, "In review to approved, by somebody other than the author.")
    reject_campaign = judged(pb.RejectCampaignRequest, "In review back to draft.")
    start_campaign = judged(pb.StartCampaignRequest, "Approved to running.")
    pause_campaign = judged(
        pb.PauseCampaignRequest, "Running to paused, within seconds: the emergency stop of one campaign. Say why."
    )
    resume_campaign = judged(
        pb.ResumeCampaignRequest, "Paused to running; what fell due meanwhile follows the catch-up rule."
    )
    archive_campaign = judged(pb.ArchiveCampaignRequest, "Any state but archived to archived.")
