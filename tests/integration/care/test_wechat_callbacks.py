"""WeChat's events, from a gateway process over HTTP to the ledgers of credits and of messages."""

import json
from collections.abc import Callable
from typing import Any

import httpx

from membercare.care.v1 import members_service_pb2 as members_pb
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.domain.channels import Channel
from services.care.domain.members.member import Member
from services.care.domain.providers.kinds import ProviderKind
from services.care.ports.sending import Handover
from services.care.store.providers.wechat_credits import MongoWechatCredits
from tests.fakes.provider_server import Answer, Received, serve_provider
from tests.fakes.wechat_pushes import ENCODING_KEY, TOKEN, pushed, question
from tests.integration.calling import Calling
from tests.integration.care.calling_back import CallingBack
from tests.integration.care.channels import Channels
from tests.integration.care.keeping import Keeping

TEMPLATE, OPENID = "T1", "openid-1"
NUMBER = 1864323726461255680


def wechat(request: Received) -> Answer:
    """Give a token, and take every message under one number."""
    if request.path == "/cgi-bin/stable_token":
        return 200, json.dumps({"access_token": "token", "expires_in": 7200}).encode()
    return 200, json.dumps({"errcode": 0, "errmsg": "ok", "msgid": NUMBER}).encode()


def set_up(caller: CallingBack, **secrets: str) -> None:
    caller.register(ProviderKind.WECHAT)
    for name, value in ({"CALLBACK_TOKEN": TOKEN, "CALLBACK_KEY": ENCODING_KEY} | secrets).items():
        caller.secret(name, value)


def tell(caller: CallingBack, event: str, *, at: int = 1795312800, **told: Any) -> httpx.Response:
    """Post one event of one template, as WeChat does."""
    listed = {"TemplateId": TEMPLATE} | told
    common = {"ToUserName": "gh_1", "FromUserName": OPENID, "CreateTime": at, "MsgType": "event"}
    query, body = pushed(common | {"Event": f"subscribe_msg_{event}_event", "List": listed})
    return caller.post(body, token="", query=query)


def accept(caller: CallingBack, **how: Any) -> httpx.Response:
    return tell(caller, "popup", SubscribeStatusString="accept", **how)


def left(member: Member) -> int:
    return sum(each.left for each in MongoWechatCredits().of_member(member.id))


async def test_an_address_is_confirmed_to_wechat_and_to_nobody_else(caller: CallingBack) -> None:
    set_up(caller)
    confirmed = caller.ask(question("<b>echo</b>"))
    assert (confirmed.status_code, confirmed.text) == (200, "<b>echo</b>")
    assert confirmed.headers["content-type"].startswith("text/plain")
    refused = caller.ask(question("<b>echo</b>", token="another"))
    assert (refused.status_code, "echo" in refused.text) == (401, False)


async def test_an_authorisation_is_one_message_however_often_it_is_told(caller: CallingBack, calling: Calling) -> None:
    set_up(caller)
    member = caller.member(wechat_id=OPENID)
    for _ in range(3):
        answer = accept(caller)
        assert (answer.status_code, answer.text) == (200, "success")
    assert left(member) == 1
    accept(caller, at=1795312860)
    assert left(member) == 2
    tell(caller, "popup", at=1795312900, SubscribeStatusString="reject")
    assert left(member) == 2
    stays = caller.member()
    people = calling.as_role(MembersServiceStub, "ops")
    people.MergeMembers(members_pb.MergeMembersRequest(member_id=member.id, into_id=stays.id))
    before = left(stays)
    accept(caller, at=1795313000)
    assert left(stays) == before + 1


async def test_who_turns_messages_off_has_none_left(caller: CallingBack) -> None:
    set_up(caller)
    member, other = caller.member(wechat_id=OPENID), caller.member(wechat_id="openid-2")
    accept(caller)
    MongoWechatCredits().grant(other.id, TEMPLATE, count=1, key="g1")
    assert tell(caller, "change", SubscribeStatusString="reject").status_code == 200
    assert (left(member), left(other)) == (0, 1)
    accept(caller, at=1795312860)
    assert tell(caller, "change", SubscribeStatusString="reject").status_code == 200  # the old word again
    assert left(member) == 1


async def test_an_authorisation_of_nobody_that_we_know_is_taken_and_forgotten(caller: CallingBack) -> None:
    set_up(caller)
    assert accept(caller).status_code == 200
    assert caller.greetings.database["wechat_credits"].count_documents({}) == 0


async def test_a_forged_event_or_one_for_another_key_changes_nothing(caller: CallingBack) -> None:
    set_up(caller, CALLBACK_TOKEN="another")
    member = caller.member(wechat_id=OPENID)
    assert accept(caller).status_code == 401
    set_up(caller, CALLBACK_KEY="b" * 42 + "A")
    assert accept(caller).status_code == 400
    set_up(caller, CALLBACK_KEY="no key")
    assert accept(caller).status_code == 401
    assert left(member) == 0


async def test_what_became_of_a_message_is_told_by_the_number_that_wechat_gave_it(
    caller: CallingBack, channels: Callable[[], Channels]
) -> None:
    caller.greetings.others[Channel.WECHAT] = keeping = Keeping()
    member = caller.member(wechat_id=OPENID)
    await caller.greet(Channel.WECHAT)
    MongoWechatCredits().grant(member.id, TEMPLATE, count=1, key="g1")
    set_up(caller)
    sending = channels()
    sending.secret("APP_SECRET", "hush")
    with serve_provider(wechat) as server:
        caller.provider = sending.register(
            ProviderKind.WECHAT,
            settings={"endpoint": server.url},
            secrets={use: use.upper() for use in ("app_secret", "callback_token", "callback_key")},
        )
        assert await sending.send(keeping.kept, "wechat") == [Handover.ACCEPTED]
    for number in (1, NUMBER, NUMBER):
        answer = tell(caller, "sent", MsgID=str(number), ErrorCode="0", ErrorStatus="success")
        assert answer.status_code == 200
    assert caller.greetings.lines() == [("wechat", "DELIVERED", "")]
    assert caller.filed() == 1
