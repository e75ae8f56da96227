"""The methods about versions of campaigns: unpack, call, pack."""

from dataclasses import dataclass

import grpc

from membercare.care.v1 import campaign_pb2
from membercare.care.v1 import campaigns_service_pb2 as pb
from services.care.domain.campaigns.campaign import Campaign, CampaignVerb
from services.care.domain.campaigns.changes import changes_of
from services.care.domain.campaigns.versions import RevisionVerb
from services.care.ports.campaigns import Campaigns, PlanCursors
from services.care.rpc.campaigns.messages import campaign_to_pb, version_to_pb
from services.care.rpc.campaigns.order import SaidRequest, order_of
from services.care.rpc.campaigns.plan_messages import to_plan
from services.care.usecases.campaigns.campaigns import (
    CloneCampaign,
    CommentOnCampaign,
    MoveCampaign,
    MoveRevision,
    ReviseCampaign,
)
from services.chassis.checks import batch
from services.chassis.errors import InvalidField
from services.chassis.identity import current_caller
from services.chassis.ids import check_id
from services.chassis.timestamps import to_timestamp

_MOST_HISTORIES = 50


@dataclass(frozen=True, kw_only=True)
class RevisionMethods:
    """Reads go to the store, writes to the use cases."""

    campaigns: Campaigns
    cursors: PlanCursors
    revise_campaign: ReviseCampaign
    move_campaign: MoveCampaign
    move_revision: MoveRevision
    comment_on_campaign: CommentOnCampaign
    clone_campaign: CloneCampaign

    def ReviseCampaign(
        self, request: pb.ReviseCampaignRequest, context: grpc.ServicerContext
    ) -> pb.ReviseCampaignResponse:
        campaign = self.revise_campaign(order_of(request), to_plan(request.plan), name=request.name)
        return pb.ReviseCampaignResponse(campaign=self._pack(campaign))

    def WithdrawCampaign(
        self, request: pb.WithdrawCampaignRequest, context: grpc.ServicerContext
    ) -> pb.WithdrawCampaignResponse:
        return pb.WithdrawCampaignResponse(campaign=self._move(CampaignVerb.WITHDRAW, request))

    def FinishCampaign(
        self, request: pb.FinishCampaignRequest, context: grpc.ServicerContext
    ) -> pb.FinishCampaignResponse:
        return pb.FinishCampaignResponse(campaign=self._move(CampaignVerb.FINISH, request))

    def SubmitCampaignRevision(
        self, request: pb.SubmitCampaignRevisionRequest, context: grpc.ServicerContext
    ) -> pb.SubmitCampaignRevisionResponse:
        return pb.SubmitCampaignRevisionResponse(campaign=self._move_revision(RevisionVerb.SUBMIT, request))

    def ApproveCampaignRevision(
        self, request: pb.ApproveCampaignRevisionRequest, context: grpc.ServicerContext
    ) -> pb.ApproveCampaignRevisionResponse:
        return pb.ApproveCampaignRevisionResponse(campaign=self._move_revision(RevisionVerb.APPROVE, request))

    def RejectCampaignRevision(
        self, request: pb.RejectCampaignRevisionRequest, context: grpc.ServicerContext
    ) -> pb.RejectCampaignRevisionResponse:
        return pb.RejectCampaignRevisionResponse(campaign=self._move_revision(RevisionVerb.REJECT, request))

    def DiscardCampaignRevision(
        self, request: pb.DiscardCampaignRevisionRequest, context: grpc.ServicerContext
    ) -> pb.DiscardCampaignRevisionResponse:
        return pb.DiscardCampaignRevisionResponse(campaign=self._move_revision(RevisionVerb.DISCARD, request))

    def CommentOnCampaign(
        self, request: pb.CommentOnCampaignRequest, context: grpc.ServicerContext
    ) -> pb.CommentOnCampaignResponse:
        campaign = self.comment_on_campaign(order_of(request), request.text)
        return pb.CommentOnCampaignResponse(campaign=self._pack(campaign))

    def CloneCampaign(
        self, request: pb.CloneCampaignRequest, context: grpc.ServicerContext
    ) -> pb.CloneCampaignResponse:
        campaign = self.clone_campaign(
            request.campaign_id, request.name, caller=current_caller(), request_id=request.request_id
        )
        return pb.CloneCampaignResponse(campaign=campaign_to_pb(campaign, ""))

    def BatchGetCampaignHistories(
        self, request: pb.BatchGetCampaignHistoriesRequest, context: grpc.ServicerContext
    ) -> pb.BatchGetCampaignHistoriesResponse:
        ids = batch(request.campaign_ids, "campaign_ids", prefix="cmp", most=_MOST_HISTORIES)
        return pb.BatchGetCampaignHistoriesResponse(histories=map(_history, self.campaigns.batch_get(ids)))

    def GetCampaignChanges(
        self, request: pb.GetCampaignChangesRequest, context: grpc.ServicerContext
    ) -> pb.GetCampaignChangesResponse:
        for field in ("from_version", "to_version"):
            if getattr(request, field) < 0:
                raise InvalidField(field, f"{field} must not be negative.")
        campaign = self.campaigns.get(check_id(request.campaign_id, "cmp", field="campaign_id"))
        found = changes_of(campaign, from_version=request.from_version, to_version=request.to_version)
        return pb.GetCampaignChangesResponse(
            from_version=found.from_version,
            to_version=found.to_version,
            changes=[
                pb.CampaignChange(path=change.path, before=change.before, after=change.after)
                for change in found.changes
            ],
        )

    def _move(self, verb: CampaignVerb, request: SaidRequest) -> campaign_pb2.Campaign:
        return self._pack(self.move_campaign(verb, order_of(request), comment=request.comment))

    def _move_revision(self, verb: RevisionVerb, request: SaidRequest) -> campaign_pb2.Campaign:
        return self._pack(self.move_revision(verb, order_of(request), comment=request.comment))

    def _pack(self, campaign: Campaign) -> campaign_pb2.Campaign:
        return campaign_to_pb(campaign, self.cursors.through([campaign.id]).get(campaign.id, ""))


def _history(campaign: Campaign) -> pb.CampaignHistory:
    notes = [
        pb.CampaignNote(by=note.by, time=to_timestamp(note.at), verb=note.verb, text=note.text, version=note.version)
        for note in campaign.notes
    ]
    return pb.CampaignHistory(
        campaign_id=campaign.id, versions=map(version_to_pb, campaign.approved_versions()), notes=notes
    )
