"""Aliyun's callbacks, and what holds for all providers, from a gateway process over HTTP to the ledger."""

import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from membercare.care.v1 import members_service_pb2 as members_pb
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.domain.channels import Channel, Purpose
from services.care.domain.members.consents import ConsentSource, ConsentWord
from services.care.domain.providers.kinds import ProviderKind
from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover
from services.care.store.members.members import MongoMembers
from services.chassis.clock import SystemClock
from tests.fakes.provider_server import serve_provider
from tests.integration.calling import Calling
from tests.integration.care.calling_back import PHONE, TOKEN, CallingBack, assert_taken
from tests.integration.care.channels import Channels
from tests.integration.gateway.process import GatewayProcess

TEXT = "谢谢，祝好！"


def report(message_id: str, code: str = "DELIVERED", **told: Any) -> dict[str, Any]:
    """What Aliyun tells of one message."""
    fields = {
        "phone_number": "13800138000",
        "send_time": "2026-11-22 10:00:00",
        "report_time": "2026-11-22 10:00:05",
        "success": code == "DELIVERED",
        "err_code": code,
        "err_msg": TEXT,
        "sms_size": "1",
        "biz_id": "900619746936498440^0",
        "out_id": message_id,
    }
    return fields | told


def answer_up(content: str, **told: Any) -> dict[str, Any]:
    """What Aliyun tells of one answer."""
    fields = {"phone_number": "13800138000", "content": content, "send_time": "2026-11-22 10:05:00"}
    return fields | {"sign_name": "示例公司", "dest_code": "1", "sequence_id": 1} | told


ALIYUN_OK = {"code": 0, "msg": "OK"}


async def test_everybody_with_a_number_is_left_alone_once_one_of_them_refuses(
    caller: CallingBack, calling: Calling
) -> None:
    caller.register(ProviderKind.ALIYUN_SMS)
    first, second, doublet, other = (
        caller.member(),
        caller.member(),
        caller.member(),
        caller.member(phone="+8613900139000"),
    )
    people = calling.as_role(MembersServiceStub, "ops")
    people.MergeMembers(members_pb.MergeMembersRequest(member_id=doublet.id, into_id=second.id))
    assert_taken(caller.post_json([answer_up("退订")]), ALIYUN_OK)
    assert [caller.allowed(each) for each in (first, second, other)] == [[], [], ["care", "marketing"]]


async def test_a_refusal_holds_for_all_whose_number_it_is_however_many(caller: CallingBack) -> None:
    caller.register(ProviderKind.ALIYUN_SMS)
    colleagues = [caller.member() for _ in range(101)]
    assert_taken(caller.post_json([answer_up("TD")]), ALIYUN_OK)
    assert [each.name for each in colleagues if caller.allowed(each)] == []


async def test_the_same_callback_from_many_connections_at_once_counts_once(caller: CallingBack) -> None:
    caller.register(ProviderKind.ALIYUN_SMS)
    member = caller.member()
    message_id = await caller.greet()
    words = [report(message_id), answer_up("TD")]
    with ThreadPoolExecutor(6) as pool:
        for answer in pool.map(lambda _: caller.post_json(words), range(6)):
            assert_taken(answer, ALIYUN_OK)
    assert (caller.filed(), caller.greetings.lines()) == (2, [("sms", "DELIVERED", "")])
    assert caller.allowed(member) == []
    assert caller.greetings.database["consents"].count_documents({"source": "person"}) == 2
    told = [each["type"] for found in caller.greetings.database["receipts"].find() for each in found["outbox"]]
    assert told == ["touch_engaged"]
    (stored,) = caller.greetings.database["members"].find()
    assert [each["type"] for each in stored["outbox"]].count("member_unsubscribed") == 1


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_refusal_closes_what_was_opened_since_and_what_a_faster_clock_opened(
    caller: CallingBack, hours: int
) -> None:
    caller.register(ProviderKind.ALIYUN_SMS)
    member = caller.member()
    opened = SystemClock().now() + timedelta(hours=hours)
    word = ConsentWord(
        channel=Channel.SMS, purpose=Purpose.CARE, granted=True, source=ConsentSource.PERSON, time=opened, proof="form"
    )
    MongoMembers(caller.greetings.clock).change(
        member.id, lambda stored: stored.take_over({}, now=opened, words=[word]), etag="", request_key=""
    )
    assert caller.allowed(member) == ["care"]
    assert_taken(caller.post_json([answer_up("退订", send_time="2026-11-21 23:59:59")]), ALIYUN_OK)
    assert caller.allowed(member) == []


async def test_a_list_of_aliyun_is_heard_word_by_word_and_once(caller: CallingBack) -> None:
    caller.register(ProviderKind.ALIYUN_SMS)
    member = caller.member()
    message_id = await caller.greet()
    unknown = report("somebody-elses-message", biz_id="2")
    words = [None, {"strange": 1}, report(message_id), answer_up("TD"), unknown]
    for _ in range(3):
        assert_taken(caller.post_json(words), ALIYUN_OK)
    assert caller.greetings.lines() == [("sms", "DELIVERED", "")]
    assert caller.allowed(member) == []
    assert caller.filed() == 3
    assert_taken(caller.post_json([report(message_id, "MOBILE_NOT_ON_SERVICE")]), ALIYUN_OK)
    assert caller.greetings.lines() == [("sms", "DELIVERED", "")]  # what comes too late does not undo it


