"""Callbacks in the providers' own formats, from a gateway process over HTTP to the ledger: each word counts once."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from deploy.local.keys import Keys
from membercare.care.v1 import members_service_pb2 as members_pb
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.config import Settings
from services.care.domain.providers.kinds import ProviderKind
from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover
from services.chassis.rpc_server import RpcServer
from tests.fakes.provider_server import serve_provider
from tests.fakes.sms_providers import KEY_SECRET, twilio
from tests.integration.calling import Calling
from tests.integration.care.calling_back import PHONE, TOKEN, CallingBack
from tests.integration.care.channels import Channels
from tests.integration.care.greetings import Greetings
from tests.integration.care.keeping import Keeping
from tests.integration.gateway.process import GatewayProcess
from tests.integration.gateway.process import gateway as gateway_process

TEXT = "谢谢，祝好！"


@pytest.fixture(scope="module")
def door(care_server: RpcServer, suite_keys: Keys) -> Iterator[GatewayProcess]:
    """A gateway process in front of the real service; the other services are away."""
    addresses = {f"{name}_address": "127.0.0.1:1" for name in ("contracts", "feedback", "kpi")}
    with gateway_process(suite_keys, addresses | {"care_address": f"127.0.0.1:{care_server.port}"}) as process:
        yield process


@pytest.fixture
def desk(
    door: GatewayProcess, greetings: Greetings, sms: Keeping, calling: Calling, care_settings: Settings
) -> CallingBack:
    return CallingBack(greetings, care_settings, door.url)


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


def assert_taken(answer: httpx.Response, told: dict[str, Any]) -> None:
    assert (answer.status_code, answer.json()) == (200, told)


ALIYUN_OK = {"code": 0, "msg": "OK"}


async def test_twilio_is_told_where_to_call_back_and_is_heard_there_once(
    desk: CallingBack, channels: Callable[[], Channels]
) -> None:
    desk.member()
    message_id = await desk.greet()
    sending = channels()
    sending.secret("AUTH_TOKEN", KEY_SECRET)
    desk.secret("AUTH_TOKEN", KEY_SECRET)
    with serve_provider(twilio) as server:
        desk.provider = sending.register(ProviderKind.TWILIO_SMS, settings={"endpoint": server.url})
        message = Message(f"<{message_id}>", PHONE, "", "Happy birthday")
        assert await sending.send([message], "sms") == [Handover.ACCEPTED]
    (request,) = server.received
    called = urlsplit(parse_qs(request.body.decode())["StatusCallback"][0])
    assert f"{called.scheme}://{called.netloc}" == desk.settings.public_url
    assert called.path == f"/callbacks/{desk.provider.id}"
    named = parse_qs(called.query)["message_id"][0]
    fields = {"MessageSid": "SM01", "MessageStatus": "delivered", "To": PHONE, "AccountSid": "AC0123", "New": ""}
    for status in ("queued", "sent", "delivered", "delivered", "sent"):
        told = desk.post_form(fields | {"MessageStatus": status}, message_id=named, key=KEY_SECRET)
        assert (told.status_code, told.headers["content-type"]) == (200, "text/xml; charset=utf-8")
        assert told.text.endswith("<Response/>")
    assert desk.greetings.lines() == [("sms", "DELIVERED", "")]
    assert desk.filed() == 1


@pytest.mark.parametrize(
    ("code", "reason", "suppressed", "allowed"),
    [
        ("30003", "NOT_REACHABLE", {}, ["care", "marketing"]),
        ("30005", "BOUNCED", {"sms": "bounced"}, ["care", "marketing"]),
        ("30007", "BLOCKED_BY_CARRIER", {}, ["care", "marketing"]),
        ("21610", "OPTED_OUT", {}, []),
    ],
)
async def test_a_code_of_twilio_has_its_consequence(
    desk: CallingBack, code: str, reason: str, suppressed: dict[str, str], allowed: list[str]
) -> None:
    desk.register(ProviderKind.TWILIO_SMS)
    member = desk.member()
    message_id = await desk.greet()
    fields = {"MessageSid": "SM01", "MessageStatus": "undelivered", "ErrorCode": code}
    assert desk.post_form(fields, message_id=message_id).status_code == 200
    assert desk.greetings.lines() == [("sms", "FAILED", reason)]
    stored = desk.greetings.database["members"].find_one({"_id": member.id}) or {}
    assert (stored["suppressed"], desk.allowed(member)) == (suppressed, allowed)


@pytest.mark.parametrize(
    ("text", "more", "allowed"),
    [
        ("STOP", {}, []),
        ("Unsubscribe.", {}, []),
        ("退订", {}, []),
        ("no more, please", {"OptOutType": "STOP"}, []),
        ("Thank you, stop by any time", {}, ["care", "marketing"]),
    ],
)
async def test_who_writes_stop_to_our_number_gets_nothing_more_and_anything_else_is_an_answer(
    desk: CallingBack, text: str, more: dict[str, str], allowed: list[str]
) -> None:
    desk.register(ProviderKind.TWILIO_SMS)
    member = desk.member()
    await desk.greet()
    fields = {"MessageSid": "SM09", "SmsStatus": "received", "From": PHONE, "To": "+15005550006", "Body": text}
    for _ in range(2):
        assert desk.post_form(fields | more).status_code == 200
    assert desk.allowed(member) == allowed
    assert desk.filed() == 1
    (filed,) = desk.greetings.database["receipts"].find()
    (engaged,) = filed["outbox"]
    assert (engaged["type"], engaged["data"]["engagements"][0]["member_id"]) == ("touch_engaged", member.id)
    words = list(desk.greetings.database["consents"].find({"source": "person"}))
    assert len(words) == (0 if allowed else 2)


async def test_an_answer_of_who_was_never_written_to_is_heard_too(desk: CallingBack) -> None:
    desk.register(ProviderKind.TWILIO_SMS)
    member = desk.member(birthday=None)
    fields = {"MessageSid": "SM09", "From": PHONE, "Body": "stop"}
    assert desk.post_form(fields).status_code == 200
    assert desk.allowed(member) == []
    assert desk.post_form(fields | {"MessageSid": "SM10", "From": "+15005550009"}).status_code == 200
    assert desk.post_form(fields | {"MessageSid": "SM11", "From": "whatsapp:+1"}).status_code == 200
    assert desk.filed() == 3


async def test_everybody_with_a_number_is_left_alone_once_one_of_them_refuses(
    desk: CallingBack, calling: Calling
) -> None:
    desk.register(ProviderKind.ALIYUN_SMS)
    first, second, doublet, other = desk.member(), desk.member(), desk.member(), desk.member(phone="+8613900139000")
    people = calling.as_role(MembersServiceStub, "ops")
    people.MergeMembers(members_pb.MergeMembersRequest(member_id=doublet.id, into_id=second.id))
    assert_taken(desk.post_json([answer_up("退订")]), ALIYUN_OK)
    assert [desk.allowed(each) for each in (first, second, other)] == [[], [], ["care", "marketing"]]


async def test_a_list_of_aliyun_is_heard_word_by_word_and_once(desk: CallingBack) -> None:
    desk.register(ProviderKind.ALIYUN_SMS)
    member = desk.member()
    message_id = await desk.greet()
    unknown = report("somebody-elses-message", biz_id="2")
    words = [None, {"strange": 1}, report(message_id), answer_up("TD"), unknown]
    for _ in range(3):
        assert_taken(desk.post_json(words), ALIYUN_OK)
    assert desk.greetings.lines() == [("sms", "DELIVERED", "")]
    assert desk.allowed(member) == []
    assert desk.filed() == 3
    assert_taken(desk.post_json([report(message_id, "MOBILE_NOT_ON_SERVICE")]), ALIYUN_OK)
    assert desk.greetings.lines() == [("sms", "DELIVERED", "")]  # what comes too late does not undo it


@pytest.mark.parametrize(
    ("code", "reason"),
    [("MOBILE_NOT_ON_SERVICE", "NOT_REACHABLE"), ("USER_REJECT", "OPTED_OUT"), ("A_NEW_ONE", "NOT_DELIVERED")],
)
async def test_a_code_of_aliyun_says_why_a_message_failed(desk: CallingBack, code: str, reason: str) -> None:
    desk.register(ProviderKind.ALIYUN_SMS)
    desk.member()
    message_id = await desk.greet()
    assert_taken(desk.post_json([report(message_id, code)]), ALIYUN_OK)
    assert desk.greetings.lines() == [("sms", "FAILED", reason)]


async def test_a_word_about_somebody_who_was_erased_is_taken_and_brings_nothing_back(
    desk: CallingBack, calling: Calling
) -> None:
    desk.register(ProviderKind.ALIYUN_SMS)
    member = desk.member()
    message_id = await desk.greet()
    people = calling.as_role(MembersServiceStub, "admin")
    people.EraseMember(members_pb.EraseMemberRequest(member_id=member.id, reason="asked by letter"))
    before = desk.greetings.database["members"].find_one({"_id": member.id})
    words = [report(message_id, "isv.MOBILE_NUMBER_ILLEGAL"), answer_up("TD")]
    assert_taken(desk.post_json(words), ALIYUN_OK)
    assert desk.greetings.lines() == [("sms", "FAILED", "BOUNCED")]
    assert desk.greetings.database["members"].find_one({"_id": member.id}) == before


@pytest.mark.parametrize("token", ["", "x" * len(TOKEN), TOKEN[:-1], TOKEN + "t"])
async def test_who_does_not_know_the_token_is_refused_and_nothing_is_recorded(desk: CallingBack, token: str) -> None:
    desk.register(ProviderKind.ALIYUN_SMS)
    member = desk.member()
    assert desk.post_json([answer_up("TD")], token=token).status_code == 401
    assert (desk.filed(), desk.allowed(member)) == (0, ["care", "marketing"])


async def test_a_token_is_changed_without_a_gap_and_holds_at_once(desk: CallingBack) -> None:
    desk.register(ProviderKind.ALIYUN_SMS)
    new = "n" * 32
    desk.secret("CALLBACK", f"{new}\n{TOKEN}\n")
    assert [desk.post_json([], token=each).status_code for each in (TOKEN, new)] == [200, 200]
    desk.secret("CALLBACK", new)
    assert [desk.post_json([], token=each).status_code for each in (TOKEN, new)] == [401, 200]
    desk.secret("CALLBACK", "short")
    assert desk.post_json([], token="short").status_code == 401


async def test_a_forged_signature_is_refused_and_nothing_is_recorded(desk: CallingBack) -> None:
    desk.register(ProviderKind.TWILIO_SMS)
    member = desk.member()
    fields = {"MessageSid": "SM09", "From": PHONE, "Body": "stop"}
    assert desk.post_form(fields, key="another").status_code == 401
    assert desk.post(b"MessageSid=SM09", token="").status_code == 401
    assert desk.post(b"MessageSid=SM09", token=TOKEN).status_code == 401
    assert (desk.filed(), desk.allowed(member)) == (0, ["care", "marketing"])


async def test_who_is_not_on_record_or_tells_nothing_is_refused_like_a_forger(desk: CallingBack) -> None:
    desk.register(ProviderKind.ALIYUN_SMS)
    forged = desk.post_json([], token="x" * 40)
    unknown = desk.post_json([], provider_id="prv_01JD0000000000000000000009")
    without = a_secretless(desk)
    mute = desk.register(ProviderKind.WEBHOOK)
    assert mute.id
    answers = [forged, unknown, without, desk.post_json([])]
    assert {(each.status_code, each.text) for each in answers} == {(401, forged.text)}
    assert desk.post_json([], provider_id="prv_1").status_code == 400


def a_secretless(desk: CallingBack) -> httpx.Response:
    """Post to a provider for which no token was set up."""
    desk.register(ProviderKind.ALIYUN_SMS, secrets={"access_key_id": "KEY", "access_key_secret": "SECRET"})
    return desk.post_json([])


async def test_what_is_no_json_is_refused_and_a_paused_provider_is_heard(desk: CallingBack) -> None:
    desk.register(ProviderKind.ALIYUN_SMS, enabled=False)
    assert desk.post(b"{").status_code == 400
    assert desk.post(b"x" * (256 * 1024 + 1)).status_code == 413
    assert_taken(desk.post_json([answer_up("Nice!")]), ALIYUN_OK)
    assert desk.filed() == 1


async def test_a_provider_sends_without_the_token_of_its_callbacks(
    desk: CallingBack, channels: Callable[[], Channels]
) -> None:
    sending = channels()
    for name in ("ACCESS_KEY_ID", "ACCESS_KEY_SECRET"):
        sending.secret(name, name)
    secrets = {"access_key_id": "ACCESS_KEY_ID", "access_key_secret": "ACCESS_KEY_SECRET", "callback": "NOT_THERE"}
    with serve_provider(lambda _: (200, json.dumps({"Code": "OK"}).encode())) as server:
        sending.register(ProviderKind.ALIYUN_SMS, settings={"endpoint": server.url}, secrets=secrets)
        assert await sending.send([Message("<tch_1.1@x>", PHONE, "", "Hi")], "sms") == [Handover.ACCEPTED]


async def test_no_log_tells_who_was_written_to_or_what_they_answered(
    desk: CallingBack, door: GatewayProcess, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    desk.register(ProviderKind.ALIYUN_SMS)
    desk.member()
    message_id = await desk.greet()
    assert_taken(desk.post_json([report(message_id), answer_up(TEXT)]), ALIYUN_OK)
    desk.post_json([answer_up(TEXT)], token="z" * 40)
    desk.post(f'[{{"phone_number": "13800138000", "content": "{TEXT}"'.encode())
    ours = [each for each in caplog.records if each.name.startswith(("care.", "chassis."))]
    told = [getattr(each, "fields", {}) for each in ours]
    assert {"event": "callback", "provider_id": desk.provider and desk.provider.id, "words": 2, "recorded": 2} in told
    everything = json.dumps([door.lines, [str(each.__dict__) for each in ours]], ensure_ascii=False)
    for secret in ("13800138000", TEXT, TOKEN, "z" * 40, message_id):
        assert secret not in everything
