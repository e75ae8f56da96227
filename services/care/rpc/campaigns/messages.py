"""Campaigns and their versions as messages."""

from membercare.care.v1 import campaign_pb2
from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.campaigns.versions import CampaignVersion, Revision, RevisionState
from services.care.rpc.campaigns.plan_messages import plan_to_pb
from services.chassis.proto_enums import EnumTable
from services.chassis.timestamps import to_timestamp

STATES = EnumTable(CampaignState, campaign_pb2.CampaignState)
REVISION_STATES = EnumTable(RevisionState, campaign_pb2.CampaignRevisionState)


def campaign_to_pb(campaign: Campaign, planned_through: str) -> campaign_pb2.Campaign:
    return campaign_pb2.Campaign(
        id=campaign.id,
        name=campaign.name,
        state=STATES.number(campaign.state),
        plan=plan_to_pb(campaign.plan),
        author=campaign.author,
        approver=campaign.approver,
        planned_through=planned_through,
        etag=str(campaign.version),
        create_time=to_timestamp(campaign.created_at),
        update_time=to_timestamp(campaign.updated_at),
        plan_version=campaign.plan_version,
        submitter=campaign.submitted_by,
        submit_time=to_timestamp(campaign.submitted_at),
        start_time=to_timestamp(campaign.started_at),
        finish_time=to_timestamp(campaign.finished_at),
        revision=revision_to_pb(campaign.revision) if campaign.revision else None,
        cloned_from_id=campaign.cloned_from,
        winner=campaign.winner,
    )


def revision_to_pb(revision: Revision) -> campaign_pb2.CampaignRevision:
    return campaign_pb2.CampaignRevision(
        plan=plan_to_pb(revision.plan),
        state=REVISION_STATES.number(revision.state),
        author=revision.author,
        create_time=to_timestamp(revision.created_at),
        submitter=revision.submitted_by,
        submit_time=to_timestamp(revision.submitted_at),
    )


def version_to_pb(version: CampaignVersion) -> campaign_pb2.CampaignVersion:
    return campaign_pb2.CampaignVersion(
        number=version.number,
        plan=plan_to_pb(version.plan),
        author=version.author,
        create_time=to_timestamp(version.created_at),
        submitter=version.submitted_by,
        submit_time=to_timestamp(version.submitted_at),
        approver=version.approver,
        approve_time=to_timestamp(version.approved_at),
        effective_from=version.effective_from.isoformat() if version.effective_from else "",
    )
