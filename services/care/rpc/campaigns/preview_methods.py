"""The methods that look before anything happens: unpack, call, pack."""

from dataclasses import dataclass
from datetime import date

import grpc

from membercare.care.v1 import campaigns_service_pb2 as pb
from services.care.domain.campaigns.explanation import Explanation
from services.care.domain.channels import Channel
from services.care.domain.sending.touch import TouchState
from services.care.rpc.enums import CHANNELS, LANGUAGES
from services.care.rpc.sending.methods import STATES
from services.care.usecases.campaigns.check_campaign import CheckCampaign
from services.care.usecases.campaigns.order import CampaignOrder
from services.care.usecases.campaigns.preview_message import Asked, PreviewMessage, SendTest
from services.care.usecases.campaigns.preview_run import Foreseen, PreviewRun, RunAsked, checked_token
from services.chassis.checks import civil_date, line, page_size
from services.chassis.identity import current_caller
from services.chassis.timestamps import to_timestamp


@dataclass(frozen=True, kw_only=True)
class PreviewMethods:
    """Nothing here is in the ledger."""

    check_campaign: CheckCampaign
    preview_message: PreviewMessage
    preview_run: PreviewRun
    send_test: SendTest

    def CheckCampaign(
        self, request: pb.CheckCampaignRequest, context: grpc.ServicerContext
    ) -> pb.CheckCampaignResponse:
        return pb.CheckCampaignResponse(
            findings=[
                pb.CampaignFinding(
                    blocks=found.blocks,
                    code=found.code,
                    field=found.field,
                    message_en=found.english,
                    message_zh=found.chinese,
                )
                for found in self.check_campaign(request.campaign_id)
            ]
        )

    def PreviewCampaignMessage(
        self, request: pb.PreviewCampaignMessageRequest, context: grpc.ServicerContext
    ) -> pb.PreviewCampaignMessageResponse:
        preview = self.preview_message(
            Asked(
                campaign_id=request.campaign_id,
                member_id=request.member_id,
                channel=CHANNELS.member(request.channel, "channel"),
                variant=request.variant,
                step=request.step,
                language=LANGUAGES.member(request.language, "language"),
            )
        )
        return pb.PreviewCampaignMessageResponse(
            subject=preview.words.subject,
            body=preview.words.body,
            channel=CHANNELS.number(preview.channel),
            language=LANGUAGES.number(preview.language),
            variant=preview.variant,
        )

    def PreviewCampaignRun(
        self, request: pb.PreviewCampaignRunRequest, context: grpc.ServicerContext
    ) -> pb.PreviewCampaignRunResponse:
        run = self.preview_run(
            RunAsked(
                campaign_id=request.campaign_id,
                day=civil_date(request.date, "date") if request.date else None,
                verdict=line(request.verdict, "verdict", most=50),
                size=page_size(request.page_size),
                after=checked_token(request.page_token),
            )
        )
        return pb.PreviewCampaignRunResponse(
            date=run.day.isoformat(),
            messages=[_foreseen(each, run.day) for each in run.page],
            next_page_token=run.next_token,
            counts=[_count(*told, count=count, day=run.day) for told, count in run.counts],
            plan_version=run.plan_version,
        )

    def SendCampaignTest(
        self, request: pb.SendCampaignTestRequest, context: grpc.ServicerContext
    ) -> pb.SendCampaignTestResponse:
        asked = Asked(
            campaign_id=request.campaign_id,
            member_id=request.member_id,
            variant=request.variant,
            step=request.step,
            language=LANGUAGES.member(request.language, "language"),
            channel=CHANNELS.member(request.channel, "channel"),
        )
        order = CampaignOrder(campaign_id=request.campaign_id, caller=current_caller(), request_id=request.request_id)
        sent = self.send_test(asked, list(request.addresses), order=order)
        return pb.SendCampaignTestResponse(
            deliveries=[pb.TestDelivery(address=address, accepted=accepted) for address, accepted in sent]
        )


def _foreseen(message: Foreseen, day: date) -> pb.ForeseenMessage:
    held_until = message.at if message.state is TouchState.HELD else None
    told = Explanation(message.verdict, day, held_until)
    return pb.ForeseenMessage(
        member_id=message.touch.member_id,
        occurrence=message.touch.occurrence,
        verdict=message.verdict,
        due_time=to_timestamp(message.at),
        channel=CHANNELS.number(Channel(message.touch.channel)),
        variant=message.touch.variant,
        explanation_en=told.english,
        explanation_zh=told.chinese,
        state=STATES.number(message.state),
    )


def _count(verdict: str, state: TouchState, *, count: int, day: date) -> pb.ForeseenCount:
    told = Explanation(verdict, day)
    return pb.ForeseenCount(
        verdict=verdict,
        count=count,
        explanation_en=told.english,
        explanation_zh=told.chinese,
        state=STATES.number(state),
    )
