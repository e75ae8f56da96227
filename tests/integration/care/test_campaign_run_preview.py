"""If this ran on a day: who gets it, who does not, and why, without any effect."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import campaign_plan_pb2, member_pb2
from membercare.care.v1 import campaigns_service_pb2 as pb
from membercare.care.v1 import care_service_pb2 as core
from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceStub
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.chassis.errors import Kind
from services.chassis.timestamps import to_datetime
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import Greetings, solar, utc
from tests.integration.care.test_campaigns_rpc import NO_CAMPAIGN, a_draft, a_plan

DAY = "2030-06-15"
BIRTHDAY = member_pb2.Birthday(calendar=member_pb2.BIRTHDAY_CALENDAR_SOLAR, month=6, day=15)
OTHER_DAY = member_pb2.Birthday(calendar=member_pb2.BIRTHDAY_CALENDAR_SOLAR, month=6, day=16)


def a_member(calling: Calling, number: int, **fields: Any) -> str:
    details: dict[str, Any] = {
        "name": f"Member {number}",
        "time_zone": "Asia/Shanghai",
        "birthday": BIRTHDAY,
        "email": f"run{number}@example.com",
        "email_consent": True,
    }
    member = member_pb2.Member(**details | fields)
    return calling.as_role(CareServiceStub, "ops").CreateMember(core.CreateMemberRequest(member=member)).member.id


def ask(calling: Calling, campaign_id: str, **fields: Any) -> pb.PreviewCampaignRunResponse:
    room = calling.as_role(CampaignsServiceStub, "ops")
    return room.PreviewCampaignRun(pb.PreviewCampaignRunRequest(campaign_id=campaign_id, **{"date": DAY} | fields))


def everything(database: Database[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    return {name: list(database[name].find().sort("_id", 1)) for name in sorted(database.list_collection_names())}


def test_a_run_says_who_would_get_it_who_would_not_and_why_and_leaves_no_trace(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    draft = a_draft(calling.as_role(CareServiceStub, "ops"))
    reached = [a_member(calling, number) for number in range(3)]
    silent = a_member(calling, 3, email_consent=False)
    left_alone = a_member(calling, 4, do_not_contact=True)
    nowhere = a_member(calling, 5, time_zone="")
    a_member(calling, 6, birthday=OTHER_DAY)
    before = everything(database)
    run = ask(calling, draft.id)
    assert {each.member_id: each.verdict for each in run.messages} == {
        **dict.fromkeys(reached, "WILL_BE_SENT"),
        silent: "NO_EMAIL_CONSENT",
        left_alone: "DO_NOT_CONTACT",
        nowhere: "UNKNOWN_TIME_ZONE",
    }
    assert [each.member_id for each in run.messages] == sorted(each.member_id for each in run.messages)
    assert (run.counts[0].verdict, run.counts[0].count) == ("WILL_BE_SENT", 3)
    assert sum(each.count for each in run.counts) == 6
    (first,) = [each for each in run.messages if each.member_id == reached[0]]
    assert (first.occurrence, to_datetime(first.due_time)) == ("birthday/2030", utc("2030-06-15 01:00"))
    (no,) = [each for each in run.messages if each.member_id == silent]
    assert not no.HasField("due_time")
    assert (no.explanation_en, no.explanation_zh) == (
        "The member has not agreed to such messages by e-mail.",
        "该会员未同意接收此类邮件。",
    )
    assert everything(database) == before


def test_a_run_is_read_in_pages_and_by_verdict(calling: Calling) -> None:
    draft = a_draft(calling.as_role(CareServiceStub, "ops"))
    everybody = sorted(a_member(calling, number, email_consent=number % 2 == 0) for number in range(5))
    seen, token, pages = [], "", 0
    while pages == 0 or token:
        page = ask(calling, draft.id, page_size=2, page_token=token)
        assert (len(page.counts) > 0) == (pages == 0)
        seen += [each.member_id for each in page.messages]
        token, pages = page.next_page_token, pages + 1
    assert (seen, pages) == (everybody, 3)
    refusing = ask(calling, draft.id, verdict="NO_EMAIL_CONSENT", page_size=1)
    assert [each.verdict for each in refusing.messages] == ["NO_EMAIL_CONSENT"]
    rest = ask(calling, draft.id, verdict="NO_EMAIL_CONSENT", page_token=refusing.next_page_token)
    assert [each.verdict for each in rest.messages] == ["NO_EMAIL_CONSENT"]
    assert rest.next_page_token == ""


def test_who_is_held_out_and_who_is_in_the_ledger_is_told(
    calling: Calling, greetings: Greetings, database: Database[dict[str, Any]]
) -> None:
    held = a_draft(
        calling.as_role(CareServiceStub, "ops"),
        plan=a_plan(holdout=campaign_plan_pb2.CampaignHoldout(basis_points=5_000)),
    )
    for number in range(30):
        a_member(calling, number)
    told = {each.verdict: each.count for each in ask(calling, held.id).counts}
    assert set(told) == {"HOLDOUT", "WILL_BE_SENT"}
    assert sum(told.values()) == 30
    campaign = greetings.running()
    known = greetings.member(birthday=solar("1990-11-22"))
    greetings.plan(campaign)
    new = greetings.member(birthday=solar("1990-11-22"))
    touches = database["touches"].count_documents({})
    run = ask(calling, campaign.id, date="2026-11-22")
    assert {each.member_id: each.verdict for each in run.messages}[known.id] == "ALREADY_PLANNED"
    assert {each.member_id for each in run.messages} == {known.id, new.id}
    assert database["touches"].count_documents({}) == touches


def test_a_run_of_another_kind_of_campaign_is_foreseen_too(calling: Calling) -> None:
    trigger = campaign_plan_pb2.CampaignTrigger(one_off=campaign_plan_pb2.OneOffTrigger(date=DAY))
    draft = a_draft(calling.as_role(CareServiceStub, "ops"), plan=a_plan(trigger=trigger))
    member = a_member(calling, 1, birthday=OTHER_DAY)
    run = ask(calling, draft.id)
    assert [(each.member_id, each.occurrence) for each in run.messages] == [(member, f"once/{DAY}")]
    assert list(ask(calling, draft.id, date="2030-06-16").messages) == []


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"date": "tomorrow"}, "INVALID_FIELD", "date"),
        ({"date": "0001-01-01"}, "INVALID_FIELD", "date"),
        ({"page_size": -1}, "INVALID_FIELD", "page_size"),
        ({"page_token": "mem_1"}, "INVALID_FIELD", "page_token"),
        ({"page_token": "x y"}, "INVALID_ID", "page_token"),
        ({"campaign_id": NO_CAMPAIGN}, "CAMPAIGN_NOT_FOUND", ""),
    ],
)
def test_a_run_that_cannot_be_foreseen_is_refused(
    calling: Calling, fields: dict[str, Any], reason: str, field: str
) -> None:
    draft = a_draft(calling.as_role(CareServiceStub, "ops"))
    room = calling.as_role(CampaignsServiceStub, "ops")
    request = pb.PreviewCampaignRunRequest(**{"campaign_id": draft.id, "date": DAY} | fields)
    refusal = refused(room.PreviewCampaignRun, request)
    assert (refusal.reason, refusal.field) == (reason, field)


def test_agents_foresee_no_run(calling: Calling) -> None:
    draft = a_draft(calling.as_role(CareServiceStub, "ops"))
    agent = calling.as_role(CampaignsServiceStub, "agent")
    refusal = refused(agent.PreviewCampaignRun, pb.PreviewCampaignRunRequest(campaign_id=draft.id, date=DAY))
    assert refusal.kind is Kind.FORBIDDEN
