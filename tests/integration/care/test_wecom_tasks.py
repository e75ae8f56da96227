"""What becomes of tasks in WeCom: delivered or not, reminded of, made a call of, stopped; each told once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.care.app import sending
from services.care.config import Settings
from services.care.domain.campaigns.campaign import CampaignVerb
from services.care.domain.channels import Channel
from services.care.domain.sending.settings import SendingSettings
from services.care.store.members.privacy import MongoPersonalData
from services.care.store.sending.settings import MongoSendingSettings
from services.chassis.scheduled import Lead
from tests.integration.care.greetings import Greetings, utc
from tests.integration.care.keeping import Keeping
from tests.integration.care.wecom_desk import BY_SMS, BY_WECOM, Desk, open_desk


@pytest.fixture
async def desk(greetings: Greetings, tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(greetings, tmp_path) as opened:
        yield opened


async def test_what_the_staff_member_confirmed_is_delivered_and_asked_about_no_more(desk: Desk) -> None:
    await desk.send()
    assert await desk.look(minutes=5) == 0
    assert desk.asked == ["add_msg_template"]  # too early to look
    assert await desk.look() == 0
    assert desk.greetings.lines() == [("wecom", "SENT", "")]  # nobody has confirmed yet
    desk.wecom.confirm()
    assert await desk.look() == 1
    assert desk.greetings.lines() == [("wecom", "DELIVERED", "")]
    asked = len(desk.asked)
    assert await desk.look() == 0
    assert len(desk.asked) == asked


@pytest.mark.parametrize(("status", "reason"), [(2, "NOT_A_FRIEND"), (3, "QUOTA_SPENT")])
async def test_what_could_not_be_delivered_fails_with_the_reason_and_falls_back(
    desk: Desk, sms: Keeping, status: int, reason: str
) -> None:
    await desk.send(channels=(Channel.WECOM, Channel.SMS), templates=(*BY_WECOM, *BY_SMS))
    desk.wecom.confirm(status=status)
    assert await desk.look() == 1
    await desk.greetings.dispatch()
    assert desk.greetings.lines() == [("sms", "SENT", ""), ("wecom", "FAILED", reason)]
    assert len(sms.kept) == 1
    (member,) = desk.greetings.database["members"].find()
    assert not member.get("suppressed")
    said = [event for each in desk.greetings.database["receipts"].find() for event in each["outbox"]]
    assert [(each["type"], each["data"]["outcomes"][0]["reason"]) for each in said] == [("touch_failed", reason)]


async def test_unconfirmed_by_17_is_reminded_of_three_times_and_then_becomes_one_call(desk: Desk) -> None:
    await desk.send()
    desk.greetings.clock.set(utc("2026-11-22 08:49"))  # 16:49 in Shanghai
    await desk.look()
    assert next(iter(desk.wecom.tasks.values())).reminders == 0
    ended = [await desk.look() for _ in range(12)]
    assert sum(ended) == 1
    (task,) = desk.wecom.tasks.values()
    assert (task.reminders, task.cancelled) == (3, True)
    assert desk.greetings.lines() == [("wecom", "FAILED", "NOT_CONFIRMED")]
    (touch,) = desk.greetings.database["touches"].find()
    assert desk.visits() == [("2026-11-23", touch["_id"])]
    await desk.look()
    assert len(desk.visits()) == 1


async def test_while_a_campaign_is_paused_nobody_is_reminded_or_called_instead_and_a_confirmation_still_counts(
    desk: Desk,
) -> None:
    campaign = await desk.send()
    desk.greetings.clock.set(utc("2026-11-22 08:49"))
    desk.greetings.move(campaign, CampaignVerb.PAUSE)
    assert sum([await desk.look() for _ in range(12)]) == 0
    (task,) = desk.wecom.tasks.values()
    assert (task.reminders, task.cancelled, desk.visits()) == (0, False, [])
    desk.greetings.move(campaign, CampaignVerb.RESUME)
    await desk.look()
    assert task.reminders == 1
    desk.greetings.move(campaign, CampaignVerb.PAUSE)
    desk.wecom.confirm()
    assert await desk.look() == 1
    assert desk.greetings.lines() == [("wecom", "DELIVERED", "")]


async def test_a_task_confirmed_in_the_moment_it_is_stopped_is_delivered_and_nobody_calls(desk: Desk) -> None:
    await desk.send()
    desk.greetings.clock.set(utc("2026-11-22 09:00"))
    desk.wecom.confirmed_at_cancel = True
    for _ in range(12):
        await desk.look()
    assert desk.greetings.lines() == [("wecom", "DELIVERED", "")]
    assert desk.visits() == []


@pytest.mark.parametrize("how", ["archived", "stopped"])
async def test_tasks_of_an_archived_campaign_and_of_a_general_stop_are_stopped_in_wecom(desk: Desk, how: str) -> None:
    campaign, greetings = await desk.send(), desk.greetings
    if how == "archived":
        greetings.move(campaign, CampaignVerb.ARCHIVE)
    else:

        def stop(rules: SendingSettings) -> SendingSettings:
            return rules.stopped("wrong words", by="ops", now=greetings.clock.now())

        MongoSendingSettings.of(greetings.clock).change(stop, etag="", request_key="")
    assert await desk.look() == 1
    (task,) = desk.wecom.tasks.values()
    assert (task.cancelled, task.reminders) == (True, 0)
    assert greetings.lines() == [("wecom", "FAILED", "WITHDRAWN")]
    assert desk.visits() == []


async def test_a_leader_that_died_before_it_noted_the_end_tells_it_once(desk: Desk) -> None:
    await desk.send()
    desk.wecom.confirm(status=2)
    assert await desk.look() == 1
    desk.greetings.database["broadcasts"].update_many({}, {"$set": {"state": "created", "customer": "wm-1"}})
    assert await desk.look() == 1
    assert desk.greetings.database["receipts"].count_documents({}) == 1
    assert desk.greetings.lines() == [("wecom", "FAILED", "NOT_A_FRIEND")]


async def test_without_the_lead_nothing_is_asked_and_a_secret_that_is_missing_waits(desk: Desk) -> None:
    await desk.send()
    assert await desk.look(leading=lambda: False) == 0
    (desk.folder / "CORP_SECRET").unlink()
    assert await desk.look() == 0
    assert desk.asked == ["add_msg_template"]
    (desk.folder / "CORP_SECRET").write_text("hush")
    desk.wecom.confirm()
    assert await desk.look() == 1
    assert desk.greetings.lines() == [("wecom", "DELIVERED", "")]


async def test_the_job_as_the_leader_runs_it_asks_wecom_itself(desk: Desk, care_settings: Settings) -> None:
    await desk.send()
    desk.wecom.confirm()
    desk.greetings.database["broadcasts"].update_many({}, {"$set": {"look_at": utc("2020-01-01 00:00")}})
    jobs = {job.name: job for job in sending.jobs(replace(care_settings, provider_secrets_dir=desk.folder))}
    assert await asyncio.to_thread(jobs["follow_broadcasts"].run, Lead(1)) == 1
    assert desk.greetings.lines() == [("wecom", "DELIVERED", "")]


@pytest.mark.parametrize("confirmed", [False, True], ids=["unconfirmed", "confirmed meanwhile"])
async def test_a_task_for_who_was_erased_is_stopped_at_once_and_nothing_tells_any_more_whom_it_was_for(
    desk: Desk, *, confirmed: bool
) -> None:
    await desk.send()
    (member,) = desk.greetings.database["members"].find()
    if confirmed:
        desk.wecom.confirm()
    MongoPersonalData().forget([member["_id"]], now=desk.greetings.clock.now())
    assert await desk.look(minutes=0) == 1
    assert desk.greetings.lines() == [("wecom", "DELIVERED", "") if confirmed else ("wecom", "FAILED", "WITHDRAWN")]
    assert ("cancel_groupmsg_send" in desk.asked) is not confirmed
    for name in ("broadcasts", "broadcast_quotas"):
        assert "wm-1" not in repr(list(desk.greetings.database[name].find()))
    assert desk.visits() == []


async def test_a_place_under_a_quota_that_a_crash_left_without_a_task_goes_with_the_erasure(desk: Desk) -> None:
    await desk.send()
    database = desk.greetings.database
    (member,) = database["members"].find()
    database["broadcasts"].delete_many({})  # the process died between the place and the task
    database["broadcast_quotas"].insert_one({"_id": "ww01/wm-2/2026-11-01+30", "taken": ["tch_of_another"]})
    assert database["broadcast_quotas"].count_documents({}) == 2
    MongoPersonalData().forget([member["_id"]], now=desk.greetings.clock.now())
    assert [each["_id"] for each in database["broadcast_quotas"].find()] == ["ww01/wm-2/2026-11-01+30"]
