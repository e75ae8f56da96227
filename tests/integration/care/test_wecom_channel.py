"""WeCom's broadcasts against a server that knows tokens, staff and tasks as the real one documents them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.care.domain.channels import Channel
from services.care.domain.providers.kinds import ProviderKind
from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover
from services.care.store.providers.broadcasts import MongoBroadcasts
from services.care.usecases.providers.ask_broadcasts import BroadcastLookup
from services.care.usecases.providers.ask_channel import AskChannel
from tests.fakes.provider_server import HANG_UP, Answer, Received, serve_provider
from tests.fakes.wecom import Wecom
from tests.integration.care.channels import Channels, a_message

New = Callable[[], Channels]
OWNER, OTHER = "emp_01JD0000000000000000000001", "emp_01JD0000000000000000000002"


def _wecom(sending: Channels, url: str, *, secret: str = "hush", **settings: str) -> None:  # a test's own
    sending.secret("CORP_SECRET", secret)
    sending.register(ProviderKind.WECOM, settings={"endpoint": url, **settings})


def _message(number: int = 1, *, attempt: int = 1, **told: Any) -> Message:
    made = a_message(number, to=f"wm-{number}", channel="wecom", **told)
    return replace(made, message_id=made.message_id.replace(".1@", f".{attempt}@"))


async def test_a_message_becomes_one_task_for_the_default_sender_and_is_accepted(channels: New) -> None:
    sending, wecom = channels(), Wecom()
    with serve_provider(wecom.answer) as provider:
        _wecom(sending, provider.url)
        told = [_message(1, body="亲爱的王芳"), _message(2, body="亲爱的李娜")]
        assert await sending.send(told, "wecom") == [Handover.ACCEPTED] * 2
        gets = [each for each in provider.received if each.method == "GET"]
    assert len(gets) == 1  # one token for all
    made = sorted((each.sender, each.customers, each.text) for each in wecom.tasks.values())
    assert made == [("zhangsan", ["wm-1"], "亲爱的王芳"), ("zhangsan", ["wm-2"], "亲爱的李娜")]
    stored = [each async for each in sending.database["broadcasts"].find().sort("customer", 1)]
    assert [(each["state"], each["member_id"][-1]) for each in stored] == [("created", "1"), ("created", "2")]
    assert {each["task_id"] for each in stored} == wecom.tasks.keys()


async def test_the_owner_sends_and_the_default_sender_where_wecom_does_not_know_them(channels: New) -> None:
    sending, wecom = channels(), Wecom()
    with serve_provider(wecom.answer) as provider:
        _wecom(sending, provider.url, senders=f"{OWNER}=lisi {OTHER}=gone")
        mine, left = _message(1, owner_id=OWNER), _message(2, owner_id=OTHER)
        assert await sending.send([mine], "wecom") == [Handover.ACCEPTED]
        assert await sending.send([left], "wecom") == [Handover.ACCEPTED]
    made = [(each.sender, each.customers) for each in wecom.tasks.values()]
    assert made == [("lisi", ["wm-1"]), ("zhangsan", ["wm-2"])]
    stored = await sending.database["broadcasts"].find_one({"customer": "wm-2"})
    assert stored is not None
    assert stored["sender"] == "zhangsan"


async def test_a_spent_quota_skips_before_wecom_is_asked(channels: New) -> None:
    sending, wecom = channels(), Wecom()
    with serve_provider(wecom.answer) as provider:
        _wecom(sending, provider.url, quota="day")
        assert await sending.send([_message()], "wecom") == [Handover.ACCEPTED]
        asked = len(provider.received)
        other = a_message(9, to="wm-1", channel="wecom")
        assert await sending.send([other], "wecom") == [Handover.QUOTA_SPENT]
        assert len(provider.received) == asked
        sending.clock.advance(timedelta(days=1))
        assert await sending.send([other], "wecom") == [Handover.ACCEPTED]
    assert len(wecom.tasks) == 2


async def test_20_messages_at_once_to_one_customer_take_no_more_than_the_quota(channels: New) -> None:
    sending, wecom = channels(), Wecom()
    with serve_provider(wecom.answer) as provider:
        _wecom(sending, provider.url, per_month="4")
        fates = await sending.send([a_message(n, to="wm-1", channel="wecom") for n in range(1, 21)], "wecom")
    assert sorted(fate.value for fate in fates) == ["accepted"] * 4 + ["quota spent"] * 16
    assert len(wecom.tasks) == 4


@pytest.mark.parametrize(
    ("code", "fate"),
    [
        (-1, Handover.DEFERRED),
        (45033, Handover.NOT_REACHED),
        (48002, Handover.NOT_REACHED),
        (60020, Handover.NOT_REACHED),
        (40096, Handover.REFUSED),
        (41048, Handover.REFUSED),
    ],
)
async def test_what_wecom_did_not_take_gives_its_place_back(channels: New, code: int, fate: Handover) -> None:
    sending, wecom = channels(), Wecom(code=code)
    with serve_provider(wecom.answer) as provider:
        _wecom(sending, provider.url, quota="day")
        assert await sending.send([_message()], "wecom") == [fate]
    assert await sending.database["broadcasts"].count_documents({}) == 0
    assert await sending.database["broadcast_quotas"].count_documents({}) == 0  # its key names the customer


async def test_a_customer_who_cannot_get_broadcasts_is_refused(channels: New) -> None:
    sending, wecom = channels(), Wecom(strangers=frozenset({"wm-1"}))
    with serve_provider(wecom.answer) as provider:
        _wecom(sending, provider.url)
        assert await sending.send([_message()], "wecom") == [Handover.REFUSED]
    assert await sending.database["broadcasts"].count_documents({}) == 0


async def test_an_answer_that_never_came_is_never_a_second_task_and_waits_for_a_person(channels: New) -> None:
    sending, wecom = channels(), Wecom(breaks_after=True)
    with serve_provider(wecom.answer) as provider:
        _wecom(sending, provider.url, quota="day")
        assert await sending.send([_message()], "wecom") == [Handover.UNCERTAIN]
        wecom.breaks_after = False
        assert await channels().send([_message()], "wecom") == [Handover.UNCERTAIN]
        assert len(wecom.tasks) == 1
        assert await _ask(sending).has(_message().message_id) is None
        # A person saw that there is none: the next attempt keeps its place under the quota.
        assert await sending.send([_message(attempt=2)], "wecom") == [Handover.ACCEPTED]
    assert await sending.database["broadcasts"].count_documents({}) == 1


async def test_a_crash_after_the_task_was_noted_is_settled_without_a_person(channels: New) -> None:
    sending, wecom = channels(), Wecom()
    with serve_provider(wecom.answer) as provider:
        _wecom(sending, provider.url)
        assert await sending.send([_message()], "wecom") == [Handover.ACCEPTED]
        assert await channels().send([_message()], "wecom") == [Handover.ACCEPTED]
        assert len(wecom.tasks) == 1
        assert await _ask(sending).has(_message().message_id) is True
        assert await _ask(sending).has(_message(2).message_id) is False  # noted nowhere: never asked for


async def test_a_token_that_ended_early_is_fetched_again_and_a_wrong_secret_loses_nothing(channels: New) -> None:
    sending, wecom = channels(), Wecom()
    with serve_provider(wecom.answer) as provider:
        _wecom(sending, provider.url)
        assert await sending.send([_message(1)], "wecom") == [Handover.ACCEPTED]
        wecom.tokens += 1
        assert await sending.send([_message(2)], "wecom") == [Handover.ACCEPTED]
        sending.secret("CORP_SECRET", "wrong")
        other = channels()
        assert await other.send([_message(3)], "wecom") == [Handover.NOT_REACHED]
    assert len(wecom.tasks) == 2


async def test_a_break_while_the_token_is_fetched_is_no_doubt_about_the_message(channels: New) -> None:
    sending = channels()
    with serve_provider(lambda _: HANG_UP) as provider:
        _wecom(sending, provider.url)
        assert await sending.send([_message()], "wecom") == [Handover.NOT_REACHED]
    assert await sending.database["broadcasts"].count_documents({}) == 0


def _ask(sending: Channels) -> AskChannel:
    return AskChannel(
        Channel.WECOM, sending.board, None, BroadcastLookup(MongoBroadcasts(), lambda _: None, sending.clock)
    )


@pytest.mark.parametrize(
    ("body", "fate"),
    [
        (b'{"errcode": []}', Handover.UNCERTAIN),
        (b'{"errcode": 0, "fail_list": 5, "msgid": null}', Handover.UNCERTAIN),
        (b'{"errcode": 0, "fail_list": "wm-1", "msgid": "m1"}', Handover.ACCEPTED),
    ],
)
async def test_an_answer_of_another_shape_leaves_a_task_in_doubt_at_worst(
    channels: New, body: bytes, fate: Handover
) -> None:
    sending, wecom = channels(), Wecom()
    with serve_provider(lambda got: wecom.answer(got) if got.method == "GET" else (200, body)) as provider:
        _wecom(sending, provider.url)
        assert await sending.send([_message()], "wecom") == [fate]


@pytest.mark.parametrize("life", ['"soon"', "null", "1e99", "99999999999999999999"])
async def test_a_token_whose_life_cannot_be_read_is_good_for_now(channels: New, life: str) -> None:
    sending, wecom = channels(), Wecom()
    with serve_provider(wecom.answer) as provider:
        _wecom(sending, provider.url)

        def answer(got: Received) -> Answer:
            status, body = wecom.answer(got)
            return status, body.replace(b"7200", life.encode()) if got.method == "GET" else body

        provider.answer = answer
        assert await sending.send([_message()], "wecom") == [Handover.ACCEPTED]
