"""What providers answer, whatever it is: each answer has a meaning, and none raises."""

import json
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.clients.providers.aliyun_sms import AliyunSmsDialect
from services.care.clients.providers.answer_codes import unsaid
from services.care.clients.providers.http_sender import Dialect
from services.care.clients.providers.tencent_sms import TencentSmsDialect
from services.care.clients.providers.twilio_sms import TwilioSmsDialect
from services.care.ports.http import HttpAnswer
from services.care.ports.sending import Handover

_TOLD = {
    "template_id": "T1",
    "sign_name": "示例公司",
    "sdk_app_id": "1400006666",
    "account_sid": "AC0123",
    "from": "+1",
}
_SECRETS = dict.fromkeys(("access_key_id", "access_key_secret", "secret_id", "secret_key", "auth_token"), "secret")
DIALECTS: Mapping[str, Callable[[], Dialect]] = {
    "aliyun": lambda: AliyunSmsDialect(_TOLD, _SECRETS),
    "tencent": lambda: TencentSmsDialect(_TOLD, _SECRETS),
    "twilio": lambda: TwilioSmsDialect(_TOLD, _SECRETS),
}
_NAMES = st.sampled_from(["Code", "code", "Response", "Error", "SendStatusSet", "SerialNo"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("name", DIALECTS)
@given(status=st.integers(200, 599), told=_VALUES)
def test_no_answer_of_a_provider_raises(name: str, status: int, told: object) -> None:
    fate, code = DIALECTS[name]().fate(HttpAnswer(status, json.dumps(told).encode()))
    assert isinstance(fate, Handover)
    assert isinstance(code, str)


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (200, Handover.UNCERTAIN),
        (307, Handover.NOT_REACHED),
        (400, Handover.REFUSED),
        (403, Handover.NOT_REACHED),
        (408, Handover.UNCERTAIN),
        (429, Handover.NOT_REACHED),
        (431, Handover.REFUSED),
        (503, Handover.UNCERTAIN),
    ],
)
def test_a_status_without_a_word_of_the_provider_says_whether_anything_was_passed_on(
    status: int, fate: Handover
) -> None:
    assert unsaid(status) is fate
