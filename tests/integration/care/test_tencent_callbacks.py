"""Tencent's callbacks: lists of statuses that name messages by numbers of its own, and answers of people."""

from collections.abc import Callable
from typing import Any

import pytest

from services.care.domain.providers.kinds import ProviderKind
from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover
from tests.fakes.provider_server import serve_provider
from tests.fakes.sms_providers import KEY_ID, KEY_SECRET, tencent
from tests.integration.care.calling_back import PHONE, TOKEN, CallingBack, assert_taken
from tests.integration.care.channels import Channels

TEXT = "谢谢，祝好！"
TAKEN = {"result": 0, "errmsg": "OK"}


def report(sid: str = "5000:1", *, status: str = "SUCCESS", code: str = "DELIVRD") -> dict[str, Any]:
    """What Tencent tells of one message."""
    return {
        "user_receive_time": "2026-11-22 10:00:05",
        "nationcode": "86",
        "mobile": "13800138000",
        "report_status": status,
        "errmsg": code,
        "description": TEXT,
        "sid": sid,
    }


async def sent_by_tencent(caller: CallingBack, sending: Channels) -> str:
    """Hand the newest message to Tencent, as a dispatcher does, and return our id of it."""
    caller.member()
    message_id = await caller.greet()
    for name, value in {"SECRET_ID": KEY_ID, "SECRET_KEY": KEY_SECRET}.items():
        sending.secret(name, value)
    caller.secret("CALLBACK", TOKEN)
    secrets = {"secret_id": "SECRET_ID", "secret_key": "SECRET_KEY", "callback": "CALLBACK"}
    with serve_provider(tencent) as server:
        caller.provider = sending.register(ProviderKind.TENCENT_SMS, settings={"endpoint": server.url}, secrets=secrets)
        message = Message(f"<{message_id}>", PHONE, "", "祝您生日快乐")
        assert await sending.send([message], "sms") == [Handover.ACCEPTED]
    return message_id


async def test_tencent_tells_of_a_message_by_the_number_that_it_gave_it(
    caller: CallingBack, channels: Callable[[], Channels]
) -> None:
    await sent_by_tencent(caller, channels())
    for _ in range(3):
        assert_taken(caller.post_json([report("4999:7"), report(), {"strange": 1}]), TAKEN)
    assert caller.greetings.lines() == [("sms", "DELIVERED", "")]
    assert caller.filed() == 1  # what another system sent by the same account is none of ours


async def test_a_failure_told_by_tencent_has_its_reason_and_other_providers_know_no_such_number(
    caller: CallingBack, channels: Callable[[], Channels]
) -> None:
    await sent_by_tencent(caller, channels())
    mine = caller.provider
    caller.register(ProviderKind.TENCENT_SMS)
    failed = [report(status="FAIL", code="REJECTD")]
    assert_taken(caller.post_json(failed), TAKEN)
    assert caller.greetings.lines() == [("sms", "SENT", "")]
    caller.provider = mine
    assert_taken(caller.post_json(failed), TAKEN)
    assert caller.greetings.lines() == [("sms", "FAILED", "BLOCKED_BY_CARRIER")]


@pytest.mark.parametrize(("text", "allowed"), [("T", []), ("退订。", []), (TEXT, ["care", "marketing"])])
async def test_an_answer_that_tencent_passes_on_ends_consent_if_it_is_a_refusal(
    caller: CallingBack, text: str, allowed: list[str]
) -> None:
    caller.register(ProviderKind.TENCENT_SMS)
    member = caller.member()
    told = {"mobile": "13800138000", "nationcode": "86", "sign": "示例公司", "text": text, "time": 1795312800}
    for _ in range(2):
        assert_taken(caller.post_json(told), TAKEN)
    assert (caller.allowed(member), caller.filed()) == (allowed, 1)
