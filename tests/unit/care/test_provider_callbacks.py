"""What providers post in formats of their own: whose it is, what it says, and what is left out."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.clients.providers.callbacks.aliyun import AliyunCallbacks
from services.care.clients.providers.callbacks.json_words import moment
from services.care.clients.providers.callbacks.tencent import TencentCallbacks
from services.care.clients.providers.callbacks.twilio import TwilioCallbacks
from services.care.domain.providers.callbacks import Callback, ProviderWord, callback_address
from services.care.domain.sending.reasons import REASON_WORDS, Reason
from services.care.domain.sending.receipts import ReceiptKind
from services.chassis.errors import InvalidField
from tests.unit.care.providers import NOON

TOKEN = "t" * 32
MESSAGE = "tch_01JD0000000000000000000001.1@membercare.example"
TARGET = "/callbacks/prv_1?message_id=tch_01JD0000000000000000000001.1%40membercare.example"
REPORTED = datetime(2026, 11, 22, 4, 0, 30, tzinfo=UTC)


def twilio(public_url: str = "https://care.example") -> TwilioCallbacks:
    return TwilioCallbacks("12345", public_url=public_url)


def form(**fields: str) -> Callback:
    return Callback(target=TARGET, body=urlencode(fields).encode())


def posted(*entries: Any) -> Callback:
    return Callback(target="/callbacks/prv_1/t", body=json.dumps(entries).encode())


def signed(url: str, fields: dict[str, str]) -> str:
    text = url + "".join(name + fields[name] for name in sorted(fields))
    return base64.b64encode(hmac.new(b"12345", text.encode(), hashlib.sha1).digest()).decode()


def test_the_documented_example_of_a_signature_is_genuine() -> None:
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+12349013030",
        "Digits": "1234",
        "From": "+12349013030",
        "To": "+18005551212",
    }
    callback = Callback(
        target="/myapp.php?foo=1&bar=2", signature="0/KCTR6DLpKmkAf8muzZqo1nDgQ=", body=urlencode(fields).encode()
    )
    assert twilio("https://mycompany.com").is_genuine(callback)
    assert not twilio("https://another.com").is_genuine(callback)


@pytest.mark.parametrize(
    ("public_url", "called"),
    [
        ("https://care.example", "https://care.example:443"),
        ("https://care.example:443", "https://care.example"),
        ("http://care.example", "http://care.example:80"),
        ("https://care.example/care/", "https://care.example/care"),
        ("https://care.example:8443", "https://care.example:8443"),
    ],
)
def test_an_address_is_the_same_with_and_without_the_port_of_its_scheme(public_url: str, called: str) -> None:
    fields = {"MessageSid": "SM1", "Empty": "", "Body": "退订 & more"}
    told = signed(called + TARGET, fields)
    assert twilio(public_url).is_genuine(Callback(target=TARGET, signature=told, body=urlencode(fields).encode()))


@given(st.sampled_from(["body", "target", "signature"]), st.text(min_size=1, max_size=20))
def test_whatever_is_added_to_a_signed_callback_makes_it_a_forgery(part: str, more: str) -> None:
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    body, target, told = urlencode(fields).encode(), TARGET, signed(f"https://care.example{TARGET}", fields)
    if part == "body":
        body += b"&" + urlencode({"ErrorCode": more}).encode()
    elif part == "target":
        target += more
    else:
        told += more
    assert not twilio().is_genuine(Callback(target=target, signature=told, body=body))


def test_a_form_with_more_fields_than_anybody_sends_is_no_form_at_all() -> None:
    many = "&".join(f"f{number}=1" for number in range(201)).encode()
    fields = {f"f{number}": "1" for number in range(201)}
    told = signed(f"https://care.example{TARGET}", fields)
    assert not twilio().is_genuine(Callback(target=TARGET, signature=told, body=many))


@pytest.mark.parametrize("status", ["queued", "sending", "sent", "accepted", "scheduled", "canceled", "new one"])
def test_a_status_on_the_way_says_nothing_yet(status: str) -> None:
    assert twilio().words(form(MessageSid="SM1", MessageStatus=status), NOON) == []


@pytest.mark.parametrize(
    ("status", "code", "kind", "reason"),
    [
        ("delivered", "", ReceiptKind.DELIVERED, None),
        ("read", "", ReceiptKind.DELIVERED, None),
        ("undelivered", "30003", ReceiptKind.FAILED, Reason.NOT_REACHABLE),
        ("undelivered", "30004", ReceiptKind.FAILED, Reason.BLOCKED_BY_CARRIER),
        ("undelivered", "30005", ReceiptKind.BOUNCED, None),
        ("undelivered", "30006", ReceiptKind.BOUNCED, None),
        ("undelivered", "30007", ReceiptKind.FAILED, Reason.BLOCKED_BY_CARRIER),
        ("undelivered", "30008", ReceiptKind.FAILED, None),
        ("failed", "21610", ReceiptKind.FAILED, Reason.OPTED_OUT),
        ("failed", "", ReceiptKind.FAILED, None),
    ],
)
def test_a_status_of_twilio_says_what_became_of_our_message(
    status: str, code: str, kind: ReceiptKind, reason: Reason | None
) -> None:
    told = form(MessageSid="SM1", MessageStatus=status, ErrorCode=code, To="+15005550009", More="unknown")
    expected = ProviderWord(id=f"SM1/{kind}", kind=kind, at=NOON, message_id=MESSAGE, reason=reason)
    assert twilio().words(told, NOON) == [expected]


def test_a_message_that_somebody_wrote_is_an_answer() -> None:
    told = form(MessageSid="SM2", SmsStatus="received", From="+15005550009", Body="Thanks!")
    (word,) = twilio().words(told, NOON)
    assert (word.id, word.kind, word.phone, word.text, word.reason) == (
        *("SM2", ReceiptKind.REPLIED, "+15005550009", "Thanks!"),
        None,
    )
    (stopped,) = twilio().words(form(MessageSid="SM3", From="+15005550009", Body="halt", OptOutType="STOP"), NOON)
    assert stopped.reason is Reason.OPTED_OUT
    assert twilio().words(form(MessageStatus="delivered"), NOON) == []


def test_a_token_is_genuine_if_it_is_one_of_those_on_record_and_long_enough() -> None:
    dialect = AliyunCallbacks(f"{TOKEN}\n{'n' * 40}\nshort\n")
    tokens = [TOKEN, "n" * 40, "short", "", TOKEN[:-1], f"{TOKEN}\n{'n' * 40}", "\ud800"]
    genuine = [dialect.is_genuine(Callback(target="/", token=each)) for each in tokens]
    assert genuine == [True, True, False, False, False, False, False]


@pytest.mark.parametrize(
    ("told", "kind", "reason"),
    [
        ({"success": True, "err_code": "DELIVERED"}, ReceiptKind.DELIVERED, None),
        ({"success": "true", "err_code": "DELIVERED"}, ReceiptKind.DELIVERED, None),
        ({"success": False, "err_code": "MOBILE_NOT_ON_SERVICE"}, ReceiptKind.FAILED, Reason.NOT_REACHABLE),
        ({"success": False, "err_code": "CONTENT_KEYWORD"}, ReceiptKind.FAILED, Reason.BLOCKED_BY_CARRIER),
        ({"success": False, "err_code": "USER_REJECT"}, ReceiptKind.FAILED, Reason.OPTED_OUT),
        ({"success": False, "err_code": "isv.MOBILE_NUMBER_ILLEGAL"}, ReceiptKind.BOUNCED, None),
        ({"success": False, "err_code": "A_NEW_ONE"}, ReceiptKind.FAILED, None),
    ],
)
def test_a_report_of_aliyun_says_what_became_of_our_message(
    told: dict[str, Any], kind: ReceiptKind, reason: Reason | None
) -> None:
    report = {
        "phone_number": "13800138000",
        "send_time": "2026-11-22 12:00:00",
        "report_time": "2026-11-22 12:00:30",
        "sms_size": "1",
        "biz_id": "12345",
        "out_id": MESSAGE,
        "a_new_field": {"is": "passed over"},
    }
    expected = ProviderWord(id=f"12345/{MESSAGE}/{kind}", kind=kind, at=REPORTED, message_id=MESSAGE, reason=reason)
    assert AliyunCallbacks(TOKEN).words(posted(report | told), NOON) == [expected]


def test_an_answer_that_aliyun_passes_on_is_known_by_its_sequence() -> None:
    up = {"phone_number": "13800138000", "content": "TD", "send_time": "2026-11-22 12:00:30", "sequence_id": 55}
    (word,) = AliyunCallbacks(TOKEN).words(posted(up), NOON)
    assert (word.id, word.kind, word.at) == ("up/55", ReceiptKind.REPLIED, REPORTED)
    assert (word.phone, word.text) == ("13800138000", "TD")


@pytest.mark.parametrize(
    ("status", "code", "kind", "reason"),
    [
        ("SUCCESS", "DELIVRD", ReceiptKind.DELIVERED, None),
        ("FAIL", "UNDELIV", ReceiptKind.FAILED, Reason.NOT_REACHABLE),
        ("FAIL", "EXPIRED", ReceiptKind.FAILED, Reason.NOT_REACHABLE),
        ("FAIL", "REJECTD", ReceiptKind.FAILED, Reason.BLOCKED_BY_CARRIER),
        ("FAIL", "MK:0099", ReceiptKind.FAILED, None),
    ],
)
def test_a_report_of_tencent_names_the_message_by_its_own_number(
    status: str, code: str, kind: ReceiptKind, reason: Reason | None
) -> None:
    report = {
        "user_receive_time": "2026-11-22 12:00:30",
        "nationcode": "86",
        "mobile": "13800138000",
        "report_status": status,
        "errmsg": code,
        "description": "用户短信送达成功",
        "sid": "5000:1",
        "a_new_field": [],
    }
    expected = ProviderWord(id=f"5000:1/{kind}", kind=kind, at=REPORTED, reference="5000:1", reason=reason)
    assert TencentCallbacks(TOKEN).words(posted(report), NOON) == [expected]


@pytest.mark.parametrize(
    ("country", "phone"), [("86", "+8613800138000"), ("+86", "+8613800138000"), ("", "13800138000")]
)
def test_an_answer_that_tencent_passes_on_stands_alone_and_names_its_country(country: str, phone: str) -> None:
    told = {"mobile": "13800138000", "nationcode": country, "sign": "示例公司", "text": "T", "time": 1795320030}
    body = json.dumps(told).encode()
    (word,) = TencentCallbacks(TOKEN).words(Callback(target="/", body=body), NOON)
    assert (word.phone, word.text, word.kind, word.at) == (phone, "T", ReceiptKind.REPLIED, REPORTED)


@pytest.mark.parametrize(
    "written", ["", "yesterday", "0001-01-01 00:00:00", "9" * 30, "99999999999", "2026-13-01 00:00:00"]
)
def test_a_moment_that_cannot_be_one_is_now(written: str) -> None:
    assert moment(written, NOON) == NOON


def test_one_entry_that_cannot_be_read_does_not_hold_up_the_others() -> None:
    good = {"success": True, "out_id": MESSAGE, "report_time": "the day before yesterday"}
    bad: list[Any] = [None, 5, "x", [], {}, {"success": True}, {"out_id": "x"}, {"content": "TD"}, {"out_id": {}}]
    (word,) = AliyunCallbacks(TOKEN).words(posted(*bad, good), NOON)
    assert (word.message_id, word.at) == (MESSAGE, NOON)


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"\xff", b"1" * 5_000])
def test_a_body_that_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidField) as refused:
        AliyunCallbacks(TOKEN).words(Callback(target="/", body=body), NOON)
    assert refused.value.field == "body"


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_strange_values_in_known_fields_never_break(value: Any) -> None:
    entries = [{"out_id": value, "success": value, "report_time": value}, {"phone_number": value, "content": value}]
    entries += [
        {"sid": value, "report_status": "FAIL", "errmsg": value},
        {"mobile": value, "text": value, "time": value},
    ]
    told = posted(*entries)
    for word in [*AliyunCallbacks(TOKEN).words(told, NOON), *TencentCallbacks(TOKEN).words(told, NOON)]:
        word.id.encode()
        assert word.at.tzinfo is not None


def test_every_new_reason_is_told_in_both_languages() -> None:
    for reason in (Reason.NOT_REACHABLE, Reason.BLOCKED_BY_CARRIER, Reason.OPTED_OUT):
        english, chinese = REASON_WORDS[reason]
        assert english.isascii()
        assert not chinese.isascii()


def test_without_a_public_address_providers_are_told_none() -> None:
    assert callback_address("", "prv_1") == ""
    assert callback_address("http://127.0.0.1:8000", "prv_1") == ""
    assert callback_address("https://care.example/", "prv_1") == "https://care.example/callbacks/prv_1"
