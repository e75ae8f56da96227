"""Workdays only, at work: planned, moved, held while nobody knows the year, foreseen, written through the gateway."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import calendars_service_pb2 as calendars_pb
from membercare.care.v1 import campaign_pb2, statutory_pb2, touch_pb2
from membercare.care.v1 import campaigns_service_pb2 as pb
from membercare.care.v1 import care_service_pb2 as core
from membercare.care.v1.calendars_service_pb2_grpc import CalendarsServiceStub
from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceStub
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.care.domain.calendars.blackout import BlackoutMove
from services.care.domain.calendars.workdays import WorkdayRule
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.triggers import OneOffTrigger
from services.chassis.errors import Kind
from tests.fakes.suite import Client
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import Greetings, utc
from tests.integration.care.keeping import Keeping
from tests.integration.care.test_campaigns_rpc import a_draft, a_plan
from tests.integration.care.test_dry_run_equals_run import foresee

BACK, FORWARD, DROP = BlackoutMove.BACK, BlackoutMove.FORWARD, BlackoutMove.DROP
WRITE = """mutation($workdays: CampaignWorkdaysInput) { createCampaign(name: "On workdays", plan: {
  sendAt: "09:00", catchUpDays: 10, workdays: $workdays, templates: [
    {language: EN, subject: "Hello", body: "{{ member.name }}"},
    {language: ZH_HANS, subject: "您好", body: "{{ member.name }}"}]}) {
  __typename ... on UserError { code field }
  ... on CampaignPayload { campaign { plan { workdays { countryCode move } } } } } }"""


def once_on(greetings: Greetings, day: str, *, move: BlackoutMove = FORWARD, catch_up_days: int = 10) -> Campaign:
    return greetings.running(
        trigger=OneOffTrigger(date.fromisoformat(day)), workdays=WorkdayRule("CN", move), catch_up_days=catch_up_days
    )


async def run(greetings: Greetings, campaign: Campaign, *, first: str, last: str) -> list[datetime]:
    """Plan and send every six hours; return the moments at which something was settled."""
    moment, settled = utc(first), []
    while moment <= utc(last):
        greetings.clock.set(moment)
        greetings.plan(campaign)
        settled += [moment] if await greetings.dispatch() else []
        moment += timedelta(hours=6)
    return settled


@pytest.mark.parametrize(
    ("day", "move", "left_at", "end"),
    [
        ("2026-02-14", FORWARD, "2026-02-14 01:00", ("SENT", "", "")),  # a Saturday that is worked
        ("2026-02-16", FORWARD, "2026-02-24 01:00", ("SENT", "", "MOVED_TO_WORKDAY")),  # a Monday that is not
        ("2026-02-16", BACK, "2026-02-14 01:00", ("SENT", "", "MOVED_TO_WORKDAY")),
        ("2026-02-16", DROP, "", ("SKIPPED", "NO_WORKDAY", "")),
    ],
)
async def test_a_message_leaves_on_a_workday_by_the_law_and_says_that_it_was_moved(
    greetings: Greetings, mail: Keeping, calling: Calling, day: str, move: BlackoutMove, left_at: str, end: Any
) -> None:
    greetings.clock.set(utc("2026-02-12 13:00"))
    greetings.member()
    settled = await run(
        greetings, once_on(greetings, day, move=move), first="2026-02-12 13:00", last="2026-02-25 01:00"
    )
    assert settled == ([utc(left_at)] if left_at else [])
    (told,) = calling.as_role(CareServiceStub, "ops").ListTouches(core.ListTouchesRequest()).touches
    state = touch_pb2.TouchState.Name(told.state).removeprefix("TOUCH_STATE_")
    assert (told.date, (state, told.reason, told.moved_reason)) == (day, end)
    words = ("The message was moved to a workday.", "消息改在工作日发送。") if told.moved_reason else ("", "")
    assert (told.moved_reason_en, told.moved_reason_zh) == words


async def test_which_day_it_is_says_the_calendar_of_each_member(greetings: Greetings, mail: Keeping) -> None:
    greetings.clock.set(utc("2026-02-13 12:00"))
    here, there = greetings.member(), greetings.member(time_zone="Pacific/Honolulu")
    campaign = once_on(greetings, "2026-02-14")
    await run(greetings, campaign, first="2026-02-13 13:00", last="2026-02-14 19:00")
    ends = {each["member_id"]: each for each in greetings.database["touches"].find()}
    assert {each["state"] for each in ends.values()} == {"TOUCH_STATE_SENT"}
    assert (ends[here.id]["due_at"], ends[there.id]["due_at"]) == (utc("2026-02-14 01:00"), utc("2026-02-14 19:00"))


def import_days(calling: Calling, rows: str) -> None:
    request = calendars_pb.ImportStatutoryDaysRequest(
        country="CN", content=f"date,kind\n{rows}".encode(), status=statutory_pb2.STATUTORY_STATUS_OFFICIAL
    )
    assert calling.as_role(CalendarsServiceStub, "ops").ImportStatutoryDays(request).stored


@pytest.mark.parametrize(
    ("rows", "then", "end"),
    [
        ("2027-01-01,off\n", "2027-01-04 02:00", ("SENT", "", "")),
        ("2027-01-04,off\n", "2027-01-05 02:00", ("SENT", "", "MOVED_TO_WORKDAY")),
    ],
)
async def test_what_is_due_in_a_year_that_nobody_knows_waits_and_leaves_by_the_days_that_are_imported(
    greetings: Greetings, mail: Keeping, calling: Calling, rows: str, then: str, end: tuple[str, str, str]
) -> None:
    greetings.clock.set(utc("2027-01-03 12:00"))
    greetings.member()
    campaign = once_on(greetings, "2027-01-04")
    greetings.plan(campaign)
    greetings.clock.set(utc("2027-01-04 01:00"))
    assert await greetings.dispatch() == 0
    (held,) = greetings.database["touches"].find()
    assert (held["state"], held["reason"]) == ("TOUCH_STATE_HELD", "WORKDAYS_UNKNOWN")
    assert held["held_until"] == utc("2027-01-04 02:00")
    import_days(calling, rows)
    for moment in ("2027-01-04 02:00", "2027-01-05 02:00"):
        greetings.clock.set(utc(moment))
        await greetings.dispatch()
        if moment < then:
            assert mail.kept == []
    (touch,) = greetings.database["touches"].find()
    assert (touch["state"].removeprefix("TOUCH_STATE_"), touch["reason"], touch["moved_by"]) == end
    assert touch["updated_at"] == utc(then)
    assert len(mail.kept) == 1


async def test_a_year_that_stays_unknown_skips_with_the_reason_once_it_is_too_late(
    greetings: Greetings, mail: Keeping
) -> None:
    greetings.clock.set(utc("2027-01-03 12:00"))
    greetings.member()
    campaign = once_on(greetings, "2027-01-04", catch_up_days=0)
    greetings.plan(campaign)
    for hour in range(1, 16):
        greetings.clock.set(utc(f"2027-01-04 {hour:02}:00"))
        assert await greetings.dispatch() == (1 if hour == 15 else 0)  # 23:00 where the member lives
    assert (greetings.lines(), mail.kept) == ([("email", "SKIPPED", "WORKDAYS_UNKNOWN")], [])


@pytest.mark.parametrize(
    ("day", "verdict", "at"),
    [
        ("2030-06-14", "WORKDAYS_UNKNOWN", "2030-06-14T02:00:00"),
        ("2030-06-15", "WILL_BE_SENT", "2030-06-17T01:00:00"),
        ("2030-06-17", "WILL_BE_SENT", "2030-06-17T01:00:00"),
    ],
)
async def test_a_dry_run_foresees_the_workday_on_which_the_message_leaves(
    greetings: Greetings, mail: Keeping, calling: Calling, day: str, verdict: str, at: str
) -> None:
    greetings.clock.set(utc("2030-06-12 12:00"))
    member = greetings.member()
    if verdict != "WORKDAYS_UNKNOWN":
        import_days(calling, "2030-01-01,off\n")
    campaign = once_on(greetings, day)
    (told,) = foresee(calling, campaign.id, date=day).messages
    assert (told.member_id, told.verdict, told.due_time.ToDatetime().isoformat()) == (member.id, verdict, at)
    moment = utc(at.replace("T", " "))
    await run(greetings, campaign, first="2030-06-12 13:00", last=f"{moment - timedelta(hours=1):%Y-%m-%d %H:%M}")
    (touch,) = greetings.database["touches"].find()
    assert (touch["held_until"] or touch["due_at"], touch["reason"]) == (
        moment,
        "" if verdict == "WILL_BE_SENT" else verdict,
    )


async def test_a_plan_for_workdays_is_written_and_read_through_the_gateway_and_a_wrong_country_refused(
    gateway: Client, database: Database[dict[str, Any]]
) -> None:
    for asked, shown in (
        ({"countryCode": "CN", "move": "BACK"}, {"countryCode": "CN", "move": "BACK"}),
        ({"countryCode": "DE"}, {"countryCode": "DE", "move": "FORWARD"}),
        (None, None),
    ):
        payload = (await gateway.data(WRITE, {"workdays": asked}, roles=("ops",)))["createCampaign"]
        assert payload["campaign"]["plan"]["workdays"] == shown
    refusal = (await gateway.data(WRITE, {"workdays": {"countryCode": "China"}}, roles=("ops",)))["createCampaign"]
    assert (refusal["code"], refusal["field"]) == ("INVALID_FIELD", "plan.workdays.countryCode")
    assert database["campaigns"].count_documents({}) == 3


def test_a_country_whose_days_nobody_knows_is_found_by_the_check_and_refused_when_approval_is_asked_for(
    calling: Calling,
) -> None:
    ops, room = calling.as_role(CareServiceStub, "ops"), calling.as_role(CampaignsServiceStub, "ops")
    draft = a_draft(ops, plan=a_plan(workdays={"country_code": "XX"}))
    found = room.CheckCampaign(pb.CheckCampaignRequest(campaign_id=draft.id)).findings
    assert {(each.blocks, each.code, each.field) for each in found if each.blocks} == {
        (True, "WORKDAYS_UNKNOWN", "plan.workdays.country_code")
    }
    refusal = refused(ops.SubmitCampaign, core.SubmitCampaignRequest(campaign_id=draft.id))
    assert (refusal.kind, refusal.reason, refusal.field) == (
        Kind.PRECONDITION,
        "CAMPAIGN_NOT_READY",
        "plan.workdays.country_code",
    )
    kept = ops.GetCampaign(core.GetCampaignRequest(campaign_id=draft.id)).campaign
    assert kept.state == campaign_pb2.CAMPAIGN_STATE_DRAFT
    fine = a_draft(ops, plan=a_plan(workdays={"country_code": "US"}))
    submitted = ops.SubmitCampaign(core.SubmitCampaignRequest(campaign_id=fine.id)).campaign
    assert submitted.state == campaign_pb2.CAMPAIGN_STATE_IN_REVIEW
