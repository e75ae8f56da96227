"""WeChat's subscription messages against a server that knows tokens and authorisations as the real one does."""

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import sending_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.sending_service_pb2_grpc import SendingServiceStub
from services.care.domain.providers.kinds import ProviderKind
from services.care.ports.sending import Handover
from services.care.store.providers.wechat_credits import MongoWechatCredits
from tests.fakes.provider_server import HANG_UP, Answer, Received, serve_provider
from tests.integration.calling import Calling, refused
from tests.integration.care.channels import Channels, a_message
from tests.integration.care.people import registered

New = Callable[[], Channels]
TEMPLATE = "T1"


@dataclass
class Wechat:
    """The provider: a token for who knows the secret, one message an authorisation."""

    authorised: Counter[str] = field(default_factory=Counter)
    tokens: int = 0
    code: int = 0
    """Answered in place of success, where set."""

    def answer(self, request: Received) -> Answer:
        told = json.loads(request.body)
        if request.path == "/cgi-bin/stable_token":
            if told != {"grant_type": "client_credential", "appid": "wx01", "secret": "hush"}:
                return _said(errcode=40125)
            self.tokens += 1
            return _said(access_token=f"token-{self.tokens}", expires_in=7200)
        if request.path != f"/cgi-bin/message/subscribe/send?access_token=token-{self.tokens}":
            return _said(errcode=40001)
        if self.code:
            return _said(errcode=self.code)
        if not self.authorised[told["touser"]]:
            return _said(errcode=43101)
        self.authorised[told["touser"]] -= 1
        return _said(errcode=0)


def _said(**told: object) -> Answer:
    return 200, json.dumps(told).encode()


def _wechat(sending: Channels, url: str, *, secret: str = "hush") -> None:  # a test's own
    sending.secret("APP_SECRET", secret)
    sending.register(ProviderKind.WECHAT, settings={"endpoint": url})


def _message(number: int = 1, **told: Any) -> Any:
    return a_message(number, to=f"openid-{number}", channel="wechat", **told)


def _credit(number: int = 1, count: int = 1) -> None:
    MongoWechatCredits().grant(_message(number).touch.member_id, TEMPLATE, count=count, key="g1")


def _left(number: int = 1) -> int:
    found = MongoWechatCredits().of_member(_message(number).touch.member_id)
    return found[0].left if found else 0


async def test_one_authorisation_is_one_message_and_without_one_nothing_is_asked(channels: New) -> None:
    sending, wechat = channels(), Wechat(Counter({"openid-1": 1}))
    _credit()
    with serve_provider(wechat.answer) as provider:
        _wechat(sending, provider.url)
        assert await sending.send([_message()], "wechat") == [Handover.ACCEPTED]
        asked = len(provider.received)
        again = _message()
        assert await sending.send([again], "wechat") == [Handover.QUOTA_SPENT]
        assert len(provider.received) == asked
    assert json.loads(provider.received[-1].body)["data"] == {"thing1": {"value": "祝您生日快乐"}}
    assert _left() == 0


async def test_43101_says_that_nothing_is_left_whatever_we_thought(channels: New) -> None:
    sending, wechat = channels(), Wechat()
    _credit(count=3)
    with serve_provider(wechat.answer) as provider:
        _wechat(sending, provider.url)
        assert await sending.send([_message()], "wechat") == [Handover.QUOTA_SPENT]
    assert _left() == 0


@pytest.mark.parametrize(
    ("code", "fate", "left"),
    [
        (40003, Handover.REFUSED, 1),
        (47003, Handover.REFUSED, 1),
        (-1, Handover.DEFERRED, 1),
        (45009, Handover.NOT_REACHED, 1),
        (45168, Handover.REFUSED, 1),
        (43108, Handover.DEFERRED, 1),
    ],
)
async def test_a_credit_comes_back_for_what_was_not_taken(channels: New, code: int, fate: Handover, left: int) -> None:
    sending, wechat = channels(), Wechat(code=code)
    _credit()
    with serve_provider(wechat.answer) as provider:
        _wechat(sending, provider.url)
        assert await sending.send([_message()], "wechat") == [fate]
    assert _left() == left


