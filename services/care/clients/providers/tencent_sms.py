"""Tencent Cloud SMS (2021-01-11), signed with TC3-HMAC-SHA256."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from services.care.clients.providers.answer_codes import meaning, part_of, said, template_of, unsaid
from services.care.domain.sending.message import Message
from services.care.ports.http import HttpAnswer, HttpRequest
from services.care.ports.sending import Handover

_ENDPOINT, _REGION = "https://sms.tencentcloudapi.com", "ap-guangzhou"
_TYPE, _SIGNED = "application/json; charset=utf-8", "content-type;host;x-tc-action"
_CODES: Mapping[str, Handover] = {
    "Ok": Handover.ACCEPTED,
    "LimitExceeded.PhoneNumberThirtySecondLimit": Handover.DEFERRED,
    "LimitExceeded.PhoneNumberOneHourLimit": Handover.DEFERRED,
    "LimitExceeded.DeliveryFrequencyLimit": Handover.DEFERRED,
    "LimitExceeded.PhoneNumber": Handover.QUOTA_SPENT,
    "LimitExceeded": Handover.NOT_REACHED,
    "RequestLimitExceeded": Handover.NOT_REACHED,
    "AuthFailure": Handover.NOT_REACHED,
    "UnauthorizedOperation": Handover.NOT_REACHED,
    "IpInBlacklist": Handover.NOT_REACHED,
    "IpNotInWhitelist": Handover.NOT_REACHED,
    "FailedOperation.InsufficientBalanceInSmsPackage": Handover.NOT_REACHED,
    "FailedOperation.PhoneNumberInBlacklist": Handover.OPTED_OUT,
    "FailedOperation.SignatureIncorrectOrUnapproved": Handover.NOT_REACHED,
    "InvalidParameterValue.SdkAppIdNotExist": Handover.NOT_REACHED,
    "ResourceUnavailable": Handover.NOT_REACHED,
    "InternalError": Handover.UNCERTAIN,
}
"""cloud.tencent.com 382/55981. On the blacklist are people who unsubscribed, by their word or at the carrier."""


class TencentSmsDialect:
    """Sends by a template that Tencent has approved; its parameters have an order and no names."""

    def __init__(self, told: Mapping[str, str], secrets: Mapping[str, str]) -> None:
        """Take settings and secrets by the names that `kinds` lists."""
        self._told, self._secrets = told, secrets
        self._endpoint = told.get("endpoint", _ENDPOINT).rstrip("/")
        self._host = urlsplit(self._endpoint).netloc

    def request(self, message: Message, now: datetime) -> HttpRequest:
        template, parameters = template_of(message.headers, self._told["template_id"])
        asked = {
            "PhoneNumberSet": [message.to],
            "SmsSdkAppId": self._told["sdk_app_id"],
            "SignName": self._told["sign_name"],
            "TemplateId": template,
            "TemplateParamSet": list(parameters.values()) or [message.body],
            "SessionContext": message.message_id.strip("<>"),
        }
        body = json.dumps(asked, ensure_ascii=False).encode()
        return HttpRequest(
            f"{self._endpoint}/",
            body,
            {
                "authorization": self._authorization(body, now),
                "content-type": _TYPE,
                "host": self._host,
                "x-tc-action": "SendSms",
                "x-tc-timestamp": str(int(now.timestamp())),
                "x-tc-version": "2021-01-11",
                "x-tc-region": self._told.get("region", _REGION),
            },
        )

    @staticmethod
    def reference(answer: HttpAnswer) -> str:
        """Return Tencent's number of an accepted message, by which alone it tells of it later; else nothing."""
        status = part_of(part_of(said(answer.body), "Response"), "SendStatusSet")
        return str(status.get("SerialNo") or "")

    def _authorization(self, body: bytes, now: datetime) -> str:
        day = now.astimezone(UTC).date().isoformat()
        scope = f"{day}/sms/tc3_request"
        canonical = (
            f"POST\n/\n\ncontent-type:{_TYPE}\nhost:{self._host}\nx-tc-action:sendsms\n\n{_SIGNED}\n"
            f"{hashlib.sha256(body).hexdigest()}"
        )
        hashed = hashlib.sha256(canonical.encode()).hexdigest()
        to_sign = f"TC3-HMAC-SHA256\n{int(now.timestamp())}\n{scope}\n{hashed}"
        key = f"TC3{self._secrets['secret_key']}".encode()
        for part in (day, "sms", "tc3_request"):
            key = hmac.digest(key, part.encode(), hashlib.sha256)
        signature = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
        credential = f"{self._secrets['secret_id']}/{scope}"
        return f"TC3-HMAC-SHA256 Credential={credential}, SignedHeaders={_SIGNED}, Signature={signature}"

    def fate(self, answer: HttpAnswer) -> tuple[Handover, str]:
        told = part_of(said(answer.body), "Response")
        code = (part_of(told, "Error") or part_of(told, "SendStatusSet")).get("Code")
        if not code or not isinstance(code, str):
            return unsaid(answer.status), str(answer.status)
        return meaning(code, _CODES), code
