"""Aliyun SMS (Dysmsapi 2017-05-25), signed with ACS3-HMAC-SHA256."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit
from uuid import uuid4

from services.care.clients.providers.answer_codes import meaning, said, template_of, unsaid
from services.care.domain.sending.message import Message
from services.care.ports.http import HttpAnswer, HttpRequest
from services.care.ports.sending import Handover

_ENDPOINT = "https://dysmsapi.aliyuncs.com"
_NO_BODY = hashlib.sha256(b"").hexdigest()
_CODES: Mapping[str, Handover] = {
    "OK": Handover.ACCEPTED,
    "isv.BUSINESS_LIMIT_CONTROL": Handover.QUOTA_SPENT,
    "isv.DAY_LIMIT_CONTROL": Handover.NOT_REACHED,
    "isv.MONTH_LIMIT_CONTROL": Handover.NOT_REACHED,
    "isv.AMOUNT_NOT_ENOUGH": Handover.NOT_REACHED,
    "isv.OUT_OF_SERVICE": Handover.NOT_REACHED,
    "isv.ACCOUNT_": Handover.NOT_REACHED,
    "isv.PRODUCT_UN": Handover.NOT_REACHED,
    "isv.SMS_SIGN": Handover.NOT_REACHED,
    "isv.RAM_CHECK_FAILED": Handover.NOT_REACHED,
    "isv.DENY_IP_RANGE": Handover.NOT_REACHED,
    "isp.RAM_PERMISSION_DENY": Handover.NOT_REACHED,
    "isp.": Handover.UNCERTAIN,
    "Throttling": Handover.NOT_REACHED,
    "ServiceUnavailable": Handover.NOT_REACHED,
    "InternalError": Handover.UNCERTAIN,
    "InvalidAccessKeyId": Handover.NOT_REACHED,
    "Forbidden": Handover.NOT_REACHED,
    "IncompleteSignature": Handover.NOT_REACHED,
    "Signature": Handover.NOT_REACHED,
    "InvalidTimeStamp": Handover.NOT_REACHED,
    "MOBILE_IN_BLACK": Handover.OPTED_OUT,
    "USER_REJECT": Handover.OPTED_OUT,
}
"""help.aliyun.com 101346. What is wrong with the account is no fault of the message: the next provider may take it.
`isv.BLACK_KEY_CONTROL_LIMIT` is about words that are not allowed, and not about a person."""
_LIMIT, _SHORT_LIMITS = "isv.BUSINESS_LIMIT_CONTROL", ("分钟级", "小时级")
"""Of a number that has had its one of a minute or its five of an hour; only the words say that it is not of a day."""


class AliyunSmsDialect:
    """Sends by a template that Aliyun has approved; texts of our own cannot be sent."""

    def __init__(self, told: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        """Take settings and secrets by the names that `kinds` lists."""
        self._told, self._secrets = told, secrets
        self._endpoint = told.get("endpoint", _ENDPOINT).rstrip("/")

    def request(self, message: Message, now: datetime) -> HttpRequest:
        template, parameters = template_of(message.headers, self._told["template_id"])
        asked = {
            "PhoneNumbers": message.to.removeprefix("+"),
            "SignName": self._told["sign_name"],
            "TemplateCode": template,
            "TemplateParam": json.dumps(
                parameters or {self._told.get("parameter", "content"): message.body}, ensure_ascii=False
            ),
            "OutId": message.message_id.strip("<>"),
        }
        query = "&".join(f"{_escaped(name)}={_escaped(asked[name])}" for name in sorted(asked))
        headers = {
            "host": urlsplit(self._endpoint).netloc,
            "x-acs-action": "SendSms",
            "x-acs-content-sha256": _NO_BODY,
            "x-acs-date": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "x-acs-signature-nonce": uuid4().hex,
            "x-acs-version": "2017-05-25",
        }
        signed = ";".join(sorted(headers))
        canonical = "\n".join(
            ("POST", "/", query, *(f"{name}:{headers[name]}" for name in sorted(headers)), "", signed, _NO_BODY)
        )
        to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.new(self._secrets["access_key_secret"].encode(), to_sign.encode(), hashlib.sha256).hexdigest()
        headers["authorization"] = (
            f"ACS3-HMAC-SHA256 Credential={self._secrets['access_key_id']},SignedHeaders={signed},Signature={signature}"
        )
        return HttpRequest(f"{self._endpoint}/?{query}", b"", headers)

    def fate(self, answer: HttpAnswer) -> tuple[Handover, str]:
        told = said(answer.body)
        code = told.get("Code")
        if not code or not isinstance(code, str):
            return unsaid(answer.status), str(answer.status)
        if code == _LIMIT and any(each in str(told.get("Message")) for each in _SHORT_LIMITS):
            return Handover.DEFERRED, code
        return meaning(code, _CODES), code


def _escaped(text: str) -> str:
    return quote(text, safe="-_.~")
