"""What keeps a message back, from the word of a provider or a reader at the gateway to the ledger that it shows."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from membercare.care.v1 import campaigns_service_pb2 as campaigns_pb
from membercare.care.v1 import care_service_pb2 as core
from membercare.care.v1 import journeys_service_pb2 as journeys_pb
from membercare.care.v1 import segments_service_pb2 as segments
from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceStub
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.journeys_service_pb2_grpc import JourneysServiceStub
from membercare.care.v1.segments_service_pb2_grpc import SegmentsServiceStub
from services.care.domain.campaigns.assignment import held_out
from services.care.domain.campaigns.plan import Holdout, MessageTemplate
from services.care.domain.campaigns.triggers import EventTrigger, OneOffTrigger
from services.care.domain.channels import Channel, Purpose
from services.care.domain.journeys.steps import SendStep
from services.care.domain.members.member import Member
from services.care.domain.sending.settings import QuietRule
from services.care.domain.sending.windows import QuietWindow
from services.care.usecases.sending.dispatch_batch import Lease
from services.chassis.clock import SystemClock
from services.chassis.timestamps import to_timestamp
from tests.fakes.suite import Client
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import TEMPLATES, Greetings, solar, utc
from tests.integration.care.journeying import Journeys
from tests.integration.care.keeping import Keeping
from tests.integration.care.people import token_of
from tests.integration.care.receiving import says

BORN = solar("1990-11-22")
TOUCHES = """{ touches(first: 50, filter: {campaignId: "%s"}) { nodes {
  memberId channel state reason reasonZh heldUntilTime member { suppressed { channel reason } } } } }"""
BY_SMS = tuple(MessageTemplate(each.language, "", f"{each.body}拒收请回复R", channel=Channel.SMS) for each in TEMPLATES)


async def ledger(gateway: Client, campaign_id: str) -> list[dict[str, Any]]:
    """Return the touches of a campaign as the gateway shows them."""
    nodes: list[dict[str, Any]] = (await gateway.data(TOUCHES % campaign_id))["touches"]["nodes"]
    return nodes


async def test_an_address_that_bounced_at_the_door_of_the_gateway_gets_no_further_mail(
    gateway: Client, greetings: Greetings, mail: Keeping
) -> None:
    greetings.member(birthday=BORN)
    first, second = greetings.running(), greetings.running()
    greetings.plan(first)
    await greetings.dispatch()
    (message,) = mail.kept
    told = {"id": "e1", "type": "bounce", "hard": True, "message_id": message.message_id}
    told["time"] = "2026-11-22T02:00:05Z"
    assert await says(gateway, told, key=b"another") == 401
    assert [each["state"] for each in await ledger(gateway, first.id)] == ["SENT"]
    assert [await says(gateway, told) for _ in range(2)] == [204, 204]
    (bounced,) = await ledger(gateway, first.id)
    assert (bounced["state"], bounced["reason"]) == ("FAILED", "BOUNCED")
    assert bounced["member"]["suppressed"] == [{"channel": "EMAIL", "reason": "bounced"}]
    greetings.plan(second)
    await greetings.dispatch()
    (skipped,) = await ledger(gateway, second.id)
    assert (skipped["state"], skipped["reason"]) == ("SKIPPED", "ADDRESS_SUPPRESSED")
    assert skipped["reasonZh"]
    assert len(mail.kept) == 1
    assert greetings.database["receipts"].count_documents({}) == 1


async def test_advertising_by_sms_waits_for_the_hours_of_the_law(
    gateway: Client, greetings: Greetings, sms: Keeping
) -> None:
    greetings.clock.set(utc("2026-11-22 13:30"))  # 21:30 in Shanghai
    member = greetings.member(birthday=BORN, phone="+8613800138000")
    greetings.set_on(member.id, consents={"sms": {"marketing": True}})
    campaign = greetings.running(
        channels=(Channel.SMS,),
        templates=BY_SMS,
        purpose=Purpose.MARKETING,
        send_at="21:30",
        trigger=OneOffTrigger(date(2026, 11, 22)),
    )
    greetings.plan(campaign)
    await greetings.dispatch()
    (held,) = await ledger(gateway, campaign.id)
    assert (held["channel"], held["state"], held["reason"]) == ("sms", "HELD", "LEGAL_HOURS")
    assert held["heldUntilTime"] == "2026-11-23T00:00:00.000Z"
    greetings.clock.set(utc("2026-11-22 23:59"))
    await greetings.dispatch()
    assert sms.kept == []
    greetings.clock.set(utc("2026-11-23 00:00"))  # 08:00 in Shanghai
    await greetings.dispatch()
    assert [each["state"] for each in await ledger(gateway, campaign.id)] == ["SENT"]
    assert [each.to for each in sms.kept] == ["+8613800138000"]


async def test_who_unsubscribes_while_a_message_is_held_does_not_get_it(
    gateway: Client, greetings: Greetings, mail: Keeping
) -> None:
    greetings.rules(quiet=(QuietRule(QuietWindow("10:00", "12:00")),))  # it is 10:00
    stays, goes = greetings.member(birthday=BORN), greetings.member(birthday=BORN)
    campaign = greetings.running()
    greetings.plan(campaign)
    await greetings.dispatch()
    assert [each["state"] for each in await ledger(gateway, campaign.id)] == ["HELD", "HELD"]
    one_click = {"List-Unsubscribe": "One-Click"}
    assert (await gateway.http.post(f"/unsubscribe/{token_of(goes.id)}", data=one_click)).status_code == 200
    greetings.clock.set(utc("2026-11-22 04:00"))
    await greetings.dispatch()
    told = {each["memberId"]: (each["state"], each["reason"]) for each in await ledger(gateway, campaign.id)}
    assert told == {stays.id: ("SENT", None), goes.id: ("SKIPPED", "NO_EMAIL_CONSENT")}
    assert [each.to for each in mail.kept] == [stays.email]


async def test_who_unsubscribes_while_their_batch_is_being_sent_does_not_get_it(
    gateway: Client, greetings: Greetings, mail: Keeping
) -> None:
    members = {each.id: each for each in (greetings.member(birthday=BORN) for _ in range(3))}
    campaign = greetings.running()
    greetings.plan(campaign)
    mail.gate = asyncio.Event()
    batches, work = greetings.work()
    batch = await batches.lease(greetings.clock.now())
    assert batch is not None
    sending = asyncio.create_task(replace(work, chunk=1)(batch, Lease(lambda: True)))
    await mail.reached.wait()  # the first message is on its way; the whole batch is leased
    left = greetings.database["touches"].find({"state": "TOUCH_STATE_PLANNED"}).sort("_id", 1)
    goes, stays = [members[each["member_id"]] for each in left][-2:]
    one_click = {"List-Unsubscribe": "One-Click"}
    assert (await gateway.http.post(f"/unsubscribe/{token_of(goes.id)}", data=one_click)).status_code == 200
    mail.gate.set()
    assert await sending == 3
    told = {each["memberId"]: (each["state"], each["reason"]) for each in await ledger(gateway, campaign.id)}
    assert told[goes.id] == ("SKIPPED", "NO_EMAIL_CONSENT")
    assert [state for state, _ in told.values()].count("SENT") == 2
    assert stays.email in {each.to for each in mail.kept}
    assert goes.email not in {each.to for each in mail.kept}


def shop_visits(calling: Calling, members: Sequence[Member], *, at: datetime) -> None:
    """Tell by the API that members were in the shop."""
    acts = [
        segments.ToldAct(member_id=each.id, name="shop_visit", occurred_time=to_timestamp(at), key=each.id)
        for each in members
    ]
    calling.as_role(SegmentsServiceStub, "ops").RecordActs(segments.RecordActsRequest(acts=acts))


async def test_the_control_group_gets_nothing_by_what_the_api_tells_nor_by_hand_nor_as_a_test(
    gateway: Client, calling: Calling, greetings: Greetings, mail: Keeping
) -> None:
    now = SystemClock().now()  # the service knows no other time
    greetings.clock.set(now - timedelta(hours=1))
    campaign = greetings.running(trigger=EventTrigger("shop_visit"), send_at="", holdout=Holdout(5_000))
    greetings.plan(campaign)
    members = [greetings.member() for _ in range(24)]
    control = {each.id for each in members if held_out(campaign, each.id)}
    assert 0 < len(control) < 24
    shop_visits(calling, members, at=now - timedelta(minutes=30))
    greetings.clock.set(now)
    greetings.plan(campaign)
    await greetings.dispatch()
    told = {each["memberId"]: (each["state"], each["reason"]) for each in await ledger(gateway, campaign.id)}
    assert {member for member, end in told.items() if end == ("SKIPPED", "HOLDOUT")} == control
    assert {each.to for each in mail.kept} == {each.email for each in members if each.id not in control}
    ops = calling.as_role(CareServiceStub, "ops")
    for touch in greetings.database["touches"].find({"reason": "HOLDOUT"}):
        again = core.ResolveTouchRequest(touch_id=touch["_id"], resolution=core.TOUCH_RESOLUTION_SEND_AGAIN)
        assert refused(ops.ResolveTouch, again).reason == "TOUCH_NOT_UNKNOWN"
    person = next(each for each in members if each.id in control)
    by_hand = campaigns_pb.SendCampaignTestRequest(campaign_id=campaign.id, member_id=person.id)
    by_hand.addresses.append(person.email)
    room = calling.as_role(CampaignsServiceStub, "ops")
    assert refused(room.SendCampaignTest, by_hand).field == "addresses[0]"
    before = len(mail.kept)
    await greetings.dispatch()
    assert len(mail.kept) == before == 24 - len(control)


async def test_the_control_group_of_a_journey_is_moved_on_by_nobody(
    gateway: Client, calling: Calling, greetings: Greetings, mail: Keeping
) -> None:
    journeys = Journeys(greetings)
    members = [greetings.member() for _ in range(24)]
    campaign = journeys.running(SendStep("hello"), holdout=Holdout(5_000))
    control = {each.id for each in members if held_out(campaign, each.id)}
    assert 0 < len(control) < 24
    journeys.enrol(campaign)
    await journeys.at("2026-11-22 02:00")
    room = calling.as_role(JourneysServiceStub, "ops")
    for run in (run for run in journeys.runs() if run.member_id in control):
        again = journeys_pb.RetryJourneyRunRequest(run_id=run.id)
        assert refused(room.RetryJourneyRun, again).reason == "JOURNEY_RUN_NOT_PARKED"
    await journeys.at("2026-11-22 03:00")
    assert {each["memberId"] for each in await ledger(gateway, campaign.id)} == {m.id for m in members} - control
    assert {each.to for each in mail.kept} == {each.email for each in members if each.id not in control}
