"""A message at one moment for everybody: written through the gateway, planned, sent, held, foreseen."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import campaign_pb2
from membercare.care.v1 import care_service_pb2 as core
from membercare.care.v1.campaign_plan_pb2 import CampaignTrigger
from membercare.care.v1.campaign_plan_pb2 import OneOffTrigger as MomentPb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.care.domain.calendars.blackout import Blackout, BlackoutDays, BlackoutMove, BlackoutSpan
from services.care.domain.campaigns.plan import MessageTemplate
from services.care.domain.campaigns.triggers import OneOffTrigger
from services.care.domain.channels import Channel, Purpose
from services.care.domain.sending.settings import QuietRule
from services.care.domain.sending.windows import QuietWindow
from services.care.store.calendars.blackouts import MongoBlackouts
from services.chassis.clock import SystemClock
from services.chassis.errors import Kind
from services.chassis.ids import new_id
from services.chassis.timestamps import to_timestamp
from tests.fakes.suite import Client
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import TEMPLATES, Greetings, utc
from tests.integration.care.keeping import Keeping
from tests.integration.care.test_campaigns_rpc import a_draft, a_plan
from tests.integration.care.test_dry_run_equals_run import foresee

OPENING = utc("2030-06-15 02:00")
BY_SMS = tuple(MessageTemplate(each.language, "", f"{each.body}拒收请回复R", channel=Channel.SMS) for each in TEMPLATES)
CREATE = """mutation($once: OneOffTriggerInput!, $sendAt: String!) { createCampaign(name: "Opening", plan: {
  sendAt: $sendAt, trigger: {oneOff: $once}, templates: [
    {language: EN, subject: "Now", body: "{{ member.name }}"},
    {language: ZH_HANS, subject: "开抢", body: "{{ member.name }}"}]}) {
  __typename ... on UserError { code field }
  ... on CampaignPayload { campaign { id plan { sendAt kind trigger { oneOff { date sendTime } } } } } } }"""


async def written(gateway: Client, *, send_at: str = "", **once: str) -> dict[str, Any]:
    """Write a draft; return the payload or the refusal."""
    data = await gateway.data(CREATE, {"once": once, "sendAt": send_at}, roles=("ops",))
    answer: dict[str, Any] = data["createCampaign"]
    return answer


async def test_a_moment_is_written_with_any_offset_and_read_in_utc_with_its_day(gateway: Client) -> None:
    plan = (await written(gateway, sendTime="2030-12-01T07:30:00+08:00"))["campaign"]["plan"]
    moment = {"date": "2030-11-30", "sendTime": "2030-11-30T23:30:00.000Z"}
    assert plan == {"sendAt": "", "kind": "ONE_OFF", "trigger": {"oneOff": moment}}
    again = (await written(gateway, **moment))["campaign"]["plan"]
    assert again == plan
    by_day = (await written(gateway, send_at="09:00", date="2030-12-01"))["campaign"]["plan"]["trigger"]["oneOff"]
    assert by_day == {"date": "2030-12-01", "sendTime": None}


async def test_a_moment_without_an_offset_is_refused_and_nothing_is_written(
    gateway: Client, database: Database[dict[str, Any]]
) -> None:
    asked = {"once": {"sendTime": "2030-12-01T10:00:00"}, "sendAt": ""}
    (error,) = (await gateway.ask(CREATE, asked, roles=("ops",)))["errors"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert "sendTime" in error["message"]
    assert "a moment needs its offset from UTC" in error["message"]
    assert database["campaigns"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("once", "send_at", "field"),
    [
        ({}, "09:00", "plan.trigger.oneOff.date"),
        ({"sendTime": "2030-12-01T10:00:00Z"}, "09:00", "plan.sendAt"),
        ({"sendTime": "2030-12-01T10:00:00Z", "date": "2030-12-02"}, "", "plan.trigger.oneOff.date"),
        ({"sendTime": "1970-01-01T00:00:00Z"}, "", "plan.trigger.oneOff.sendTime"),
    ],
)
async def test_a_moment_that_is_wrong_is_refused_by_its_path_and_nothing_is_written(
    gateway: Client, database: Database[dict[str, Any]], once: dict[str, str], send_at: str, field: str
) -> None:
    refusal = await written(gateway, send_at=send_at, **once)
    assert (refusal["code"], refusal["field"]) == ("INVALID_FIELD", field)
    assert database["campaigns"].count_documents({}) == 0


def test_a_moment_that_has_passed_is_refused_when_approval_is_asked_for_and_at_the_start(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    now = SystemClock().now()
    ops, approver = (calling.as_subject(CareServiceStub, name, name) for name in ("ops", "approver"))
    past, soon = (
        CampaignTrigger(one_off=MomentPb(send_time=to_timestamp(now + timedelta(hours=hours)))) for hours in (-1, 1)
    )
    field = "plan.trigger.one_off.send_time"
    late = a_draft(ops, plan=a_plan(trigger=past, send_at=""))
    refusal = refused(ops.SubmitCampaign, core.SubmitCampaignRequest(campaign_id=late.id))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.PRECONDITION, "CAMPAIGN_NOT_READY", field)
    draft = a_draft(ops, plan=a_plan(trigger=soon, send_at=""))
    ops.SubmitCampaign(core.SubmitCampaignRequest(campaign_id=draft.id))
    approver.ApproveCampaign(core.ApproveCampaignRequest(campaign_id=draft.id))
    passed = {"plan.trigger.send_time": now - timedelta(minutes=1)}  # as if it had come meanwhile
    database["campaigns"].update_one({"_id": draft.id}, {"$set": passed})
    refusal = refused(ops.StartCampaign, core.StartCampaignRequest(campaign_id=draft.id))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.PRECONDITION, "CAMPAIGN_NOT_READY", field)
    kept = ops.GetCampaign(core.GetCampaignRequest(campaign_id=draft.id)).campaign
    assert kept.state == campaign_pb2.CAMPAIGN_STATE_APPROVED


async def test_everybody_gets_it_in_the_same_instant_and_once_whatever_day_it_is_where_they_live(
    greetings: Greetings, mail: Keeping
) -> None:
    greetings.clock.set(utc("2030-06-13 12:00"))
    days = {"Asia/Shanghai": "2030-06-15", "Pacific/Honolulu": "2030-06-14", "Pacific/Kiritimati": "2030-06-15"}
    members = {greetings.member(time_zone=zone).id: day for zone, day in days.items()}
    campaign = greetings.running(trigger=OneOffTrigger.at(OPENING), send_at="")
    moment = greetings.clock.now()
    while moment < OPENING:
        greetings.clock.set(moment)
        greetings.plan(campaign)
        assert await greetings.dispatch() == 0
        moment += timedelta(hours=6)
    greetings.clock.set(OPENING - timedelta(milliseconds=1))
    assert await greetings.dispatch() == 0
    greetings.clock.set(OPENING)
    assert await greetings.dispatch() == 3
    touches = list(greetings.database["touches"].find())
    assert {each["member_id"]: each["date"] for each in touches} == members
    assert {(each["state"], each["due_at"]) for each in touches} == {("TOUCH_STATE_SENT", OPENING)}
    greetings.clock.set(OPENING + timedelta(days=1))
    greetings.plan(campaign)
    assert await greetings.dispatch() == 0
    assert len(mail.kept) == 3


async def test_who_becomes_a_member_after_the_moment_was_not_there_and_gets_nothing(
    greetings: Greetings, mail: Keeping
) -> None:
    greetings.clock.set(utc("2030-06-14 12:00"))
    there = greetings.member()
    campaign = greetings.running(trigger=OneOffTrigger.at(OPENING), send_at="")
    greetings.plan(campaign)
    greetings.clock.set(OPENING - timedelta(minutes=10))
    just_in_time = greetings.member()
    for minutes in (-5, 0, 5):
        greetings.clock.set(OPENING + timedelta(minutes=minutes))
        greetings.plan(campaign)
    greetings.member()
    greetings.clock.set(OPENING + timedelta(minutes=10))
    greetings.plan(campaign)
    await greetings.dispatch()
    assert sorted(each.touch.member_id for each in mail.kept if each.touch) == sorted([there.id, just_in_time.id])


async def test_quiet_hours_the_law_and_an_unknown_zone_rule_at_the_moment(
    greetings: Greetings, mail: Keeping, sms: Keeping
) -> None:
    greetings.rules(quiet=(QuietRule(QuietWindow("21:00", "08:00"), (Channel.EMAIL,)),))
    greetings.clock.set(utc("2030-06-14 12:00"))
    awake = greetings.member()
    asleep = greetings.member(time_zone="Europe/Berlin")  # 4 in the morning
    nowhere = greetings.member(time_zone="")
    opening = OneOffTrigger.at(OPENING)
    by_mail = greetings.running(trigger=opening, send_at="")
    greetings.plan(by_mail)
    greetings.clock.set(OPENING)
    await greetings.dispatch()
    ends = {each["member_id"]: each for each in greetings.database["touches"].find()}
    assert ends[awake.id]["state"] == "TOUCH_STATE_SENT"
    held = ends[asleep.id]
    assert (held["state"], held["reason"]) == ("TOUCH_STATE_HELD", "QUIET_HOURS")
    assert held["held_until"] == utc("2030-06-15 06:00")
    assert ends[nowhere.id]["reason"] == "UNKNOWN_TIME_ZONE"


async def test_the_hours_of_the_law_hold_advertising_back_also_at_a_moment(greetings: Greetings, sms: Keeping) -> None:
    greetings.clock.set(utc("2030-06-14 12:00"))
    member = greetings.member(phone="+8613800138000")
    greetings.set_on(member.id, consents={"sms": {"marketing": True}})
    night = utc("2030-06-15 13:30")  # 21:30 in Shanghai
    marketing = {"channels": (Channel.SMS,), "templates": BY_SMS, "purpose": Purpose.MARKETING}
    campaign = greetings.running(trigger=OneOffTrigger.at(night), send_at="", **marketing)
    greetings.plan(campaign)
    greetings.clock.set(night)
    greetings.plan(campaign)
    await greetings.dispatch()
    assert greetings.lines() == [("sms", "HELD", "LEGAL_HOURS")]
    assert sms.kept == []


def blackout(greetings: Greetings, day: date, *, behaviour: BlackoutMove) -> None:
    now = greetings.clock.now()
    days = BlackoutDays(span=BlackoutSpan.DATED, first_date=day, last_date=day)
    told = Blackout(
        id=new_id("blk", now),
        name_en="Mourning",
        name_zh="哀悼日",
        days=days,
        behaviour=behaviour,
        create_time=now,
        update_time=now,
    )
    MongoBlackouts(greetings.clock).add(told, request_key="")


@pytest.mark.parametrize(
    ("behaviour", "end"),
    [
        (BlackoutMove.FORWARD, ("PLANNED", "MOVED_BY_BLACKOUT", utc("2030-06-16 02:00"))),
        (BlackoutMove.BACK, ("PLANNED", "MOVED_BY_BLACKOUT", utc("2030-06-14 02:00"))),
        (BlackoutMove.DROP, ("SKIPPED", "", utc("2030-06-15 02:00"))),
    ],
)
def test_a_blackout_moves_a_moment_by_whole_days_or_drops_it(
    greetings: Greetings, behaviour: BlackoutMove, end: tuple[str, str, datetime]
) -> None:
    greetings.clock.set(utc("2030-06-13 12:00"))
    greetings.member()
    blackout(greetings, date(2030, 6, 15), behaviour=behaviour)
    campaign = greetings.running(trigger=OneOffTrigger.at(OPENING), send_at="")
    for _ in range(5):
        greetings.plan(campaign)
        greetings.clock.advance(timedelta(hours=6))
    (touch,) = greetings.database["touches"].find()
    assert (touch["state"].removeprefix("TOUCH_STATE_"), touch["moved_by"], touch["due_at"]) == end


async def test_a_dry_run_tells_the_moment_by_the_day_that_it_is_where_each_member_lives(
    greetings: Greetings, mail: Keeping, calling: Calling
) -> None:
    greetings.clock.set(utc("2030-06-13 12:00"))
    east, west = greetings.member(), greetings.member(time_zone="Pacific/Honolulu")
    campaign = greetings.running(trigger=OneOffTrigger.at(OPENING), send_at="")
    runs = {day: foresee(calling, campaign.id, date=day).messages for day in ("2030-06-14", "2030-06-15", "2030-06-16")}
    told = {day: [(each.member_id, each.verdict, each.due_time) for each in run] for day, run in runs.items()}
    assert told == {
        "2030-06-14": [(west.id, "WILL_BE_SENT", to_timestamp(OPENING))],
        "2030-06-15": [(east.id, "WILL_BE_SENT", to_timestamp(OPENING))],
        "2030-06-16": [],
    }
