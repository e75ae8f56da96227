"""The envelope of WeChat's events, and what is read in them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.clients.providers.callbacks.wechat import WechatCallbacks
from services.care.clients.providers.callbacks.wechat_envelope import key_of, opened
from services.care.domain.providers.callbacks import Callback, CreditWord, ProviderWord
from services.care.domain.sending.receipts import ReceiptKind
from services.chassis.errors import InvalidField
from tests.fakes.wechat_pushes import APP_ID, ENCODING_KEY, TOKEN, pushed, question, sealed
from tests.unit.care.providers import NOON

KEY = key_of(ENCODING_KEY)
OTHER_KEY = "b" * 42 + "A"


def dialect() -> WechatCallbacks:
    return WechatCallbacks(TOKEN, KEY, app_id=APP_ID)


def an_event(name: str, *listed: Any, **more: Any) -> dict[str, Any]:
    told = {"ToUserName": "gh_1", "FromUserName": "openid-1", "CreateTime": 1795312800, "MsgType": "event"}
    return told | {"Event": name, "List": list(listed) if len(listed) > 1 else (listed or [None])[0]} | more


def callback(event: dict[str, Any], **how: str) -> Callback:
    query, body = pushed(event, **how)
    return Callback(target=f"/callbacks/prv_1{query}", body=body)


def words(event: dict[str, Any], **how: str) -> list[ProviderWord | CreditWord]:
    return dialect().words(callback(event, **how), NOON)


@given(st.binary(max_size=200))
def test_what_was_sealed_is_opened_as_it_was(plain: bytes) -> None:
    assert opened(sealed(plain), KEY, app_id=APP_ID) == plain


@given(st.binary(max_size=100).map(lambda each: each.hex()) | st.text(max_size=50))
def test_what_nobody_sealed_is_never_opened(told: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        opened(told, KEY, app_id=APP_ID)


@pytest.mark.parametrize("written", ["", "short", "?" * 43, "a" * 44, "ä" * 43])
def test_a_key_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        key_of(written)


def test_an_address_is_confirmed_by_its_echo_to_who_knows_the_token() -> None:
    asked = Callback(target=f"/callbacks/prv_1{question('some echo')}")
    assert dialect().is_genuine(asked)
    assert dialect().words(asked, NOON) == []
    assert dialect().answer_to(asked).body == b"some echo"
    assert not dialect().is_genuine(Callback(target=f"/callbacks/prv_1{question(token='another')}"))
    assert not dialect().is_genuine(Callback(target="/callbacks/prv_1"))


def test_a_signature_holds_for_one_body_only() -> None:
    told = callback(an_event("subscribe_msg_popup_event"))
    assert dialect().is_genuine(told)
    assert dialect().answer_to(told).body == b"success"
    _, other = pushed(an_event("subscribe_msg_change_event"))
    for body in (other, b"{}", b"x", b"[]", b'{"Encrypt": 5}'):
        assert not dialect().is_genuine(Callback(target=told.target, body=body))
    asked = Callback(target=f"/callbacks/prv_1{question()}", body=told.body)
    assert not dialect().is_genuine(asked)


@pytest.mark.parametrize("how", [{"encoding_key": OTHER_KEY}, {"app_id": "wx02"}])
def test_an_event_for_another_account_or_key_is_refused(how: dict[str, str]) -> None:
    with pytest.raises(InvalidField) as refused:
        words(an_event("subscribe_msg_popup_event"), **how)
    assert refused.value.field == "body"


def test_each_accepted_template_is_one_message_more_and_a_rejected_one_none() -> None:
    accepted = {"TemplateId": "T1", "SubscribeStatusString": "accept", "PopupScene": "0"}
    event = an_event("subscribe_msg_popup_event", accepted, accepted | {"TemplateId": "T2"}, {"TemplateId": "T3"})
    assert words(event) == [
        CreditWord(id=f"openid-1/1795312800/{template}", openid="openid-1", template_id=template, granted=True)
        for template in ("T1", "T2")
    ]
    assert words(an_event("subscribe_msg_popup_event", accepted | {"SubscribeStatusString": "reject"})) == []
    assert len(words(an_event("subscribe_msg_popup_event", accepted))) == 1  # then it is no list


def test_who_turns_a_template_off_has_nothing_left_of_it() -> None:
    event = an_event("subscribe_msg_change_event", {"TemplateId": "T1", "SubscribeStatusString": "reject"})
    (word,) = words(event)
    assert isinstance(word, CreditWord)
    assert (word.template_id, word.granted) == ("T1", False)


@pytest.mark.parametrize(
    ("code", "kind"), [("0", ReceiptKind.DELIVERED), (0, ReceiptKind.DELIVERED), ("30", ReceiptKind.FAILED)]
)
def test_what_became_of_a_message_is_told_by_its_number(code: Any, kind: ReceiptKind) -> None:
    sent = {"TemplateId": "T1", "MsgID": 1864323726461255680, "ErrorCode": code, "ErrorStatus": "any words"}
    (word,) = words(an_event("subscribe_msg_sent_event", sent))
    assert isinstance(word, ProviderWord)
    assert (word.reference, word.kind) == ("1864323726461255680", kind)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists))
def test_strange_values_in_known_fields_never_break(value: Any) -> None:
    entry = {"TemplateId": value, "SubscribeStatusString": "accept", "MsgID": value, "ErrorCode": value}
    for name in ("subscribe_msg_popup_event", "subscribe_msg_sent_event", "text"):
        event = an_event(name, entry, value, FromUserName=value, CreateTime=value)
        json.dumps([word.id for word in words(event)])
