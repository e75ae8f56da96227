from dataclasses import replace
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import campaign_pb2, member_pb2
from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.care.domain.campaigns.triggers import BirthdayTrigger
from services.care.domain.channels import Channel
from services.care.rpc.care.access import ACCESS
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import TEMPLATES, Greetings, solar

NO_CAMPAIGN = "cmp_00000000000000000000000000"
NO_MEMBER = "mem_00000000000000000000000000"


def a_plan(**fields: Any) -> campaign_pb2.CampaignPlan:
    templates = [
        campaign_pb2.MessageTemplate(language=member_pb2.LANGUAGE_EN, subject="Hello", body="Dear {{ member.name }}"),
        campaign_pb2.MessageTemplate(language=member_pb2.LANGUAGE_ZH_HANS, subject="您好", body="{{ member.name }}"),
    ]
    defaults: dict[str, Any] = {"send_at": "09:00", "catch_up_days": 3, "templates": templates}
    return campaign_pb2.CampaignPlan(**defaults | fields)


def a_draft(ops: CareServiceStub, **fields: Any) -> campaign_pb2.Campaign:
    request: dict[str, Any] = {"name": "Birthdays", "plan": a_plan()}
    return ops.CreateCampaign(pb.CreateCampaignRequest(**request | fields)).campaign


def test_every_method_has_its_roles() -> None:
    assert set(ACCESS) == set(pb.DESCRIPTOR.services_by_name["CareService"].methods_by_name)


def test_a_draft_keeps_what_was_written_and_says_its_defaults(calling: Calling) -> None:
    campaign = a_draft(calling.as_role(CareServiceStub, "ops"))
    assert campaign.state == campaign_pb2.CAMPAIGN_STATE_DRAFT
    assert campaign.plan.leap_day_policy == campaign_pb2.LEAP_DAY_POLICY_FEB_28
    assert campaign.plan.leap_month_policy == campaign_pb2.LEAP_MONTH_POLICY_REGULAR_MONTH
    assert campaign.plan.lunar_day30_policy == campaign_pb2.LUNAR_DAY30_POLICY_DAY_29
    assert (campaign.author, campaign.approver, campaign.etag) == ("somebody", "", "1")


def test_a_repeated_request_writes_one_draft(calling: Calling, database: Database[dict[str, Any]]) -> None:
    ops = calling.as_role(CareServiceStub, "ops")
    first, second = a_draft(ops, request_id="r-1"), a_draft(ops, request_id="r-1")
    assert first.id == second.id
    assert database["campaigns"].count_documents({}) == 1


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"name": ""}, "INVALID_FIELD", "name"),
        ({"name": "x" * 101}, "INVALID_FIELD", "name"),
        ({"plan": a_plan(send_at="25:00")}, "INVALID_FIELD", "plan.send_at"),
        ({"plan": a_plan(catch_up_days=31)}, "INVALID_FIELD", "plan.catch_up_days"),
        ({"plan": a_plan(leap_day_policy=99)}, "INVALID_FIELD", "plan.leap_day_policy"),
        ({"plan": a_plan(templates=[])}, "INVALID_FIELD", "plan.templates"),
        (
            {"plan": a_plan(templates=[campaign_pb2.MessageTemplate(subject="x", body="y")])},
            "INVALID_FIELD",
            "plan.templates[0].language",
        ),
    ],
)
def test_a_draft_that_is_wrong_is_refused_and_nothing_is_written(
    calling: Calling, database: Database[dict[str, Any]], fields: dict[str, Any], reason: str, field: str
) -> None:
    ops = calling.as_role(CareServiceStub, "ops")
    request: dict[str, Any] = {"name": "Birthdays", "plan": a_plan()}
    refusal = refused(ops.CreateCampaign, pb.CreateCampaignRequest(**request | fields))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, reason, field)
    assert database["campaigns"].count_documents({}) == 0


def test_words_with_an_unknown_variable_are_refused(calling: Calling) -> None:
    broken = a_plan()
    broken.templates[0].body = "Dear {{ member.nmae }}"
    refusal = refused(
        calling.as_role(CareServiceStub, "ops").CreateCampaign, pb.CreateCampaignRequest(name="x", plan=broken)
    )
    assert (refusal.reason, refusal.field) == ("TEMPLATE_INVALID", "plan.templates[0].body")
    assert "member.nmae" in refusal.message


def test_a_campaign_is_approved_by_somebody_else_and_then_runs(calling: Calling, greetings: Greetings) -> None:
    ops = calling.as_role(CareServiceStub, "ops", "approver")
    campaign = a_draft(ops)
    ops.SubmitCampaign(pb.SubmitCampaignRequest(campaign_id=campaign.id))
    own = refused(ops.ApproveCampaign, pb.ApproveCampaignRequest(campaign_id=campaign.id))
    assert (own.kind, own.reason) == (Kind.FORBIDDEN, "APPROVER_IS_AUTHOR")
    other = calling.as_subject(CareServiceStub, "bert", "approver")
    other.ApproveCampaign(pb.ApproveCampaignRequest(campaign_id=campaign.id))
    running = ops.StartCampaign(pb.StartCampaignRequest(campaign_id=campaign.id)).campaign
    assert (running.state, running.approver) == (campaign_pb2.CAMPAIGN_STATE_RUNNING, "bert")


def test_a_change_of_state_that_the_table_does_not_know_is_refused(calling: Calling) -> None:
    ops = calling.as_role(CareServiceStub, "ops")
    campaign = a_draft(ops)
    refusal = refused(ops.StartCampaign, pb.StartCampaignRequest(campaign_id=campaign.id))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CAMPAIGN_TRANSITION_REFUSED")
    assert ops.GetCampaign(pb.GetCampaignRequest(campaign_id=campaign.id)).campaign.etag == "1"


