"""SMS providers that verify a request as the real ones document it, written from the documentation alone."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from urllib.parse import parse_qs, quote, urlsplit

from services.care.domain.providers.kinds import ProviderKind
from tests.fakes.provider_server import Answer, Received

KEY_ID, KEY_SECRET = "testid", "testsecret"
SECRETS: Mapping[ProviderKind, Mapping[str, str]] = {
    ProviderKind.ALIYUN_SMS: {"ACCESS_KEY_ID": KEY_ID, "ACCESS_KEY_SECRET": KEY_SECRET},
    ProviderKind.TENCENT_SMS: {"SECRET_ID": KEY_ID, "SECRET_KEY": KEY_SECRET},
    ProviderKind.TWILIO_SMS: {"AUTH_TOKEN": KEY_SECRET},
}


def _json(told: Mapping[str, object], status: int = 200) -> Answer:
    return status, json.dumps(told).encode()


def aliyun(request: Received, code: str = "OK", *, words: str = "") -> Answer:
    """Answer as Dysmsapi does: `ACS3-HMAC-SHA256` over method, path, query, headers and the body's hash."""
    parts = urlsplit(request.path)
    scheme, _, rest = request.headers["authorization"].partition(" ")
    told = dict(each.split("=", 1) for each in rest.split(","))
    query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
    pairs = sorted(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in query.items())
    body_hash = hashlib.sha256(request.body).hexdigest()
    names = told["SignedHeaders"].split(";")
    headers = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names)
    canonical = f"POST\n{parts.path}\n{'&'.join(pairs)}\n{headers}\n{';'.join(names)}\n{body_hash}"
    to_sign = f"{scheme}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    expected = hmac.new(KEY_SECRET.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    must_sign = {"host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"}
    if told["Credential"] != KEY_ID or told["Signature"] != expected or not must_sign <= set(names):
        return _json({"Code": "SignatureDoesNotMatch"}, 400)
    if request.headers["x-acs-content-sha256"] != body_hash or request.headers["x-acs-action"] != "SendSms":
        return _json({"Code": "InvalidParameter"}, 400)
    return _json({"Code": code, "Message": words or code, "BizId": "900619746936498440^0", "RequestId": "F655A8D5"})


def tencent(request: Received, code: str = "Ok") -> Answer:
    """Answer as sms.tencentcloudapi.com does: `TC3-HMAC-SHA256` with a key of the day."""
    authorization = request.headers["authorization"]
    told = dict(each.strip().split("=", 1) for each in authorization.partition(" ")[2].split(","))
    identity, day, service, end = told["Credential"].split("/")
    names = told["SignedHeaders"].split(";")
    headers = "".join(f"{name}:{request.headers[name].lower().strip()}\n" for name in names)
    body_hash = hashlib.sha256(request.body).hexdigest()
    canonical = f"POST\n/\n\n{headers}\n{told['SignedHeaders']}\n{body_hash}"
    stamp = request.headers["x-tc-timestamp"]
    to_sign = f"TC3-HMAC-SHA256\n{stamp}\n{day}/{service}/{end}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = hmac.new(f"TC3{KEY_SECRET}".encode(), day.encode(), hashlib.sha256).digest()
    key = hmac.new(key, service.encode(), hashlib.sha256).digest()
    key = hmac.new(key, end.encode(), hashlib.sha256).digest()
    expected = hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
    if identity != KEY_ID or told["Signature"] != expected or not {"content-type", "host"} <= set(names):
        return _json({"Response": {"Error": {"Code": "AuthFailure.SignatureFailure"}, "RequestId": "1"}})
    status = {"Code": code, "PhoneNumber": json.loads(request.body)["PhoneNumberSet"][0], "SerialNo": "5000:1"}
    return _json({"Response": {"SendStatusSet": [status], "RequestId": "1"}})


def twilio(request: Received, status: int = 201, *, code: int = 0) -> Answer:
    """Answer as api.twilio.com does: basic authentication with the account's own sid and token."""
    account = urlsplit(request.path).path.split("/")[3]
    expected = "Basic " + base64.b64encode(f"{account}:{KEY_SECRET}".encode()).decode()
    if request.headers["authorization"] != expected:
        return _json({"code": 20003, "message": "Authenticate", "status": 401}, 401)
    form = parse_qs(request.body.decode())
    if not {"To", "Body"} <= form.keys() or not {"From", "MessagingServiceSid"} & form.keys():
        return _json({"code": 21604, "status": 400}, 400)
    return _json({"sid": "SM01", "status": "queued"} if status == 201 else {"code": code, "status": status}, status)
