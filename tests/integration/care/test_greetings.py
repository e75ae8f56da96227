from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import Any

import pytest

from deploy.local.sink_client import SinkProcess
from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar
from services.care.domain.campaigns.campaign import CampaignVerb
from services.care.domain.language import Language
from services.care.store.sending.batches import new_batch, open_batches
from services.care.store.sending.touches import CODEC, MongoTouches
from services.care.usecases.campaigns.plan_campaign import LeadershipLost
from services.chassis.clock import epoch_ms
from tests.integration.care.greetings import Greetings, solar, utc


async def test_a_member_is_greeted_once_at_the_hour_of_their_own_zone(greetings: Greetings, sink: SinkProcess) -> None:
    member = greetings.member(birthday=solar("1990-11-22"), time_zone="Asia/Shanghai")
    greetings.clock.set(utc("2026-11-22 00:30"))  # 08:30 in Shanghai
    campaign = greetings.running()
    greetings.plan(campaign)
    assert await greetings.dispatch() == 0
    greetings.clock.set(utc("2026-11-22 01:00"))  # 09:00 in Shanghai
    assert await greetings.dispatch() == 1
    assert await greetings.dispatch() == 0
    assert [mail["subject"] for mail in sink.messages(to=member.email)] == ["Happy birthday, Li"]
    assert greetings.ledger() == [("2026-11-22", "SENT", "")]


async def test_planning_again_plans_nothing_again(greetings: Greetings) -> None:
    greetings.member(birthday=solar("1990-11-22"))
    campaign = greetings.running()
    assert greetings.plan(campaign).touches == 1
    assert greetings.plan(campaign).touches == 0
    assert greetings.database["batches"].count_documents({}) == 1


async def test_a_birthday_west_of_utc_does_not_fire_one_day_early(greetings: Greetings) -> None:
    greetings.member(birthday=solar("1990-11-22"), time_zone="America/Los_Angeles")
    greetings.clock.set(utc("2026-11-22 02:00"))  # still the 21st in Los Angeles
    greetings.plan(greetings.running())
    assert await greetings.dispatch() == 0
    greetings.clock.set(utc("2026-11-22 16:59"))
    assert await greetings.dispatch() == 0
    greetings.clock.set(utc("2026-11-22 17:00"))  # 09:00 on the 22nd
    assert await greetings.dispatch() == 1


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Shanghai", "UTC", "Pacific/Pago_Pago"])
async def test_members_from_utc_plus_14_to_utc_minus_11_are_greeted_exactly_once(
    greetings: Greetings, zone: str
) -> None:
    greetings.clock.set(utc("2026-11-21 00:00"))
    greetings.member(birthday=solar("1990-11-22"), time_zone=zone)
    campaign = greetings.running(send_at="00:10")
    for _ in range(20):
        greetings.clock.advance(timedelta(hours=3))
        greetings.plan(campaign)
        await greetings.dispatch()
    assert greetings.ledger() == [("2026-11-22", "SENT", "")]


async def test_a_29_february_that_passed_while_nobody_planned_is_greeted_when_it_is_caught_up(
    greetings: Greetings,
) -> None:
    greetings.clock.set(utc("2026-02-20 12:00"))
    greetings.member(birthday=solar("1988-02-29"))
    campaign = greetings.running(catch_up_days=30)
    for day in ("2026-03-05", "2027-03-05"):
        greetings.clock.set(utc(f"{day} 12:00"))
        greetings.plan(campaign)
        await greetings.dispatch()
    assert greetings.ledger() == [("2026-02-28", "SENT", ""), ("2027-02-28", "SENT", "")]


