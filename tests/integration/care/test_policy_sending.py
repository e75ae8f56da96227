"""The policy at work in the dispatcher: holds, fallbacks, control groups and stops."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest

from services.care.domain.calendars.blackout import Blackout, BlackoutDays, BlackoutMove, BlackoutSpan
from services.care.domain.campaigns.campaign import CampaignVerb
from services.care.domain.campaigns.plan import Holdout, MessageTemplate, QuietHours
from services.care.domain.channels import Channel
from services.care.domain.sending.settings import QuietRule
from services.care.domain.sending.touch import Touch, touch_id
from services.care.domain.sending.windows import QuietWindow
from services.care.ports.sending import Handover
from services.care.store.calendars.blackouts import MongoBlackouts
from services.care.store.sending.settings import MongoSendingSettings
from services.care.store.sending.touches import MongoTouches
from services.care.usecases.sending.dispatch_batch import CHUNK
from services.chassis.ids import new_id
from tests.integration.care.greetings import TEMPLATES, Greetings, solar, utc
from tests.integration.care.keeping import Keeping

BORN = solar("1990-11-22")
BY_SMS = tuple(MessageTemplate(each.language, "", each.body, channel=Channel.SMS) for each in TEMPLATES)
TWO_CHANNELS: dict[str, Any] = {
    "channels": (Channel.EMAIL, Channel.SMS),
    "templates": (*TEMPLATES, *BY_SMS),
}


async def test_a_quiet_hours_hold_is_seen_in_the_ledger_and_ends_in_the_morning(
    greetings: Greetings, mail: Keeping
) -> None:
    greetings.rules(quiet=(QuietRule(QuietWindow("10:00", "12:00")),))  # it is 10:00
    greetings.member(birthday=BORN)
    greetings.plan(greetings.running())
    assert await greetings.dispatch() == 0
    (held,) = greetings.database["touches"].find()
    assert (held["state"], held["reason"]) == ("TOUCH_STATE_HELD", "QUIET_HOURS")
    assert held["held_until"] == utc("2026-11-22 04:00")
    greetings.clock.set(utc("2026-11-22 03:59"))
    assert await greetings.dispatch() == 0
    greetings.clock.set(utc("2026-11-22 04:00"))
    assert await greetings.dispatch() == 1
    (sent,) = greetings.database["touches"].find()
    assert (sent["state"], sent["reason"], sent["held_until"], sent["attempts"]) == ("TOUCH_STATE_SENT", "", None, 1)
    assert len(mail.kept) == 1


async def test_a_campaign_that_cancels_in_quiet_hours_skips_with_the_reason(
    greetings: Greetings, mail: Keeping
) -> None:
    greetings.rules(quiet=(QuietRule(QuietWindow("10:00", "12:00")),))
    greetings.member(birthday=BORN)
    greetings.plan(greetings.running(quiet_hours=QuietHours.CANCEL))
    assert await greetings.dispatch() == 1
    assert greetings.lines() == [("email", "SKIPPED", "QUIET_HOURS")]
    assert mail.kept == []


async def test_a_blackout_that_was_set_after_planning_holds_what_is_due(greetings: Greetings, mail: Keeping) -> None:
    greetings.member(birthday=BORN)
    greetings.plan(greetings.running())
    now = greetings.clock.now()
    days = BlackoutDays(span=BlackoutSpan.DATED, first_date=date(2026, 11, 22), last_date=date(2026, 11, 23))
    blackout = Blackout(
        id=new_id("blk", now),
        name_en="Mourning",
        name_zh="哀悼日",
        days=days,
        behaviour=BlackoutMove.FORWARD,
        create_time=now,
        update_time=now,
    )
    MongoBlackouts(greetings.clock).add(blackout, request_key="")
    await greetings.dispatch()
    (held,) = greetings.database["touches"].find()
    assert (held["reason"], held["held_until"]) == ("BLACKOUT_DAY", utc("2026-11-24 02:00"))
    greetings.clock.set(utc("2026-11-24 02:00"))
    assert await greetings.dispatch() == 1
    assert len(mail.kept) == 1
    (sent,) = greetings.database["touches"].find()
    assert (sent["state"], sent["reason"], sent["moved_by"]) == ("TOUCH_STATE_SENT", "", "MOVED_BY_BLACKOUT")


async def test_a_member_without_consent_for_the_first_channel_gets_the_message_by_the_second(
    greetings: Greetings, mail: Keeping, sms: Keeping
) -> None:
    member = greetings.member(birthday=BORN, email_consent=False, phone="+8613800138000")
    greetings.set_on(member.id, consents={"sms": {"care": True}})
    campaign = greetings.running(**TWO_CHANNELS)
    greetings.plan(campaign)
    assert await greetings.dispatch() == 2
    assert greetings.lines() == [("email", "SKIPPED", "NO_EMAIL_CONSENT"), ("sms", "SENT", "")]
    (by_mail,) = greetings.database["touches"].find({"channel": "email"})
    (by_sms,) = greetings.database["touches"].find({"channel": "sms"})
    assert (by_mail["fallback_channel"], by_sms["fallback_of"]) == ("sms", by_mail["_id"])
    expected = touch_id(campaign.id, member.id, occurrence=by_mail["occurrence"], channel="sms")
    assert by_sms["_id"] == expected
    assert (mail.kept, [each.to for each in sms.kept]) == ([], ["+8613800138000"])


async def test_a_hard_refusal_falls_back_and_never_two_channels_deliver(
    greetings: Greetings, mail: Keeping, sms: Keeping
) -> None:
    mail.answer = Handover.REFUSED
    member = greetings.member(birthday=BORN, phone="+8613800138000")
    greetings.set_on(member.id, consents={"email": {"care": True}, "sms": {"care": True}})
    greetings.plan(greetings.running(**TWO_CHANNELS))
    await greetings.dispatch()
    await greetings.dispatch()
    assert greetings.lines() == [("email", "FAILED", "PROVIDER_REFUSED"), ("sms", "SENT", "")]
    assert len(sms.kept) == 1


async def test_what_may_have_arrived_does_not_fall_back(greetings: Greetings, mail: Keeping, sms: Keeping) -> None:
    mail.answer = Handover.UNCERTAIN
    member = greetings.member(birthday=BORN, phone="+8613800138000")
    greetings.set_on(member.id, consents={"email": {"care": True}, "sms": {"care": True}})
    greetings.plan(greetings.running(**TWO_CHANNELS))
    await greetings.dispatch()
    assert greetings.lines() == [("email", "UNKNOWN", "INTERRUPTED")]
    assert sms.kept == []


async def test_the_channel_a_member_prefers_comes_first_and_the_plans_own_if_it_fails(
    greetings: Greetings, mail: Keeping, sms: Keeping
) -> None:
    member = greetings.member(birthday=BORN, phone="+8613800138000")
    both = {"email": {"care": True}, "sms": {"care": True}}
    greetings.set_on(member.id, consents=both, preferred_channel="sms")
    greetings.plan(greetings.running(**TWO_CHANNELS))
    await greetings.dispatch()
    assert greetings.lines() == [("email", "SKIPPED", "OTHER_CHANNEL_PREFERRED"), ("sms", "SENT", "")]
    sms.answer = Handover.REFUSED
    greetings.plan(greetings.running(**TWO_CHANNELS))
    await greetings.dispatch()
    assert greetings.lines()[0] == ("email", "SENT", "")
    assert (len(mail.kept), len(sms.kept)) == (1, 1)


@pytest.mark.parametrize("step", ["greeting", "by_hand", "journey_step"])
async def test_a_holdout_leaks_neither_through_the_planner_nor_the_api_nor_a_journey(
    greetings: Greetings, mail: Keeping, step: str
) -> None:
    member = greetings.member(birthday=BORN)
    campaign = greetings.running(holdout=Holdout(5_000))
    greetings.database["campaigns"].update_one({"_id": campaign.id}, {"$set": {"plan.holdout.basis_points": 10_000}})
    greetings.database["campaigns"].update_one({"_id": campaign.id}, {"$set": {"versions": []}})
    now = greetings.clock.now()
    touch = Touch(
        id=touch_id(campaign.id, member.id, occurrence="birthday/2026", step=step),
        campaign_id=campaign.id,
        member_id=member.id,
        occurrence="birthday/2026",
        channel="email",
        date="2026-11-22",
        due_at=now,
        batch_id=new_id("bat", now),
        updated_at=now,
        step=step,
    )
    MongoTouches().plan([touch])
    assert await greetings.dispatch() == 1
    assert greetings.lines() == [("email", "SKIPPED", "HOLDOUT")]
    assert mail.kept == []


async def test_an_emergency_stop_holds_within_a_chunk_and_loses_nobody(greetings: Greetings, mail: Keeping) -> None:
    for _ in range(CHUNK + 30):
        greetings.member(birthday=BORN)
    greetings.plan(greetings.running())
    mail.gate = asyncio.Event()
    settings = MongoSendingSettings.of(greetings.clock)
    working = asyncio.create_task(greetings.dispatch())
    await mail.reached.wait()
    settings.change(
        lambda each: each.stopped("wrong words", by="ops", now=greetings.clock.now()), etag="", request_key=""
    )
    mail.gate.set()
    assert await working == CHUNK  # what was in flight
    assert await greetings.dispatch() == 0
    settings.change(lambda each: each.resumed(by="ops", now=greetings.clock.now()), etag="", request_key="")
    assert await greetings.dispatch() == 30
    assert len({each.to for each in mail.kept}) == len(mail.kept) == CHUNK + 30


async def test_a_pause_of_48_hours_and_a_resume_reach_the_same_set_without_repeat_and_throw_nobody_out(
    greetings: Greetings, mail: Keeping
) -> None:
    members = {greetings.member(birthday=BORN).email for _ in range(CHUNK + 30)}
    campaign = greetings.running()
    greetings.plan(campaign)
    mail.gate = asyncio.Event()
    working = asyncio.create_task(greetings.dispatch())
    await mail.reached.wait()
    greetings.move(campaign, CampaignVerb.PAUSE)
    mail.gate.set()
    assert await working == CHUNK
    greetings.clock.advance(timedelta(hours=48))
    assert await greetings.dispatch() == 0
    greetings.move(campaign, CampaignVerb.RESUME)
    greetings.plan(campaign)
    assert await greetings.dispatch() == 30
    assert {each.to for each in mail.kept} == members
    assert len(mail.kept) == CHUNK + 30
