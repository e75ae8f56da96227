"""Checking, previewing and test-sending a campaign, comparing its variants: nothing of it is in the ledger."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from typing import Any
from uuid import uuid4

import pytest
from pymongo.database import Database

from deploy.local.ports import free_ports
from deploy.local.sink_client import SinkProcess
from membercare.care.v1 import campaign_pb2, campaign_plan_pb2, channel_pb2, member_pb2
from membercare.care.v1 import campaigns_service_pb2 as pb
from membercare.care.v1 import care_service_pb2 as core
from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceStub
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.care.domain.calendars.occasion import built_in_id
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.care.channels import Channels
from tests.integration.care.mail_servers import Moods, mail_server
from tests.integration.care.test_campaign_versions_rpc import a_running
from tests.integration.care.test_campaigns_rpc import NO_MEMBER, a_draft, a_plan

VARIANTS = [campaign_plan_pb2.CampaignVariant(name="A"), campaign_plan_pb2.CampaignVariant(name="B")]
GOAL = campaign_plan_pb2.CampaignGoal(act="case_closed", window_days=7)
STAFF = "anna@membercare.example"
NO_SEGMENT, NO_OCCASION = "seg_00000000000000000000000000", "occ_00000000000000000000000000"


def a_member(calling: Calling, **fields: Any) -> str:
    details: dict[str, Any] = {"name": "Wang Fang", "language": member_pb2.LANGUAGE_EN}
    member = member_pb2.Member(**details | fields)
    stub = calling.as_role(CareServiceStub, "ops")
    return stub.CreateMember(core.CreateMemberRequest(member=member)).member.id


def counts(database: Database[dict[str, Any]]) -> dict[str, int]:
    return {name: database[name].count_documents({}) for name in ("touches", "batches")}


def test_a_preview_shows_the_words_as_the_member_would_get_them_and_writes_nothing_down(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    ops = calling.as_role(CareServiceStub, "ops")
    room = calling.as_role(CampaignsServiceStub, "ops")
    draft, member = a_draft(ops), a_member(calling)
    before = database["campaigns"].find_one({"_id": draft.id})
    asked = pb.PreviewCampaignMessageRequest(campaign_id=draft.id, member_id=member)
    shown = room.PreviewCampaignMessage(asked)
    assert (shown.subject, shown.body) == ("Hello", "Dear Wang Fang")
    assert (shown.channel, shown.language) == (channel_pb2.CHANNEL_EMAIL, member_pb2.LANGUAGE_EN)
    asked.language = member_pb2.LANGUAGE_ZH_HANS
    assert room.PreviewCampaignMessage(asked).subject == "您好"
    assert counts(database) == {"touches": 0, "batches": 0}
    assert database["campaigns"].find_one({"_id": draft.id}) == before


def test_a_preview_shows_the_version_that_is_being_written(calling: Calling) -> None:
    campaign_id, member = a_running(calling), a_member(calling)
    room = calling.as_role(CampaignsServiceStub, "ops")
    changed = a_plan()
    changed.templates[0].subject = "Good morning"
    room.ReviseCampaign(pb.ReviseCampaignRequest(campaign_id=campaign_id, plan=changed))
    asked = pb.PreviewCampaignMessageRequest(campaign_id=campaign_id, member_id=member)
    assert room.PreviewCampaignMessage(asked).subject == "Good morning"


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"member_id": NO_MEMBER}, "MEMBER_NOT_FOUND", ""),
        ({"member_id": "x"}, "INVALID_ID", "member_id"),
        ({"channel": channel_pb2.CHANNEL_SMS}, "NO_WORDS", ""),
        ({"variant": "A"}, "INVALID_FIELD", "variant"),
        ({"step": "hello"}, "INVALID_FIELD", "step"),
        ({"language": 99}, "INVALID_FIELD", "language"),
    ],
)
def test_a_preview_of_what_is_not_there_is_refused(
    calling: Calling, fields: dict[str, Any], reason: str, field: str
) -> None:
    draft, member = a_draft(calling.as_role(CareServiceStub, "ops")), a_member(calling)
    request = pb.PreviewCampaignMessageRequest(**{"campaign_id": draft.id, "member_id": member} | fields)
    refusal = refused(calling.as_role(CampaignsServiceStub, "ops").PreviewCampaignMessage, request)
    assert (refusal.reason, refusal.field) == (reason, field)


def test_a_test_goes_to_the_staff_marked_and_is_in_no_ledger(
    calling: Calling, database: Database[dict[str, Any]], sink: SinkProcess
) -> None:
    draft, member = a_draft(calling.as_role(CareServiceStub, "ops")), a_member(calling)
    room = calling.as_subject(CampaignsServiceStub, "anna", "ops")
    request = pb.SendCampaignTestRequest(
        campaign_id=draft.id, member_id=member, addresses=[STAFF, "bert@membercare.example"], request_id="r-1"
    )
    sent = room.SendCampaignTest(request)
    assert [(each.address, each.accepted) for each in sent.deliveries] == [
        (STAFF, True),
        ("bert@membercare.example", True),
    ]
    (mail,) = sink.messages(to=STAFF)
    assert mail["subject"] == "[Test] Hello"
    assert message_from_bytes(sink.content(mail["id"]))["X-MemberCare-Test"] == "1"
    assert counts(database) == {"touches": 0, "batches": 0}
    (progress,) = (
        calling.as_role(CareServiceStub, "ops")
        .BatchGetCampaignProgress(core.BatchGetCampaignProgressRequest(campaign_ids=[draft.id]))
        .progress
    )
    assert progress.total == 0
    assert list(room.SendCampaignTest(request).deliveries) == []
    assert len(sink.messages(to=STAFF)) == 1
    (history,) = room.BatchGetCampaignHistories(pb.BatchGetCampaignHistoriesRequest(campaign_ids=[draft.id])).histories
    assert [(note.by, note.verb, note.text) for note in history.notes] == [("anna", "send_test", "2")]


@pytest.mark.parametrize(
    ("addresses", "reason", "field"),
    [
        ([], "INVALID_FIELD", "addresses"),
        ([STAFF] * 11, "INVALID_FIELD", "addresses"),
        ([STAFF, "wang@example.com"], "ADDRESS_NOT_OF_STAFF", "addresses[1]"),
        (["a@b@membercare.example"], "ADDRESS_NOT_OF_STAFF", "addresses[0]"),
    ],
)
def test_a_test_to_anybody_else_is_refused_and_nothing_is_sent(
    calling: Calling, sink: SinkProcess, addresses: list[str], reason: str, field: str
) -> None:
    draft, member = a_draft(calling.as_role(CareServiceStub, "ops")), a_member(calling)
    before = sink.stats()
    request = pb.SendCampaignTestRequest(campaign_id=draft.id, member_id=member, addresses=addresses)
    refusal = refused(calling.as_role(CampaignsServiceStub, "ops").SendCampaignTest, request)
    assert (refusal.reason, refusal.field) == (reason, field)
    assert sink.stats() == before


def test_every_mistake_is_found_at_once_and_approval_cannot_be_asked_for(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    ops, room = calling.as_role(CareServiceStub, "ops"), calling.as_role(CampaignsServiceStub, "ops")
    past = campaign_plan_pb2.CampaignTrigger(one_off=campaign_plan_pb2.OneOffTrigger(date="2020-01-01"))
    draft = a_draft(ops, plan=a_plan(trigger=past, variants=VARIANTS))
    spoil = {"$set": {"plan.templates.1.body": "{{ member.nmae }}"}}  # as if a variable had gone since it was written
    database["campaigns"].update_one({"_id": draft.id}, spoil)
    found = room.CheckCampaign(pb.CheckCampaignRequest(campaign_id=draft.id)).findings
    assert [(each.blocks, each.code, each.field) for each in found] == [
        (True, "DAY_IS_OVER", "plan.trigger.one_off"),
        (False, "VARIANTS_WITHOUT_GOAL", "plan.goal"),
        (False, "VARIANTS_ALIKE", "plan.variants"),
        (True, "TEMPLATE_INVALID", "plan.templates[1].body"),
    ]
    assert all(each.message_en and each.message_zh for each in found)
    assert found[3].message_zh.startswith("第 2 个模板的正文：包含未知变量 member.nmae。")
    refusal = refused(ops.SubmitCampaign, core.SubmitCampaignRequest(campaign_id=draft.id))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CAMPAIGN_NOT_READY")
    assert refusal.field == "plan.trigger.one_off"
    stored = ops.GetCampaign(core.GetCampaignRequest(campaign_id=draft.id)).campaign
    assert stored.state == campaign_pb2.CAMPAIGN_STATE_DRAFT


@pytest.mark.parametrize(
    ("plan", "reason"),
    [
        ({"audience": {"segment_id": NO_SEGMENT}}, "SEGMENT_NOT_FOUND"),
        ({"audience": {"exclude_segment_ids": [NO_SEGMENT]}}, "SEGMENT_NOT_FOUND"),
        ({"trigger": {"occasion": {"occasion_id": NO_OCCASION}}}, "OCCASION_NOT_FOUND"),
    ],
)
def test_a_plan_that_names_what_is_not_there_is_refused_and_nothing_is_written(
    calling: Calling, database: Database[dict[str, Any]], plan: dict[str, Any], reason: str
) -> None:
    ops = calling.as_role(CareServiceStub, "ops")
    refusal = refused(ops.CreateCampaign, core.CreateCampaignRequest(name="x", plan=a_plan(**plan)))
    assert refusal.reason == reason
    assert database["campaigns"].count_documents({}) == 0


def test_a_plan_for_a_built_in_occasion_is_written(calling: Calling) -> None:
    ops = calling.as_role(CareServiceStub, "ops")
    draft = a_draft(
        ops, plan=a_plan(trigger={"occasion": {"occasion_id": built_in_id("mid_autumn"), "days_before": 1}})
    )
    assert (draft.plan.kind, draft.plan.cheerful) == (campaign_plan_pb2.CAMPAIGN_KIND_OCCASION, True)


def play(database: Database[dict[str, Any]], campaign_id: str, **results: tuple[int, int, int]) -> None:
    """Store members who got a variant: (how many, of them in time for the goal, of them too late for it).

    That a message arrived was heard five days after it was due: after who was in time, before who was too late.
    """
    sent = SystemClock().now() - timedelta(days=30)
    members, touches = [], []
    for variant, (total, in_time, too_late) in results.items():
        for number in range(total):
            key = f"{variant}{number:04d}"
            days = 3 if number < in_time else 8 if number < in_time + too_late else None
            members.append({"_id": key, "acts": {"case_closed": [sent + timedelta(days=days)]} if days else {}})
            touches.append(
                {
                    "_id": f"t{key}",
                    "campaign_id": campaign_id,
                    "member_id": key,
                    "variant": variant,
                    "state": "TOUCH_STATE_DELIVERED",
                    "reason": "",
                    "due_at": sent,
                    "updated_at": sent + timedelta(days=5),
                }
            )
    database["members"].insert_many(members)
    database["touches"].insert_many(touches)


def test_a_variant_that_does_better_wins_and_is_everybodys_once_a_person_says_so(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    campaign_id = a_running(calling, variants=VARIANTS, goal=GOAL)
    play(database, campaign_id, A=(200, 20, 60), B=(200, 50, 0))
    room = calling.as_role(CampaignsServiceStub, "ops")
    report = room.ReportCampaignVariants(pb.ReportCampaignVariantsRequest(campaign_id=campaign_id))
    assert [(each.name, each.sent, each.converted, each.rate) for each in report.variants] == [
        ("A", 200, 20, 0.1),
        ("B", 200, 50, 0.25),
    ]
    assert (report.verdict, report.winner) == (pb.VARIANT_VERDICT_WINNER, "B")
    (told,) = report.differences
    assert told.value == pytest.approx(0.15)
    assert 0 < told.low < 0.15 < told.high
    assert report.explanation_en.startswith("B does better")
    chosen = room.ChooseCampaignWinner(
        pb.ChooseCampaignWinnerRequest(campaign_id=campaign_id, variant="B", comment="clear")
    ).campaign
    assert chosen.winner == "B"
    strange = refused(room.ChooseCampaignWinner, pb.ChooseCampaignWinnerRequest(campaign_id=campaign_id, variant="C"))
    assert (strange.reason, strange.field) == ("INVALID_FIELD", "variant")


def test_variants_that_do_alike_have_no_winner(calling: Calling, database: Database[dict[str, Any]]) -> None:
    campaign_id = a_running(calling, variants=VARIANTS, goal=GOAL)
    room = calling.as_role(CampaignsServiceStub, "auditor")
    request = pb.ReportCampaignVariantsRequest(campaign_id=campaign_id)
    assert room.ReportCampaignVariants(request).verdict == pb.VARIANT_VERDICT_TOO_FEW
    play(database, campaign_id, A=(100, 20, 0), B=(100, 22, 0))
    report = room.ReportCampaignVariants(request)
    assert (report.verdict, report.winner) == (pb.VARIANT_VERDICT_NO_DIFFERENCE, "")
    assert "偶然" in report.explanation_zh


def test_what_compares_nothing_or_does_not_run_is_told_so(calling: Calling) -> None:
    room = calling.as_role(CampaignsServiceStub, "ops")
    plain, aimless = a_running(calling), a_running(calling, variants=VARIANTS)
    draft = a_draft(calling.as_role(CareServiceStub, "ops"), plan=a_plan(variants=VARIANTS, goal=GOAL)).id
    report = room.ReportCampaignVariants
    assert refused(report, pb.ReportCampaignVariantsRequest(campaign_id=plain)).reason == "NO_VARIANTS"
    assert refused(report, pb.ReportCampaignVariantsRequest(campaign_id=aimless)).reason == "NO_GOAL"
    choose = pb.ChooseCampaignWinnerRequest(campaign_id=draft, variant="A")
    assert refused(room.ChooseCampaignWinner, choose).reason == "CAMPAIGN_NOT_STARTED"


def test_agents_see_no_members_words_and_send_no_tests(calling: Calling) -> None:
    draft, member = a_draft(calling.as_role(CareServiceStub, "ops")), a_member(calling)
    agent = calling.as_role(CampaignsServiceStub, "agent")
    look = pb.PreviewCampaignMessageRequest(campaign_id=draft.id, member_id=member)
    assert refused(agent.PreviewCampaignMessage, look).kind is Kind.FORBIDDEN
    test = pb.SendCampaignTestRequest(campaign_id=draft.id, member_id=member, addresses=[STAFF])
    assert refused(agent.SendCampaignTest, test).kind is Kind.FORBIDDEN


async def test_a_test_to_the_staff_leaves_by_the_mail_server_on_record_and_by_the_next_where_one_is_away(
    calling: Calling, channels: Callable[[], Channels], sink: SinkProcess
) -> None:
    draft, member = a_draft(calling.as_role(CareServiceStub, "ops")), a_member(calling)
    known, server = channels(), Moods()
    to = f"{uuid4().hex}@membercare.example"
    request = pb.SendCampaignTestRequest(campaign_id=draft.id, member_id=member, addresses=[to], request_id="r-1")
    (nowhere,) = free_ports(1)
    async with mail_server(server) as port:
        known.mail_server(nowhere, priority=90)
        known.mail_server(port, priority=10, settings={"from": "Tests <tests@second.example>"})
        room = calling.as_role(CampaignsServiceStub, "ops")
        sent = await asyncio.to_thread(room.SendCampaignTest, request)
    assert [(each.address, each.accepted) for each in sent.deliveries] == [(to, True)]
    assert [(each.mail_from, each.rcpt_tos) for each in server.kept] == [("tests@second.example", [to])]
    assert sink.messages(to=to) == []
