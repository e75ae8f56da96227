"""Editing, reviewing and copying campaigns over the wire."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import campaign_pb2, campaign_plan_pb2
from membercare.care.v1 import campaigns_service_pb2 as pb
from membercare.care.v1 import care_service_pb2 as core
from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceStub
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.care.rpc.campaigns.access import ACCESS
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.care.test_campaigns_rpc import NO_CAMPAIGN, a_draft, a_plan


def a_running(calling: Calling, **plan: Any) -> str:
    """Return the id of a running campaign that `anna` wrote and `bert` approved."""
    anna = calling.as_subject(CareServiceStub, "anna", "ops")
    campaign_id = a_draft(anna, plan=a_plan(**plan)).id
    anna.SubmitCampaign(core.SubmitCampaignRequest(campaign_id=campaign_id, comment="please look"))
    bert = calling.as_subject(CareServiceStub, "bert", "approver")
    bert.ApproveCampaign(core.ApproveCampaignRequest(campaign_id=campaign_id))
    bert.StartCampaign(core.StartCampaignRequest(campaign_id=campaign_id))
    return campaign_id


def revise(room: CampaignsServiceStub, campaign_id: str, **plan: Any) -> campaign_pb2.Campaign:
    return room.ReviseCampaign(pb.ReviseCampaignRequest(campaign_id=campaign_id, plan=a_plan(**plan))).campaign


def test_every_method_of_the_room_has_its_roles() -> None:
    assert set(ACCESS) == set(pb.DESCRIPTOR.services_by_name["CampaignsService"].methods_by_name)


def test_the_next_version_of_a_running_campaign_is_written_asked_for_approved_and_on_record(calling: Calling) -> None:
    campaign_id = a_running(calling)
    anna = calling.as_subject(CampaignsServiceStub, "anna", "ops")
    bert = calling.as_subject(CampaignsServiceStub, "bert", "approver")
    written = revise(anna, campaign_id, send_at="10:00")
    assert (written.state, written.plan.send_at) == (campaign_pb2.CAMPAIGN_STATE_RUNNING, "09:00")
    assert written.revision.plan.send_at == "10:00"
    changes = anna.GetCampaignChanges(pb.GetCampaignChangesRequest(campaign_id=campaign_id))
    assert [(each.path, each.before, each.after) for each in changes.changes] == [("send_at", "09:00", "10:00")]
    anna.SubmitCampaignRevision(pb.SubmitCampaignRevisionRequest(campaign_id=campaign_id, comment="later"))
    done = bert.ApproveCampaignRevision(pb.ApproveCampaignRevisionRequest(campaign_id=campaign_id)).campaign
    assert (done.plan.send_at, done.plan_version, done.HasField("revision")) == ("10:00", 2, False)
    (history,) = anna.BatchGetCampaignHistories(
        pb.BatchGetCampaignHistoriesRequest(campaign_ids=[campaign_id, NO_CAMPAIGN])
    ).histories
    assert [(each.number, each.author, each.approver) for each in history.versions] == [
        (1, "anna", "bert"),
        (2, "anna", "bert"),
    ]
    assert history.versions[0].effective_from == ""
    assert history.versions[1].effective_from != ""
    assert [(note.by, note.verb, note.text) for note in history.notes] == [
        ("anna", "submit", "please look"),
        ("bert", "approve", ""),
        ("bert", "start", ""),
        ("anna", "revise", ""),
        ("anna", "submit_revision", "later"),
        ("bert", "approve_revision", ""),
    ]


def test_four_eyes_see_the_next_version_too(calling: Calling) -> None:
    campaign_id = a_running(calling)
    both = calling.as_subject(CampaignsServiceStub, "bert", "ops", "approver")
    revise(both, campaign_id, send_at="10:00")
    both.SubmitCampaignRevision(pb.SubmitCampaignRevisionRequest(campaign_id=campaign_id))
    refusal = refused(both.ApproveCampaignRevision, pb.ApproveCampaignRevisionRequest(campaign_id=campaign_id))
    assert (refusal.kind, refusal.reason) == (Kind.FORBIDDEN, "APPROVER_IS_AUTHOR")
    reads = calling.as_role(CareServiceStub, "ops")
    campaign = reads.GetCampaign(core.GetCampaignRequest(campaign_id=campaign_id)).campaign
    assert (campaign.plan_version, campaign.revision.state) == (1, campaign_pb2.CAMPAIGN_REVISION_STATE_IN_REVIEW)


def test_a_rejected_version_is_written_again_or_given_up(calling: Calling) -> None:
    campaign_id = a_running(calling)
    anna = calling.as_subject(CampaignsServiceStub, "anna", "ops")
    bert = calling.as_subject(CampaignsServiceStub, "bert", "approver")
    revise(anna, campaign_id, send_at="10:00")
    anna.SubmitCampaignRevision(pb.SubmitCampaignRevisionRequest(campaign_id=campaign_id))
    back = bert.RejectCampaignRevision(
        pb.RejectCampaignRevisionRequest(campaign_id=campaign_id, comment="too late in the day")
    ).campaign
    assert back.revision.state == campaign_pb2.CAMPAIGN_REVISION_STATE_DRAFT
    over = anna.DiscardCampaignRevision(pb.DiscardCampaignRevisionRequest(campaign_id=campaign_id)).campaign
    assert not over.HasField("revision")
    again = refused(anna.SubmitCampaignRevision, pb.SubmitCampaignRevisionRequest(campaign_id=campaign_id))
    assert (again.kind, again.reason) == (Kind.PRECONDITION, "NO_REVISION")


@pytest.mark.parametrize(
    ("plan", "reason", "field"),
    [
        ({"send_at": "25:00"}, "INVALID_FIELD", "plan.send_at"),
        (
            {"trigger": campaign_plan_pb2.CampaignTrigger(one_off=campaign_plan_pb2.OneOffTrigger(date="2027-01-01"))},
            "INVALID_FIELD",
            "plan.trigger",
        ),
        (
            {"trigger": campaign_plan_pb2.CampaignTrigger(one_off=campaign_plan_pb2.OneOffTrigger(date="soon"))},
            "INVALID_FIELD",
            "plan.trigger.one_off.date",
        ),
        ({"channels": [99]}, "INVALID_FIELD", "plan.channels[0]"),
    ],
)
def test_a_revision_that_is_wrong_is_refused_and_the_campaign_stays_as_it_is(
    calling: Calling, database: Database[dict[str, Any]], plan: dict[str, Any], reason: str, field: str
) -> None:
    campaign_id = a_running(calling)
    before = database["campaigns"].find_one({"_id": campaign_id})
    room = calling.as_role(CampaignsServiceStub, "ops")
    refusal = refused(room.ReviseCampaign, pb.ReviseCampaignRequest(campaign_id=campaign_id, plan=a_plan(**plan)))
    assert (refusal.reason, refusal.field) == (reason, field)
    assert database["campaigns"].find_one({"_id": campaign_id}) == before


def test_a_stale_revision_is_refused(calling: Calling) -> None:
    campaign_id = a_running(calling)
    room = calling.as_role(CampaignsServiceStub, "ops")
    request = pb.ReviseCampaignRequest(campaign_id=campaign_id, plan=a_plan(), etag="1")
    assert refused(room.ReviseCampaign, request).reason == "STALE_VERSION"


def test_a_repeated_revision_is_noted_once(calling: Calling) -> None:
    campaign_id = a_running(calling)
    room = calling.as_role(CampaignsServiceStub, "ops")
    request = pb.ReviseCampaignRequest(campaign_id=campaign_id, plan=a_plan(send_at="10:00"), request_id="r-9")
    assert room.ReviseCampaign(request).campaign.etag == room.ReviseCampaign(request).campaign.etag


def test_a_copy_is_a_draft_with_the_same_plan_and_no_past(calling: Calling) -> None:
    campaign_id = a_running(calling, send_at="08:15")
    room = calling.as_subject(CampaignsServiceStub, "carl", "ops")
    copy = room.CloneCampaign(pb.CloneCampaignRequest(campaign_id=campaign_id, name="Again")).campaign
    assert (copy.name, copy.state, copy.plan.send_at) == ("Again", campaign_pb2.CAMPAIGN_STATE_DRAFT, "08:15")
    assert (copy.author, copy.approver, copy.cloned_from_id, copy.plan_version) == ("carl", "", campaign_id, 1)
    nameless = refused(room.CloneCampaign, pb.CloneCampaignRequest(campaign_id=campaign_id))
    assert (nameless.reason, nameless.field) == ("INVALID_FIELD", "name")
    nothing = refused(room.CloneCampaign, pb.CloneCampaignRequest(campaign_id=NO_CAMPAIGN, name="x"))
    assert nothing.reason == "CAMPAIGN_NOT_FOUND"


def test_a_campaign_is_withdrawn_from_review_and_finished_once_it_runs(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    ops = calling.as_role(CareServiceStub, "ops")
    room = calling.as_role(CampaignsServiceStub, "ops")
    draft = a_draft(ops)
    ops.SubmitCampaign(core.SubmitCampaignRequest(campaign_id=draft.id))
    back = room.WithdrawCampaign(pb.WithdrawCampaignRequest(campaign_id=draft.id)).campaign
    assert back.state == campaign_pb2.CAMPAIGN_STATE_DRAFT
    early = refused(room.FinishCampaign, pb.FinishCampaignRequest(campaign_id=draft.id))
    assert early.reason == "CAMPAIGN_TRANSITION_REFUSED"
    running = a_running(calling)
    over = room.FinishCampaign(pb.FinishCampaignRequest(campaign_id=running)).campaign
    assert over.state == campaign_pb2.CAMPAIGN_STATE_FINISHED
    stored = database["campaigns"].find_one({"_id": running})
    assert stored
    assert [event["type"] for event in stored["outbox"]] == ["campaign_finished"]


def test_a_comment_is_kept_and_an_empty_one_refused(calling: Calling) -> None:
    campaign_id = a_running(calling)
    room = calling.as_role(CampaignsServiceStub, "ops")
    empty = refused(room.CommentOnCampaign, pb.CommentOnCampaignRequest(campaign_id=campaign_id))
    assert (empty.reason, empty.field) == ("INVALID_FIELD", "text")
    told = pb.CommentOnCampaignRequest(campaign_id=campaign_id, text="looks good", request_id="r-1")
    room.CommentOnCampaign(told)
    told.campaign_id = a_running(calling)
    elsewhere = refused(room.CommentOnCampaign, told)
    assert (elsewhere.reason, elsewhere.field) == ("INVALID_FIELD", "request_id")
    (history,) = room.BatchGetCampaignHistories(
        pb.BatchGetCampaignHistoriesRequest(campaign_ids=[campaign_id])
    ).histories
    assert [note.text for note in history.notes if note.verb == "comment"] == ["looks good"]


def test_agents_read_but_do_not_edit_and_ops_do_not_approve(calling: Calling) -> None:
    campaign_id = a_running(calling)
    agent = calling.as_role(CampaignsServiceStub, "agent")
    assert agent.GetCampaignChanges(pb.GetCampaignChangesRequest(campaign_id=campaign_id)).to_version == 1
    edit = refused(agent.ReviseCampaign, pb.ReviseCampaignRequest(campaign_id=campaign_id, plan=a_plan()))
    assert edit.kind is Kind.FORBIDDEN
    ops = calling.as_role(CampaignsServiceStub, "ops")
    approve = pb.ApproveCampaignRevisionRequest(campaign_id=campaign_id)
    assert refused(ops.ApproveCampaignRevision, approve).kind is Kind.FORBIDDEN


def test_a_version_that_is_not_there_is_refused(calling: Calling) -> None:
    campaign_id = a_running(calling)
    room = calling.as_role(CampaignsServiceStub, "ops")
    request = pb.GetCampaignChangesRequest(campaign_id=campaign_id, to_version=9)
    assert refused(room.GetCampaignChanges, request).reason == "CAMPAIGN_VERSION_NOT_FOUND"
    below = pb.GetCampaignChangesRequest(campaign_id=campaign_id, from_version=-1)
    assert refused(room.GetCampaignChanges, below).field == "from_version"


def test_who_stopped_a_campaign_when_and_why_is_on_record(calling: Calling) -> None:
    campaign_id = a_running(calling)
    olga = calling.as_subject(CareServiceStub, "olga", "ops")
    paused = olga.PauseCampaign(core.PauseCampaignRequest(campaign_id=campaign_id, comment="wrong words")).campaign
    assert paused.state == campaign_pb2.CAMPAIGN_STATE_PAUSED
    olga.ResumeCampaign(core.ResumeCampaignRequest(campaign_id=campaign_id))
    room = calling.as_role(CampaignsServiceStub, "auditor")
    (history,) = room.BatchGetCampaignHistories(
        pb.BatchGetCampaignHistoriesRequest(campaign_ids=[campaign_id])
    ).histories
    stop, go_on = history.notes[-2:]
    assert (stop.by, stop.verb, stop.text) == ("olga", "pause", "wrong words")
    assert (go_on.by, go_on.verb, go_on.text) == ("olga", "resume", "")
    assert stop.HasField("time")
    long = core.PauseCampaignRequest(campaign_id=campaign_id, comment="x" * 2_001)
    refusal = refused(olga.PauseCampaign, long)
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", "comment")