@pytest.mark.parametrize(
    ("code", "reason"),
    [("MOBILE_NOT_ON_SERVICE", "NOT_REACHABLE"), ("USER_REJECT", "OPTED_OUT"), ("A_NEW_ONE", "NOT_DELIVERED")],
)
async def test_a_code_of_aliyun_says_why_a_message_failed(caller: CallingBack, code: str, reason: str) -> None:
    caller.register(ProviderKind.ALIYUN_SMS)
    caller.member()
    message_id = await caller.greet()
    assert_taken(caller.post_json([report(message_id, code)]), ALIYUN_OK)
    assert caller.greetings.lines() == [("sms", "FAILED", reason)]


async def test_a_word_about_somebody_who_was_erased_is_taken_and_brings_nothing_back(
    caller: CallingBack, calling: Calling
) -> None:
    caller.register(ProviderKind.ALIYUN_SMS)
    member = caller.member()
    message_id = await caller.greet()
    people = calling.as_role(MembersServiceStub, "admin")
    people.EraseMember(members_pb.EraseMemberRequest(member_id=member.id, reason="asked by letter"))
    before = caller.greetings.database["members"].find_one({"_id": member.id})
    words = [report(message_id, "isv.MOBILE_NUMBER_ILLEGAL"), answer_up("TD")]
    assert_taken(caller.post_json(words), ALIYUN_OK)
    assert caller.greetings.lines() == [("sms", "FAILED", "BOUNCED")]
    assert caller.greetings.database["members"].find_one({"_id": member.id}) == before


@pytest.mark.parametrize("token", ["", "x" * len(TOKEN), TOKEN[:-1], TOKEN + "t"])
async def test_who_does_not_know_the_token_is_refused_and_nothing_is_recorded(caller: CallingBack, token: str) -> None:
    caller.register(ProviderKind.ALIYUN_SMS)
    member = caller.member()
    assert caller.post_json([answer_up("TD")], token=token).status_code == 401
    assert (caller.filed(), caller.allowed(member)) == (0, ["care", "marketing"])


async def test_a_token_is_changed_without_a_gap_and_holds_at_once(caller: CallingBack) -> None:
    caller.register(ProviderKind.ALIYUN_SMS)
    new = "n" * 32
    caller.secret("CALLBACK", f"{new}\n{TOKEN}\n")
    assert [caller.post_json([], token=each).status_code for each in (TOKEN, new)] == [200, 200]
    caller.secret("CALLBACK", new)
    assert [caller.post_json([], token=each).status_code for each in (TOKEN, new)] == [401, 200]
    caller.secret("CALLBACK", "short")
    assert caller.post_json([], token="short").status_code == 401


async def test_who_is_not_on_record_or_tells_nothing_is_refused_like_a_forger(caller: CallingBack) -> None:
    caller.register(ProviderKind.ALIYUN_SMS)
    forged = caller.post_json([], token="x" * 40)
    unknown = caller.post_json([], provider_id="prv_01JD0000000000000000000009")
    without = a_secretless(caller)
    mute = caller.register(ProviderKind.WEBHOOK)
    assert mute.id
    answers = [forged, unknown, without, caller.post_json([])]
    assert {(each.status_code, each.text) for each in answers} == {(401, forged.text)}
    assert caller.post_json([], provider_id="prv_1").status_code == 400


def a_secretless(caller: CallingBack) -> httpx.Response:
    """Post to a provider for which no token was set up."""
    caller.register(ProviderKind.ALIYUN_SMS, secrets={"access_key_id": "KEY", "access_key_secret": "SECRET"})
    return caller.post_json([])


async def test_what_is_no_json_is_refused_and_a_paused_provider_is_heard(caller: CallingBack) -> None:
    caller.register(ProviderKind.ALIYUN_SMS, enabled=False)
    assert caller.post(b"{").status_code == 400
    assert caller.post(b"x" * (256 * 1024 + 1)).status_code == 413
    assert_taken(caller.post_json([answer_up("Nice!")]), ALIYUN_OK)
    assert caller.filed() == 1


async def test_a_provider_sends_without_the_token_of_its_callbacks(
    caller: CallingBack, channels: Callable[[], Channels]
) -> None:
    sending = channels()
    for name in ("ACCESS_KEY_ID", "ACCESS_KEY_SECRET"):
        sending.secret(name, name)
    secrets = {"access_key_id": "ACCESS_KEY_ID", "access_key_secret": "ACCESS_KEY_SECRET", "callback": "NOT_THERE"}
    with serve_provider(lambda _: (200, json.dumps({"Code": "OK"}).encode())) as server:
        sending.register(ProviderKind.ALIYUN_SMS, settings={"endpoint": server.url}, secrets=secrets)
        assert await sending.send([Message("<tch_1.1@x>", PHONE, "", "Hi")], "sms") == [Handover.ACCEPTED]


async def test_no_log_tells_who_was_written_to_or_what_they_answered(
    caller: CallingBack, door: GatewayProcess, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    caller.register(ProviderKind.ALIYUN_SMS)
    caller.member()
    message_id = await caller.greet()
    assert_taken(caller.post_json([report(message_id), answer_up(TEXT)]), ALIYUN_OK)
    caller.post_json([answer_up(TEXT)], token="z" * 40)
    caller.post(f'[{{"phone_number": "13800138000", "content": "{TEXT}"'.encode())
    ours = [each for each in caplog.records if each.name.startswith(("care.", "chassis."))]
    told = [getattr(each, "fields", {}) for each in ours]
    assert {
        "event": "callback",
        "provider_id": caller.provider and caller.provider.id,
        "words": 2,
        "recorded": 2,
    } in told
    everything = json.dumps([door.lines, [str(each.__dict__) for each in ours]], ensure_ascii=False)
    for secret in ("13800138000", TEXT, TOKEN, "z" * 40, message_id):
        assert secret not in everything
