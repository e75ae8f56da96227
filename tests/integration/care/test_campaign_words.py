"""Words of the library in a campaign: copied when approval is asked for, and left alone after it was given."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import campaign_pb2, channel_pb2, words_pb2
from membercare.care.v1 import campaigns_service_pb2 as versions
from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1 import templates_service_pb2 as library
from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceStub
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.templates_service_pb2_grpc import TemplatesServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.care.test_campaigns_rpc import a_plan
from tests.integration.care.test_words import EN, HELLO, MARKETING, NIHAO, NOBODY, SMS, ZH, some_words

OFFER = words_pb2.WordsText(language=EN, subject="Offer", body="{{ member.name }} {{ links.unsubscribe }}")
PATH = "plan.templates[1].words_id"


class Office:
    """Who writes, and who approves."""

    def __init__(self, calling: Calling) -> None:
        self.writer = calling.as_subject(CareServiceStub, "anna", "ops")
        self.editor = calling.as_subject(TemplatesServiceStub, "anna", "ops")
        self.publisher = calling.as_subject(TemplatesServiceStub, "bert", "approver")
        self.approver = calling.as_subject(CareServiceStub, "bert", "approver")
        self.room = calling.as_subject(CampaignsServiceStub, "anna", "ops")
        self.second = calling.as_subject(CampaignsServiceStub, "bert", "approver")

    def words(self, *texts: Any, **fields: Any) -> str:
        words_id = some_words(self.editor, *texts, **fields).id
        self.publisher.PublishWords(library.PublishWordsRequest(words_id=words_id))
        return words_id

    def say_anew(self, words_id: str) -> None:
        """Publish other words in place of those of today."""
        changed = words_pb2.WordsText(language=EN, subject="Good day", body="Good day {{ member.name }}")
        self.editor.ReviseWords(library.ReviseWordsRequest(words_id=words_id, texts=[changed]))
        self.publisher.PublishWords(library.PublishWordsRequest(words_id=words_id))

    def draft(self, words_id: str) -> campaign_pb2.Campaign:
        return self.writer.CreateCampaign(pb.CreateCampaignRequest(name="Words", plan=taking(words_id))).campaign

    def said(self, campaign_id: str) -> list[tuple[str, str]]:
        plan = self.writer.GetCampaign(pb.GetCampaignRequest(campaign_id=campaign_id)).campaign.plan
        return [(each.subject, each.body) for each in plan.templates]


@pytest.fixture
def office(calling: Calling) -> Office:
    return Office(calling)


def taking(words_id: str) -> campaign_pb2.CampaignPlan:
    languages = (ZH, EN)
    return a_plan(templates=[campaign_pb2.MessageTemplate(language=each, words_id=words_id) for each in languages])


BOTH = [(NIHAO.subject, NIHAO.body), (HELLO.subject, HELLO.body)]
ANEW = [("Good day", "Good day {{ member.name }}")] * 2


def test_a_draft_says_what_the_library_says_and_so_does_what_approval_is_asked_for(office: Office) -> None:
    words_id = office.words()
    draft = office.draft(words_id)
    assert office.said(draft.id) == BOTH
    assert {each.words_id for each in draft.plan.templates} == {words_id}
    office.say_anew(words_id)
    assert office.said(draft.id) == BOTH
    office.writer.SubmitCampaign(pb.SubmitCampaignRequest(campaign_id=draft.id))
    assert office.said(draft.id) == ANEW


def test_words_that_are_changed_after_approval_was_asked_for_change_no_campaign(office: Office) -> None:
    words_id = office.words()
    draft = office.draft(words_id)
    office.writer.SubmitCampaign(pb.SubmitCampaignRequest(campaign_id=draft.id))
    office.say_anew(words_id)
    office.approver.ApproveCampaign(pb.ApproveCampaignRequest(campaign_id=draft.id))
    office.publisher.RetireWords(library.RetireWordsRequest(words_id=words_id))
    office.writer.StartCampaign(pb.StartCampaignRequest(campaign_id=draft.id))
    assert office.said(draft.id) == BOTH


def test_the_next_version_of_a_running_campaign_takes_the_words_as_they_are_when_approval_is_asked_for(
    office: Office,
) -> None:
    words_id = office.words()
    draft = office.draft(words_id)
    office.writer.SubmitCampaign(pb.SubmitCampaignRequest(campaign_id=draft.id))
    office.approver.ApproveCampaign(pb.ApproveCampaignRequest(campaign_id=draft.id))
    office.writer.StartCampaign(pb.StartCampaignRequest(campaign_id=draft.id))
    office.room.ReviseCampaign(versions.ReviseCampaignRequest(campaign_id=draft.id, plan=taking(words_id)))
    office.say_anew(words_id)
    office.room.SubmitCampaignRevision(versions.SubmitCampaignRevisionRequest(campaign_id=draft.id))
    assert office.said(draft.id) == BOTH
    office.second.ApproveCampaignRevision(versions.ApproveCampaignRevisionRequest(campaign_id=draft.id))
    assert office.said(draft.id) == ANEW


@pytest.mark.parametrize("fields", [{"purpose": MARKETING}, {"channel": SMS}], ids=["purpose", "channel"])
def test_words_for_something_else_are_refused_by_the_path(
    office: Office, database: Database[dict[str, Any]], fields: dict[str, Any]
) -> None:
    told = {"channel": channel_pb2.CHANNEL_EMAIL} | fields
    _refused(office, database, words_id=office.words(OFFER, **told), reason="INVALID_FIELD")


@pytest.mark.parametrize(("words_id", "reason"), [(NOBODY, "WORDS_NOT_FOUND"), ("tch_1", "INVALID_ID")])
def test_words_that_are_not_there_are_refused_by_the_path(
    office: Office, database: Database[dict[str, Any]], words_id: str, reason: str
) -> None:
    _refused(office, database, words_id=words_id, reason=reason)


def test_words_that_nobody_published_are_refused_by_the_path(
    office: Office, database: Database[dict[str, Any]]
) -> None:
    _refused(office, database, words_id=some_words(office.editor).id, reason="WORDS_NOT_PUBLISHED")


def test_approval_is_not_asked_for_with_words_that_went_out_of_use(office: Office) -> None:
    words_id = office.words()
    draft = office.draft(words_id)
    office.publisher.RetireWords(library.RetireWordsRequest(words_id=words_id))
    refusal = refused(office.writer.SubmitCampaign, pb.SubmitCampaignRequest(campaign_id=draft.id))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "WORDS_RETIRED")
    assert refusal.field == "plan.templates[0].words_id"
    after = office.writer.GetCampaign(pb.GetCampaignRequest(campaign_id=draft.id)).campaign
    assert (after.state, after.etag) == (campaign_pb2.CAMPAIGN_STATE_DRAFT, draft.etag)


def _refused(office: Office, database: Database[dict[str, Any]], *, words_id: str, reason: str) -> None:
    plan = a_plan()
    plan.templates[1].words_id = words_id
    refusal = refused(office.writer.CreateCampaign, pb.CreateCampaignRequest(name="x", plan=plan))
    assert (refusal.reason, refusal.field) == (reason, PATH)
    assert database["campaigns"].count_documents({}) == 0
