"""What becomes of many messages in one task: each is settled by itself, and a crash leaves all of them in doubt."""

import asyncio
import contextlib
import threading
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.care.domain.campaigns.campaign import CampaignVerb
from services.care.domain.channels import Channel
from services.care.store.members.privacy import MongoPersonalData
from services.care.usecases.sending.dispatch_batch import CHUNK
from services.chassis import clock as chassis_clock
from tests.fakes.wecom import WecomTask
from tests.integration.care.greetings import Greetings, utc
from tests.integration.care.keeping import Keeping
from tests.integration.care.wecom_desk import BY_SMS, BY_WECOM, Desk, open_desk
from tests.integration.waiting import wait_until

NOT_A_FRIEND, QUOTA_FULL = 2, 3


@pytest.fixture
async def desk(greetings: Greetings, tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_desk(greetings, tmp_path) as opened:
        yield opened


def fates(desk: Desk) -> dict[str, tuple[str, str]]:
    """Return state and reason of each touch by WeCom, by the customer's name there."""
    database = desk.greetings.database
    names = {each["_id"]: each["wecom_id"] for each in database["members"].find({"wecom_id": {"$gt": ""}})}
    touches = database["touches"].find({"channel": "wecom"})
    found = {names.get(each["member_id"], "erased"): (each["state"], each["reason"]) for each in touches}
    return {name: (state.removeprefix("TOUCH_STATE_"), reason) for name, (state, reason) in sorted(found.items())}


def only_task(desk: Desk) -> WecomTask:
    (task,) = desk.wecom.tasks.values()
    return task


async def test_each_message_of_a_task_is_settled_by_what_became_of_its_own_customer(desk: Desk, sms: Keeping) -> None:
    await desk.send(4, channels=(Channel.WECOM, Channel.SMS), templates=(*BY_WECOM, *BY_SMS))
    assert len(only_task(desk).customers) == 4
    desk.wecom.confirm(customers=("wm-1",))
    desk.wecom.confirm(customers=("wm-2",), status=NOT_A_FRIEND)
    desk.wecom.confirm(customers=("wm-3",), status=QUOTA_FULL)
    assert await desk.look() == 3
    assert desk.asked == ["add_msg_template", "get_groupmsg_send_result"]
    assert fates(desk) == {
        "wm-1": ("DELIVERED", ""),
        "wm-2": ("FAILED", "NOT_A_FRIEND"),
        "wm-3": ("FAILED", "QUOTA_SPENT"),
        "wm-4": ("SENT", ""),
    }
    desk.wecom.confirm(customers=("wm-4",))
    assert await desk.look() == 1
    assert fates(desk)["wm-4"] == ("DELIVERED", "")
    await desk.greetings.dispatch()
    assert len(sms.kept) == 2  # who is no friend, and whose quota is spent
    asked = len(desk.asked)
    assert await desk.look() == 0
    assert len(desk.asked) == asked


async def test_a_batch_of_several_chunks_is_one_task(desk: Desk) -> None:
    await desk.send(CHUNK + 1)
    assert len(only_task(desk).customers) == CHUNK + 1


async def test_a_task_that_nobody_confirms_is_reminded_of_three_times_in_all_and_everybody_in_it_is_called(
    desk: Desk,
) -> None:
    await desk.send(5)
    desk.greetings.clock.set(utc("2026-11-22 08:49"))  # 16:49 in Shanghai
    assert sum([await desk.look() for _ in range(13)]) == 5
    task = only_task(desk)
    assert (task.reminders, task.cancelled) == (3, True)
    assert set(fates(desk).values()) == {("FAILED", "NOT_CONFIRMED")}
    called = desk.visits()
    assert {due for due, _ in called} == {"2026-11-23"}
    assert sorted(source for _, source in called) == sorted(
        each["_id"] for each in desk.greetings.database["touches"].find()
    )
    await desk.look()
    assert len(desk.visits()) == 5


async def test_whoever_was_confirmed_for_at_the_last_moment_is_not_called_and_the_others_are(desk: Desk) -> None:
    await desk.send(3)
    desk.greetings.clock.set(utc("2026-11-22 08:49"))
    for _ in range(9):
        await desk.look()
    desk.wecom.confirm(customers=("wm-2",))
    for _ in range(4):
        await desk.look()
    assert fates(desk) == {
        "wm-1": ("FAILED", "NOT_CONFIRMED"),
        "wm-2": ("DELIVERED", ""),
        "wm-3": ("FAILED", "NOT_CONFIRMED"),
    }
    assert len(desk.visits()) == 2


async def test_an_archived_campaign_stops_a_task_for_all_of_its_customers_and_calls_nobody(desk: Desk) -> None:
    campaign = await desk.send(3)
    desk.greetings.move(campaign, CampaignVerb.ARCHIVE)
    assert await desk.look() == 3
    assert desk.asked.count("cancel_groupmsg_send") == 1
    assert set(fates(desk).values()) == {("FAILED", "WITHDRAWN")}
    assert desk.visits() == []


@pytest.mark.parametrize("dies", [False, True], ids=["at once", "by a leader that took over"])
async def test_who_is_erased_stops_a_task_and_the_others_in_it_are_called_once(desk: Desk, *, dies: bool) -> None:
    await desk.send(3)
    database = desk.greetings.database
    erased = database["members"].find_one({"wecom_id": "wm-2"})
    assert erased is not None
    MongoPersonalData().forget([erased["_id"]], now=desk.greetings.clock.now())
    if dies:  # after it had stopped the task and told of the one who was erased
        (mine,) = database["broadcasts"].find({"unwanted": True})
        only_task(desk).cancelled = True
        now = desk.greetings.clock.now()
        database["broadcasts"].update_many({}, {"$set": {"withdrawn_at": now, "look_at": now}})
        database["broadcasts"].delete_one({"_id": mine["_id"]})
    assert await desk.look(minutes=0) == (2 if dies else 3)
    assert only_task(desk).cancelled
    assert fates(desk)["wm-1"] == fates(desk)["wm-3"] == ("FAILED", "NOT_CONFIRMED")
    if not dies:
        assert Counter(each["reason"] for each in database["touches"].find()) == {"NOT_CONFIRMED": 2, "WITHDRAWN": 1}
        assert "wm-2" not in repr([*database["broadcasts"].find(), *database["broadcast_quotas"].find()])
    assert await desk.look() == 0
    assert len(desk.visits()) == 2


async def test_more_customers_than_one_answer_holds_are_all_settled(desk: Desk) -> None:
    await desk.send(9)
    desk.wecom.page = 4
    desk.wecom.confirm()
    assert await desk.look() == 9
    assert desk.asked.count("get_groupmsg_send_result") == 3
    assert set(fates(desk).values()) == {("DELIVERED", "")}


async def die_while_asking(desk: Desk, at: str, *, tasks: int) -> None:
    """Plan for four, and kill the dispatcher while WeCom is at this call; another one finds what it left."""
    greetings, gate = desk.greetings, threading.Event()
    desk.wecom.gates[at] = gate
    desk.plan(4)
    dispatching = asyncio.create_task(greetings.dispatch())
    await asyncio.to_thread(wait_until, lambda: any(at in each.path for each in desk.server.received))
    await asyncio.to_thread(wait_until, lambda: len(desk.wecom.tasks) == tasks)
    dispatching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await dispatching
    gate.set()
    expired = {"$set": {"lease_until": chassis_clock.epoch_ms() - 1}}
    greetings.database["batches"].update_many({"state": "ready"}, expired)
    await greetings.dispatch()
    assert [state for state, _ in fates(desk).values()] == ["UNKNOWN"] * 4
    greetings.providers = {Channel.WECOM: desk.lookup()}


async def settle(desk: Desk, *, minutes: int) -> int:
    """Let time pass, and ask about what is in doubt."""
    desk.greetings.clock.advance(timedelta(minutes=minutes))
    return await desk.greetings.settle_unknown()


async def test_a_task_whose_dispatcher_died_before_the_answer_is_found_in_wecom_for_all_of_its_customers(
    desk: Desk,
) -> None:
    await die_while_asking(desk, "add_msg_template", tasks=1)
    assert await settle(desk, minutes=1) == 0  # it may still be on its way
    assert "get_groupmsg_list_v2" not in desk.asked
    assert await settle(desk, minutes=10) == 4
    assert desk.asked.count("get_groupmsg_list_v2") == 1
    assert [state for state, _ in fates(desk).values()] == ["SENT"] * 4
    desk.wecom.confirm()
    assert await desk.look() == 4
    assert set(fates(desk).values()) == {("DELIVERED", "")}
    assert len(desk.wecom.tasks) == 1
    assert desk.greetings.database["broadcasts"].distinct("digest") == [""]


async def test_what_is_not_found_in_wecom_waits_for_a_person_and_is_looked_for_once_in_ten_minutes(desk: Desk) -> None:
    await die_while_asking(desk, "gettoken", tasks=0)
    settled = [await settle(desk, minutes=1) for _ in range(25)]
    assert sum(settled) == 0
    assert desk.asked.count("get_groupmsg_list_v2") == 2
    assert [state for state, _ in fates(desk).values()] == ["UNKNOWN"] * 4
    assert desk.wecom.tasks == {}


async def test_a_task_of_other_messages_or_of_somebody_else_is_not_taken_for_the_lost_one(desk: Desk) -> None:
    await die_while_asking(desk, "gettoken", tasks=0)
    greetings, everybody = desk.greetings, [f"wm-{n}" for n in range(1, 5)]
    made_at = int(greetings.clock.now().timestamp())
    text = "Dear Li Na, many returns!"
    desk.wecom.tasks = {
        "another text": WecomTask("zhangsan", everybody, "生日快乐", made_at=made_at),
        "another sender": WecomTask("lisi", everybody, text, made_at=made_at),
        "another day": WecomTask("zhangsan", everybody, text, made_at=made_at - 86_400),
        "another message": WecomTask("zhangsan", everybody, text, made_at=made_at),
    }
    other = greetings.database["broadcasts"].find_one() or {}
    greetings.database["broadcasts"].insert_one(
        other | {"_id": "tch_other.1@x", "state": "ended", "task_id": "another message", "customer": ""}
    )
    assert await settle(desk, minutes=11) == 0
    desk.wecom.tasks["the lost one"] = WecomTask("zhangsan", ["wm-2", "wm-9"], text, made_at=made_at)
    assert await settle(desk, minutes=11) == 1
    assert [name for name, (state, _) in fates(desk).items() if state == "SENT"] == ["wm-2"]


async def test_wecom_that_does_not_answer_settles_nothing_and_is_asked_again_later(desk: Desk) -> None:
    await die_while_asking(desk, "add_msg_template", tasks=1)
    (desk.folder / "CORP_SECRET").unlink()
    assert await settle(desk, minutes=11) == 0
    (desk.folder / "CORP_SECRET").write_text("hush")
    desk.greetings.providers = {Channel.WECOM: desk.lookup()}
    assert await settle(desk, minutes=11) == 4
