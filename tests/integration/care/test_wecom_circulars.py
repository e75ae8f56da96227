"""One text of one staff member to many customers is one task in WeCom, and each message in it has a fate of its own."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from services.care.clients.providers.wecom import WecomSender
from services.care.clients.providers.wecom_api import WecomApi
from services.care.domain.providers.kinds import ProviderKind
from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover
from services.care.store.providers.broadcasts import MongoBroadcasts
from services.care.usecases.providers.ask_broadcasts import BroadcastLookup
from tests.fakes.provider_server import serve_provider
from tests.fakes.wecom import Wecom
from tests.integration.care.channels import Channels, a_message
from tests.unit.care.providers import a_provider

New = Callable[[], Channels]
OWNER, OTHER, NOBODY = (f"emp_01JD000000000000000000000{number}" for number in (1, 2, 3))
STAFF = f"{OWNER}=lisi {OTHER}=zhangsan {NOBODY}=gone"
ACCEPTED, REFUSED, UNCERTAIN = Handover.ACCEPTED, Handover.REFUSED, Handover.UNCERTAIN


def wecom_of(sending: Channels, url: str, **settings: str) -> None:
    sending.secret("CORP_SECRET", "hush")
    sending.register(ProviderKind.WECOM, settings={"endpoint": url, "senders": STAFF, **settings})


def to(*numbers: int, owner: str = OWNER, text: str = "中秋快乐", attempt: int = 1) -> list[Message]:
    made = [a_message(n, to=f"wm-{n}", channel="wecom", body=text, owner_id=owner) for n in numbers]
    return [replace(each, message_id=each.message_id.replace(".1@", f".{attempt}@")) for each in made]


def made(wecom: Wecom) -> list[tuple[str, str, list[str]]]:
    return sorted((each.sender, each.text, each.customers) for each in wecom.tasks.values())


async def test_200_equal_texts_of_one_staff_member_are_one_task_to_confirm(channels: New) -> None:
    sending, wecom = channels(), Wecom()
    with serve_provider(wecom.answer) as provider:
        wecom_of(sending, provider.url)
        assert await sending.send(to(*range(200)), "wecom") == [ACCEPTED] * 200
        assert len(provider.received) == 2  # a token and a task
    assert made(wecom) == [("lisi", "中秋快乐", [f"wm-{n}" for n in range(200)])]
    stored = await sending.database["broadcasts"].find().to_list()
    assert len({each["touch_id"] for each in stored}) == len(stored) == 200
    assert {(each["state"], each["task_id"]) for each in stored} == {("created", "msg-1")}


async def test_another_text_another_sender_and_another_campaign_are_other_tasks(channels: New) -> None:
    sending, wecom = channels(), Wecom()
    third = to(6)[0]
    assert third.touch is not None
    other = replace(third, touch=replace(third.touch, campaign_id="cmp_01JD0000000000000000000002"))
    with serve_provider(wecom.answer) as provider:
        wecom_of(sending, provider.url)
        wanted = [*to(1, 2), *to(3, text="亲爱的王芳"), *to(4, 5, owner=OTHER), other]
        assert await sending.send(wanted, "wecom") == [ACCEPTED] * 6
    assert made(wecom) == [
        ("lisi", "中秋快乐", ["wm-1", "wm-2"]),
        ("lisi", "中秋快乐", ["wm-6"]),
        ("lisi", "亲爱的王芳", ["wm-3"]),
        ("zhangsan", "中秋快乐", ["wm-4", "wm-5"]),
    ]


async def test_no_task_has_more_customers_than_wecom_takes(channels: New) -> None:
    sending, wecom = channels(), Wecom()
    with serve_provider(wecom.answer) as provider:
        told = a_provider(ProviderKind.WECOM, settings={"endpoint": provider.url, "senders": STAFF}).settings
        api = WecomApi(told, {"corp_secret": "hush"}, sending.http, sending.clock)
        book = MongoBroadcasts()
        sender = WecomSender(
            "prv_1", told, api, broadcasts=book, clock=sending.clock, zone=ZoneInfo("Asia/Shanghai"), most_customers=3
        )
        assert await sender.send(to(*range(8)), lambda: True) == [ACCEPTED] * 8
    assert sorted(len(customers) for _, _, customers in made(wecom)) == [2, 3, 3]


async def test_a_customer_under_two_ids_is_in_no_task_twice_and_gets_no_more_than_the_quota(channels: New) -> None:
    sending, wecom = channels(), Wecom()
    doublets = [replace(each, to="wm-1") for each in to(1, 2, 3)]
    with serve_provider(wecom.answer) as provider:
        wecom_of(sending, provider.url, per_month="2")
        fates = await sending.send([*doublets, *to(9)], "wecom")
    assert Counter(fates) == {ACCEPTED: 3, Handover.QUOTA_SPENT: 1}
    assert Counter(each for _, _, customers in made(wecom) for each in customers) == {"wm-1": 2, "wm-9": 1}
    assert all(len(set(customers)) == len(customers) for _, _, customers in made(wecom))


async def test_the_quota_is_counted_for_each_customer_of_a_task(channels: New) -> None:
    sending, wecom = channels(), Wecom()
    with serve_provider(wecom.answer) as provider:
        wecom_of(sending, provider.url, quota="day")
        assert await sending.send(to(2), "wecom") == [ACCEPTED]
        again = replace(to(4)[0], to="wm-2")
        assert await sending.send([*to(1), again, *to(3)], "wecom") == [ACCEPTED, Handover.QUOTA_SPENT, ACCEPTED]
    assert [each.customers for each in wecom.tasks.values()] == [["wm-2"], ["wm-1", "wm-3"]]
    taken = await sending.database["broadcast_quotas"].distinct("_id")
    assert [each.split("/")[1] for each in sorted(taken)] == ["wm-1", "wm-2", "wm-3"]


async def test_whom_wecom_leaves_out_is_refused_and_the_others_are_in_the_task(channels: New) -> None:
    sending, wecom = channels(), Wecom(strangers=frozenset({"wm-2"}))
    with serve_provider(wecom.answer) as provider:
        wecom_of(sending, provider.url, quota="day")
        assert await sending.send(to(1, 2, 3), "wecom") == [ACCEPTED, REFUSED, ACCEPTED]
    assert made(wecom) == [("lisi", "中秋快乐", ["wm-1", "wm-3"])]
    assert sorted(await sending.database["broadcasts"].distinct("customer")) == ["wm-1", "wm-3"]
    assert await sending.database["broadcast_quotas"].count_documents({"_id": {"$regex": "wm-2"}}) == 0


async def test_one_customer_for_whose_sake_a_task_is_refused_costs_no_other_the_message(channels: New) -> None:
    sending, wecom = channels(), Wecom(invalid=frozenset({"wm-37"}))
    with serve_provider(wecom.answer) as provider:
        wecom_of(sending, provider.url)
        fates = await sending.send(to(*range(100)), "wecom")
    assert [place for place, fate in enumerate(fates) if fate is not ACCEPTED] == [37]
    assert fates[37] is REFUSED
    assert len(wecom.tasks) <= 7  # as often as 100 can be halved
    got = [customer for _, _, customers in made(wecom) for customer in customers]
    assert sorted(got) == sorted(f"wm-{n}" for n in range(100) if n != 37)


async def test_the_default_sender_gets_one_task_for_all_whom_their_owners_cannot_write_to(channels: New) -> None:
    sending = channels()
    wecom = Wecom(friends={"lisi": frozenset({"wm-1", "wm-2", "wm-4"})})
    with serve_provider(wecom.answer) as provider:
        wecom_of(sending, provider.url, sender="wangwu")
        wecom.staff |= {"wangwu"}
        fates = await sending.send([*to(1, 2, 3, 4), *to(5, 6, owner=NOBODY)], "wecom")
    assert fates == [ACCEPTED] * 6
    tasks = made(wecom)
    assert [customers for sender, _, customers in tasks if sender == "wangwu"] == [["wm-5", "wm-6", "wm-3"]]
    assert sorted(each for sender, _, customers in tasks if sender == "lisi" for each in customers) == [
        "wm-1",
        "wm-2",
        "wm-4",
    ]
    senders = {each["customer"]: each["sender"] async for each in sending.database["broadcasts"].find()}
    assert (senders["wm-3"], senders["wm-4"], senders["wm-5"]) == ("wangwu", "lisi", "wangwu")


@pytest.mark.parametrize(("code", "fate"), [(-1, Handover.DEFERRED), (45033, Handover.NOT_REACHED)])
async def test_a_task_that_wecom_did_not_take_gives_every_place_back(channels: New, code: int, fate: Handover) -> None:
    sending, wecom = channels(), Wecom(code=code)
    with serve_provider(wecom.answer) as provider:
        wecom_of(sending, provider.url, quota="day")
        assert await sending.send(to(1, 2, 3), "wecom") == [fate] * 3
    for name in ("broadcasts", "broadcast_quotas"):
        assert await sending.database[name].count_documents({}) == 0


async def test_an_answer_that_never_came_leaves_all_of_the_task_in_doubt_and_makes_no_second(channels: New) -> None:
    sending, wecom = channels(), Wecom(breaks_after=True)
    with serve_provider(wecom.answer) as provider:
        wecom_of(sending, provider.url)
        assert await sending.send(to(1, 2, 3), "wecom") == [UNCERTAIN] * 3
        wecom.breaks_after = False
        assert await channels().send(to(1, 2, 3), "wecom") == [UNCERTAIN] * 3
        assert len(wecom.tasks) == 1
        lookup = BroadcastLookup(MongoBroadcasts(), lambda _: None, sending.clock)
        assert [await lookup.has(each.message_id) for each in to(1, 2, 3, 4)] == [None, None, None, False]
        # A person saw that one of them was left out: their next attempt is a task of its own.
        assert await sending.send(to(2, attempt=2), "wecom") == [ACCEPTED]
    assert made(wecom) == [("lisi", "中秋快乐", ["wm-1", "wm-2", "wm-3"]), ("lisi", "中秋快乐", ["wm-2"])]