async def test_a_break_keeps_the_credit_spent_since_the_message_may_have_been_taken(channels: New) -> None:
    sending, wechat = channels(), Wechat()
    _credit()
    with serve_provider(lambda got: HANG_UP if "subscribe" in got.path else wechat.answer(got)) as provider:
        _wechat(sending, provider.url)
        assert await sending.send([_message()], "wechat") == [Handover.UNCERTAIN]
    assert _left() == 0


async def test_a_token_that_ended_early_is_asked_for_again_and_a_wrong_secret_loses_nothing(channels: New) -> None:
    sending, wechat = channels(), Wechat(Counter({"openid-1": 2}))
    _credit(count=3)
    with serve_provider(wechat.answer) as provider:
        _wechat(sending, provider.url)
        assert await sending.send([_message()], "wechat") == [Handover.ACCEPTED]
        wechat.tokens += 1  # another process had a new one made
        later = a_message(1, to="openid-1", channel="wechat", message_id="<tch_1.2@x>")
        assert await sending.send([later], "wechat") == [Handover.ACCEPTED]
        other = channels()
        _wechat(other, provider.url, secret="wrong")
        assert await other.send([_message(2)], "wechat") == [Handover.QUOTA_SPENT]
        third = a_message(1, to="openid-1", channel="wechat", message_id="<tch_1.3@x>")
        assert await other.send([third], "wechat") == [Handover.NOT_REACHED]
    assert _left() == 1


def test_50_threads_spend_no_more_than_there_is_and_the_balance_is_never_negative(
    database: Database[dict[str, Any]],
) -> None:
    ledger = MongoWechatCredits()
    with ThreadPoolExecutor(50) as threads:
        grants = list(threads.map(lambda n: ledger.grant("mem_1", TEMPLATE, count=1, key=f"g{n % 7}"), range(50)))
        spent = list(threads.map(lambda n: ledger.spend("mem_1", TEMPLATE, key=f"m{n}"), range(50)))
    assert max(grants) == 7  # seven authorisations, each told several times
    assert sum(spent) == 7
    (stored,) = database["wechat_credits"].find()
    assert stored["left"] == 0
    with ThreadPoolExecutor(50) as threads:
        list(threads.map(lambda key: ledger.give_back("mem_1", TEMPLATE, key=key), [f"m{spent.index(True)}"] * 50))
    assert ledger.of_member("mem_1")[0].left == 1


def test_authorisations_are_granted_by_call_once_and_shown(calling: Calling) -> None:
    stub = calling.as_role(SendingServiceStub, "ops")
    member = registered(calling.as_role(CareServiceStub, "ops")).id
    asked = pb.GrantWechatCreditsRequest(member_id=member, template_id=TEMPLATE, count=2, request_id="r1")
    assert [stub.GrantWechatCredits(asked).left for _ in range(2)] == [2, 2]
    (credit,) = stub.GetWechatCredits(pb.GetWechatCreditsRequest(member_id=member)).credits
    assert (credit.template_id, credit.left) == (TEMPLATE, 2)
    for wrong, field_ in (
        ({"member_id": "x"}, "member_id"),
        ({"template_id": ""}, "template_id"),
        ({"count": 0}, "count"),
        ({"request_id": ""}, "request_id"),
    ):
        told: dict[str, Any] = {"member_id": member, "template_id": TEMPLATE, "count": 1, "request_id": "r2"} | wrong
        assert refused(stub.GrantWechatCredits, pb.GrantWechatCreditsRequest(**told)).field == field_
    nobody = pb.GrantWechatCreditsRequest(
        member_id="mem_01JD0000000000000000000001", template_id=TEMPLATE, count=1, request_id="r3"
    )
    assert refused(stub.GrantWechatCredits, nobody).reason == "MEMBER_NOT_FOUND"
    assert stub.GetWechatCredits(pb.GetWechatCreditsRequest(member_id=nobody.member_id)).credits == []
    assert stub.GetWechatCredits(pb.GetWechatCreditsRequest(member_id=member)).credits[0].left == 2
