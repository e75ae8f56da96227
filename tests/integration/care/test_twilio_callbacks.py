"""Twilio's callbacks: status of messages and what people write, signed, from a gateway process to the ledger."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from services.care.domain.providers.kinds import ProviderKind
from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover
from tests.fakes.provider_server import serve_provider
from tests.fakes.sms_providers import KEY_SECRET, twilio
from tests.integration.care.calling_back import PHONE, TOKEN, CallingBack
from tests.integration.care.channels import Channels


async def test_twilio_is_told_where_to_call_back_and_is_heard_there_once(
    caller: CallingBack, channels: Callable[[], Channels]
) -> None:
    caller.member()
    message_id = await caller.greet()
    sending = channels()
    sending.secret("AUTH_TOKEN", KEY_SECRET)
    caller.secret("AUTH_TOKEN", KEY_SECRET)
    with serve_provider(twilio) as server:
        caller.provider = sending.register(ProviderKind.TWILIO_SMS, settings={"endpoint": server.url})
        message = Message(f"<{message_id}>", PHONE, "", "Happy birthday")
        assert await sending.send([message], "sms") == [Handover.ACCEPTED]
    (request,) = server.received
    called = urlsplit(parse_qs(request.body.decode())["StatusCallback"][0])
    assert f"{called.scheme}://{called.netloc}" == caller.settings.public_url
    assert called.path == f"/callbacks/{caller.provider.id}"
    named = parse_qs(called.query)["message_id"][0]
    fields = {"MessageSid": "SM01", "MessageStatus": "delivered", "To": PHONE, "AccountSid": "AC0123", "New": ""}
    for status in ("queued", "sent", "delivered", "delivered", "sent"):
        told = caller.post_form(fields | {"MessageStatus": status}, message_id=named, key=KEY_SECRET)
        assert (told.status_code, told.headers["content-type"]) == (200, "text/xml; charset=utf-8")
        assert told.text.endswith("<Response/>")
    assert caller.greetings.lines() == [("sms", "DELIVERED", "")]
    assert caller.filed() == 1


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
    caller: CallingBack, code: str, reason: str, suppressed: dict[str, str], allowed: list[str]
) -> None:
    caller.register(ProviderKind.TWILIO_SMS)
    member = caller.member()
    message_id = await caller.greet()
    fields = {"MessageSid": "SM01", "MessageStatus": "undelivered", "ErrorCode": code}
    assert caller.post_form(fields, message_id=message_id).status_code == 200
    assert caller.greetings.lines() == [("sms", "FAILED", reason)]
    stored = caller.greetings.database["members"].find_one({"_id": member.id}) or {}
    assert (stored["suppressed"], caller.allowed(member)) == (suppressed, allowed)


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
    caller: CallingBack, text: str, more: dict[str, str], allowed: list[str]
) -> None:
    caller.register(ProviderKind.TWILIO_SMS)
    member = caller.member()
    await caller.greet()
    fields = {"MessageSid": "SM09", "SmsStatus": "received", "From": PHONE, "To": "+15005550006", "Body": text}
    for _ in range(2):
        assert caller.post_form(fields | more).status_code == 200
    assert caller.allowed(member) == allowed
    assert caller.filed() == 1
    (filed,) = caller.greetings.database["receipts"].find()
    (engaged,) = filed["outbox"]
    assert (engaged["type"], engaged["data"]["engagements"][0]["member_id"]) == ("touch_engaged", member.id)
    words = list(caller.greetings.database["consents"].find({"source": "person"}))
    assert len(words) == (0 if allowed else 2)


async def test_an_answer_of_who_was_never_written_to_is_heard_too(caller: CallingBack) -> None:
    caller.register(ProviderKind.TWILIO_SMS)
    member = caller.member(birthday=None)
    fields = {"MessageSid": "SM09", "From": PHONE, "Body": "stop"}
    assert caller.post_form(fields).status_code == 200
    assert caller.allowed(member) == []
    assert caller.post_form(fields | {"MessageSid": "SM10", "From": "+15005550009"}).status_code == 200
    assert caller.post_form(fields | {"MessageSid": "SM11", "From": "whatsapp:+1"}).status_code == 200
    assert caller.filed() == 3


async def test_a_forged_signature_is_refused_and_nothing_is_recorded(caller: CallingBack) -> None:
    caller.register(ProviderKind.TWILIO_SMS)
    member = caller.member()
    fields = {"MessageSid": "SM09", "From": PHONE, "Body": "stop"}
    assert caller.post_form(fields, key="another").status_code == 401
    assert caller.post(b"MessageSid=SM09", token="").status_code == 401
    assert caller.post(b"MessageSid=SM09", token=TOKEN).status_code == 401
    assert (caller.filed(), caller.allowed(member)) == (0, ["care", "marketing"])