def test_a_stale_version_is_refused(calling: Calling) -> None:
    ops = calling.as_role(CareServiceStub, "ops")
    campaign = a_draft(ops)
    ops.SubmitCampaign(pb.SubmitCampaignRequest(campaign_id=campaign.id, etag="1"))
    refusal = refused(ops.ArchiveCampaign, pb.ArchiveCampaignRequest(campaign_id=campaign.id, etag="1"))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.STALE, "STALE_VERSION", "etag")


@pytest.mark.parametrize(
    ("campaign_id", "reason"),
    [("", "INVALID_ID"), (NO_MEMBER, "INVALID_ID"), ("cmp_1", "INVALID_ID"), (NO_CAMPAIGN, "CAMPAIGN_NOT_FOUND")],
)
def test_an_id_that_leads_nowhere_is_refused(calling: Calling, campaign_id: str, reason: str) -> None:
    ops = calling.as_role(CareServiceStub, "ops")
    assert refused(ops.GetCampaign, pb.GetCampaignRequest(campaign_id=campaign_id)).reason == reason
    assert refused(ops.PauseCampaign, pb.PauseCampaignRequest(campaign_id=campaign_id)).reason == reason


def test_ops_may_not_approve_and_agents_may_not_write_campaigns(calling: Calling) -> None:
    campaign = a_draft(calling.as_role(CareServiceStub, "ops"))
    approve = calling.as_role(CareServiceStub, "ops").ApproveCampaign
    assert refused(approve, pb.ApproveCampaignRequest(campaign_id=campaign.id)).kind is Kind.FORBIDDEN
    write = calling.as_role(CareServiceStub, "agent").CreateCampaign
    assert refused(write, pb.CreateCampaignRequest(name="x", plan=a_plan())).kind is Kind.FORBIDDEN


async def test_progress_counts_the_ledger_by_state_and_reason(calling: Calling, greetings: Greetings) -> None:
    greetings.member(birthday=solar("1990-11-22"))
    greetings.member(birthday=solar("1990-11-22"))
    greetings.member(birthday=solar("1990-11-22"), email="")
    campaign = greetings.running()
    greetings.plan(campaign)
    await greetings.dispatch()
    ops = calling.as_role(CareServiceStub, "ops")
    asked = pb.BatchGetCampaignProgressRequest(campaign_ids=[campaign.id, NO_CAMPAIGN])
    (progress,) = ops.BatchGetCampaignProgress(asked).progress
    assert progress.total == 3
    assert [(each.state, each.reason, each.count) for each in progress.counts] == [
        ("SENT", "", 2),
        ("SKIPPED", "NO_EMAIL_ADDRESS", 1),
    ]
    planned = ops.GetCampaign(pb.GetCampaignRequest(campaign_id=campaign.id)).campaign.planned_through
    assert planned == "2026-11-22"


async def test_the_ledger_explains_every_member(calling: Calling, greetings: Greetings) -> None:
    campaign = greetings.running()
    ops = calling.as_role(CareServiceStub, "ops")

    def verdict(**details: Any) -> str:
        member = greetings.member(**details)
        return ops.ExplainMember(pb.ExplainMemberRequest(campaign_id=campaign.id, member_id=member.id)).verdict

    assert verdict() == "NO_BIRTHDAY"
    assert verdict(birthday=solar("1990-05-01")) == "WILL_BE_GREETED"
    assert verdict(birthday=solar("1990-05-01"), email_consent=False) == "NO_EMAIL_CONSENT"
    assert verdict(birthday=solar("1990-05-01"), do_not_contact=True) == "DO_NOT_CONTACT"
    nobody = refused(ops.ExplainMember, pb.ExplainMemberRequest(campaign_id=campaign.id, member_id=NO_MEMBER))
    assert nobody.reason == "MEMBER_NOT_FOUND"


async def test_a_member_is_explained_by_the_channels_and_the_day_of_the_campaign_itself(
    calling: Calling, greetings: Greetings
) -> None:
    words = tuple(replace(each, channel=Channel.SMS) for each in TEMPLATES)
    campaign = greetings.running(trigger=BirthdayTrigger(3), channels=(Channel.SMS,), templates=words)
    ops = calling.as_role(CareServiceStub, "ops")

    def explained(**details: Any) -> tuple[str, str]:
        member = greetings.member(birthday=solar("1990-05-01"), email="", email_consent=False, **details)
        greetings.set_on(member.id, consents={"sms": {"care": True}})
        found = ops.ExplainMember(pb.ExplainMemberRequest(campaign_id=campaign.id, member_id=member.id))
        return found.verdict, found.next_date

    assert explained(phone="+8613800138000") == ("WILL_BE_GREETED", "2027-04-28")
    assert explained() == ("NO_ADDRESS", "2027-04-28")


def test_campaigns_are_listed_by_state_and_page(calling: Calling) -> None:
    ops = calling.as_role(CareServiceStub, "ops")
    ids = [a_draft(ops).id for _ in range(5)]
    ops.ArchiveCampaign(pb.ArchiveCampaignRequest(campaign_id=ids[2]))
    drafts = pb.CampaignFilter(state=campaign_pb2.CAMPAIGN_STATE_DRAFT)
    first = ops.ListCampaigns(pb.ListCampaignsRequest(filter=drafts, page_size=3))
    rest = ops.ListCampaigns(pb.ListCampaignsRequest(filter=drafts, page_size=3, page_token=first.next_page_token))
    listed = [campaign.id for campaign in (*first.campaigns, *rest.campaigns)]
    assert sorted(listed) == sorted(set(ids) - {ids[2]})
    assert listed == sorted(listed)
    assert rest.next_page_token == ""