async def test_a_lunar_birthday_is_greeted_in_the_members_language(greetings: Greetings, sink: SinkProcess) -> None:
    greetings.clock.set(utc("2026-09-25 02:00"))  # Mid-Autumn 2026: day 15 of month 8
    member = greetings.member(
        name="王小明", language=Language.ZH_HANS, birthday=Birthday(BirthdayCalendar.LUNAR, 8, 15, year=1980)
    )
    greetings.plan(greetings.running())
    await greetings.dispatch()
    (mail,) = sink.messages(to=member.email)
    message = message_from_bytes(sink.content(mail["id"]))
    assert str(make_header(decode_header(message["Subject"]))) == "王小明，生日快乐"
    assert message.get_payload(decode=True) == "亲爱的王小明：祝您生日快乐！".encode()


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"do_not_contact": True}, "DO_NOT_CONTACT"),
        ({"email": ""}, "NO_EMAIL_ADDRESS"),
        ({"email_consent": False}, "NO_EMAIL_CONSENT"),
        ({"time_zone": ""}, "UNKNOWN_TIME_ZONE"),
    ],
)
async def test_who_must_not_be_written_to_is_skipped_with_the_reason(
    greetings: Greetings, sink: SinkProcess, details: dict[str, Any], reason: str
) -> None:
    before = sink.stats()
    greetings.member(birthday=solar("1990-11-22"), **details)
    greetings.clock.set(utc("2026-11-22 12:00"))
    greetings.plan(greetings.running())
    await greetings.dispatch()
    assert greetings.ledger() == [("2026-11-22", "SKIPPED", reason)]
    assert sink.stats() == before


async def test_three_days_down_are_caught_up_and_what_is_too_late_is_skipped_with_a_reason(
    greetings: Greetings,
) -> None:
    for day in ("1990-11-21", "1990-11-22", "1990-11-23", "1990-11-24", "1990-11-25"):
        greetings.member(birthday=solar(day))
    greetings.clock.set(utc("2026-11-20 12:00"))
    campaign = greetings.running(catch_up_days=2)
    greetings.plan(campaign)
    greetings.clock.set(utc("2026-11-25 12:00"))  # the scheduler was down meanwhile
    greetings.plan(campaign)
    await greetings.dispatch()
    assert greetings.ledger() == [
        ("2026-11-21", "SKIPPED", "TOO_LATE"),
        ("2026-11-22", "SKIPPED", "TOO_LATE"),
        ("2026-11-23", "SENT", ""),
        ("2026-11-24", "SENT", ""),
        ("2026-11-25", "SENT", ""),
    ]


async def test_a_birthday_before_the_campaign_started_was_never_promised(greetings: Greetings) -> None:
    greetings.member(birthday=solar("1990-11-21"), time_zone="Asia/Shanghai")
    greetings.clock.set(utc("2026-11-22 02:00"))
    greetings.plan(greetings.running(catch_up_days=3))
    assert greetings.ledger() == []


async def test_a_pause_throws_nobody_out_and_doubles_nobody(greetings: Greetings, sink: SinkProcess) -> None:
    member = greetings.member(birthday=solar("1990-11-22"))
    campaign = greetings.running()
    greetings.plan(campaign)
    greetings.move(campaign, CampaignVerb.PAUSE)
    assert await greetings.dispatch() == 0
    greetings.clock.advance(timedelta(hours=48))
    greetings.move(campaign, CampaignVerb.RESUME)
    greetings.plan(campaign)
    assert await greetings.dispatch() == 1
    assert len(sink.messages(to=member.email)) == 1


async def test_an_archived_campaign_says_so_for_everybody_it_no_longer_greets(greetings: Greetings) -> None:
    greetings.member(birthday=solar("1990-11-22"))
    campaign = greetings.running()
    greetings.plan(campaign)
    greetings.move(campaign, CampaignVerb.ARCHIVE)
    await greetings.dispatch()
    assert greetings.ledger() == [("2026-11-22", "SKIPPED", "CAMPAIGN_ARCHIVED")]


async def test_a_member_registered_on_the_birthday_itself_is_greeted(greetings: Greetings) -> None:
    campaign = greetings.running()
    greetings.plan(campaign)
    greetings.clock.advance(timedelta(hours=1))
    greetings.member(birthday=solar("1990-11-22"))
    assert greetings.plan(campaign).touches == 1
    assert await greetings.dispatch() == 1


async def test_a_birthday_corrected_on_that_day_is_greeted_on_the_right_day_once(greetings: Greetings) -> None:
    member = greetings.member(birthday=solar("1990-11-22"))
    campaign = greetings.running()
    greetings.plan(campaign)
    greetings.change_member(member, birthday=solar("1990-11-24"))
    await greetings.dispatch()
    assert greetings.ledger() == [("2026-11-22", "SKIPPED", "BIRTHDAY_CHANGED")]
    greetings.clock.set(utc("2026-11-24 12:00"))
    greetings.plan(campaign)
    await greetings.dispatch()
    assert greetings.ledger() == [("2026-11-24", "SENT", "")]


