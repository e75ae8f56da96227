"""Root fields that change what is planned for whom, by which rule, who approved it."""

import strawberry

from gateway.graphql.care.campaigns.looking import TestDelivery
from gateway.graphql.care.campaigns.payload import RESULT
from gateway.graphql.care.campaigns.plan import CampaignPlanInput
from gateway.graphql.care.campaigns.verbs import Comment, judged
from gateway.graphql.care.core.enums import Channel, Language
from gateway.graphql.roots import ETag, Info, RequestId, mutation, result_of
from gateway.graphql.sending import send
from gateway.graphql.sources import message, packed
from membercare.care.v1 import campaign_pb2
from membercare.care.v1 import campaigns_service_pb2 as pb


@message(pb.SendCampaignTestResponse, description="What became of a test; nothing of it is in the ledger.")
class CampaignTestPayload:
    deliveries: list[TestDelivery] = strawberry.field(
        description="One for each address; empty if a repeat sent nothing."
    )


@strawberry.type
class CampaignsMutation:
    @mutation(
        RESULT,
        rpc="ReviseCampaign",
        description=(
            "Writes another plan: in place while nothing has started, else as the next version, which has to be "
            "approved and counts for days that nobody lives in yet."
        ),
    )
    async def revise_campaign(
        self,
        info: Info,
        id: strawberry.ID,
        plan: CampaignPlanInput,
        name: str | None = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.ReviseCampaignResponse:
        written = packed(plan, campaign_pb2.CampaignPlan)
        reply: pb.ReviseCampaignResponse = await send(
            info,
            pb.ReviseCampaignRequest,
            campaign_id=id,
            plan=written,
            name=name,
            etag=etag,
            request_id=request_id,
        )
        return reply

    withdraw_campaign = judged(pb.WithdrawCampaignRequest, "In review back to draft, by whoever writes it.")
    finish_campaign = judged(
        pb.FinishCampaignRequest, "Running or paused to finished: what was planned still leaves, nothing new follows."
    )
    submit_campaign_revision = judged(pb.SubmitCampaignRevisionRequest, "Asks for the approval of the next version.")
    approve_campaign_revision = judged(
        pb.ApproveCampaignRevisionRequest,
        "The next version counts for days that nobody lives in yet. By somebody other than its author.",
    )
    reject_campaign_revision = judged(pb.RejectCampaignRevisionRequest, "The next version goes back to its author.")
    discard_campaign_revision = judged(pb.DiscardCampaignRevisionRequest, "The next version is given up.")

    @mutation(RESULT, rpc="CommentOnCampaign", description="Notes what somebody says about a campaign.")
    async def comment_on_campaign(
        self, info: Info, id: strawberry.ID, text: str, etag: ETag = None, request_id: RequestId = None
    ) -> pb.CommentOnCampaignResponse:
        reply: pb.CommentOnCampaignResponse = await send(
            info, pb.CommentOnCampaignRequest, campaign_id=id, text=text, etag=etag, request_id=request_id
        )
        return reply

    @mutation(
        RESULT,
        rpc="CloneCampaign",
        description="Writes a draft with the plan of another campaign; approvals and touches are not copied.",
    )
    async def clone_campaign(
        self, info: Info, id: strawberry.ID, name: str, request_id: RequestId = None
    ) -> pb.CloneCampaignResponse:
        reply: pb.CloneCampaignResponse = await send(
            info, pb.CloneCampaignRequest, campaign_id=id, name=name, request_id=request_id
        )
        return reply

    @mutation(
        RESULT,
        rpc="ChooseCampaignWinner",
        description="Gives everybody one variant from now on; what is planned stays. Null: they are compared again.",
    )
    async def choose_campaign_winner(
        self,
        info: Info,
        id: strawberry.ID,
        variant: str | None = None,
        comment: Comment = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> pb.ChooseCampaignWinnerResponse:
        reply: pb.ChooseCampaignWinnerResponse = await send(
            info,
            pb.ChooseCampaignWinnerRequest,
            campaign_id=id,
            variant=variant,
            comment=comment,
            etag=etag,
            request_id=request_id,
        )
        return reply

    @mutation(
        result_of(CampaignTestPayload, "CampaignTestResult"),
        rpc="SendCampaignTest",
        description="Mails a message of any channel, as one member would get it, to the staff; it is in no ledger.",
    )
    async def send_campaign_test(  # noqa: PLR0913  # the arguments of the schema
        self,
        info: Info,
        id: strawberry.ID,
        member_id: strawberry.ID,
        addresses: list[str],
        *,
        variant: str | None = None,
        step: str | None = None,
        language: Language | None = None,
        channel: Channel | None = None,
        request_id: RequestId = None,
    ) -> pb.SendCampaignTestResponse:
        reply: pb.SendCampaignTestResponse = await send(
            info,
            pb.SendCampaignTestRequest,
            campaign_id=id,
            member_id=member_id,
            addresses=addresses,
            variant=variant,
            step=step,
            language=language,
            channel=channel,
            request_id=request_id,
        )
        return reply