async def test_a_newer_leaders_cursor_is_not_moved_by_an_older_one(greetings: Greetings) -> None:
    campaign = greetings.running()
    greetings.token = 2
    greetings.plan(campaign)
    before = greetings.database["plan_cursors"].find_one({"_id": campaign.id})
    greetings.token = 1
    greetings.clock.advance(timedelta(days=1))
    with pytest.raises(LeadershipLost):
        greetings.plan(campaign)
    assert greetings.database["plan_cursors"].find_one({"_id": campaign.id}) == before


@pytest.mark.parametrize("date", ["2026-11-22", "2026-11-23"], ids=["the same day", "a day that was corrected"])
def test_whatever_a_planner_had_stored_of_a_batch_when_it_died_the_rest_is_planned(
    greetings: Greetings, date: str
) -> None:
    for _ in range(20):
        greetings.member(birthday=solar("1990-11-22"))
    greetings.plan(greetings.running())
    touches = greetings.database["touches"]
    planned = [CODEC.to_aggregate(each) for each in touches.find()]
    for survivor in planned:
        touches.delete_many({"_id": {"$ne": survivor.id}})
        greetings.database["batches"].delete_many({})
        touches.update_one({}, {"$set": {"date": date}})
        assert MongoTouches().plan(planned) == (19 if date == "2026-11-22" else 20)
        assert {each["_id"]: each["date"] for each in touches.find()} == {each.id: "2026-11-22" for each in planned}


async def test_a_batch_whose_planner_died_leaves_though_thousands_wait_in_a_campaign_that_is_paused(
    greetings: Greetings,
) -> None:
    greetings.member(birthday=solar("1990-11-22"))
    paused = greetings.running()
    greetings.plan(paused)
    (waiting,) = greetings.database["touches"].find()
    others = [waiting | {"_id": f"tch_{number}", "due_at": greetings.clock.now()} for number in range(2_000)]
    greetings.database["touches"].insert_many(others)
    greetings.move(paused, CampaignVerb.PAUSE)
    greetings.clock.advance(timedelta(minutes=1))
    running = greetings.running()
    greetings.plan(running)
    of_it = {"campaign_id": running.id}
    greetings.database["batches"].update_one(of_it, {"$set": {"state": "filling"}})  # the planner died before the end
    assert await greetings.dispatch() == 0
    assert MongoTouches(timedelta()).open_stranded() == 1
    assert MongoTouches(timedelta()).open_stranded() == 0
    assert await greetings.dispatch() == 1
    assert greetings.database["touches"].count_documents(of_it | {"state": "TOUCH_STATE_SENT"}) == 1


@pytest.mark.parametrize("due", [timedelta(days=-7), timedelta(days=7)], ids=["long overdue", "due in a week"])
def test_a_batch_is_left_to_its_writer_for_two_minutes_whenever_it_is_due(greetings: Greetings, due: timedelta) -> None:
    batches = greetings.database["batches"]
    batch = new_batch("bat_1", "cmp_1", channel="email", due_at=greetings.clock.now() + due)
    batches.insert_one(batch | {"filling_since": epoch_ms() - 110_000})
    assert MongoTouches().open_stranded() == 0
    batches.update_one({}, {"$inc": {"filling_since": -10_000}})
    assert MongoTouches().open_stranded() == 1
    assert [(each["state"], each["token"]) for each in batches.find()] == [("ready", 1)]


async def test_touches_that_come_after_their_batch_was_opened_for_a_dead_planner_leave_too(
    greetings: Greetings,
) -> None:
    for _ in range(2):
        greetings.member(birthday=solar("1990-11-22"))
    greetings.plan(greetings.running())
    touches, batches = greetings.database["touches"], greetings.database["batches"]
    late = touches.find_one_and_delete({}) or {}
    (batch,) = batches.find()
    assert await greetings.dispatch() == 1  # the planner stood still, and its batch was opened and done meanwhile
    touches.insert_one(late)
    open_batches([batch["_id"]])
    assert await greetings.dispatch() == 1
    assert touches.count_documents({"state": "TOUCH_STATE_SENT"}) == 2
    assert [each["state"] for each in batches.find()] == ["done"]
