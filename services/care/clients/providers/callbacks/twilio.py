"""What Twilio posts: a form, signed with the token of the account."""

import base64
import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from urllib.parse import parse_qs, parse_qsl, urlsplit

from services.care.clients.providers.twilio_sms import MESSAGE
from services.care.domain.providers.callbacks import Callback, CallbackAnswer, ProviderWord
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.receipts import ReceiptKind

_MOST_FIELDS = 200
_ARRIVED = frozenset({"delivered", "read"})
_FAILED = frozenset({"undelivered", "failed"})
_PORTS = {"https": 443, "http": 80}
_FOR_GOOD = frozenset({"21211", "21614", "30005", "30006"})
"""No such number, or one that gets no SMS (twilio.com/docs/api/errors)."""
_REASONS: Mapping[str, Reason] = {
    "21610": Reason.OPTED_OUT,
    "30003": Reason.NOT_REACHABLE,
    "30004": Reason.BLOCKED_BY_CARRIER,
    "30007": Reason.BLOCKED_BY_CARRIER,
}

_TAKEN = CallbackAnswer(content_type="text/xml", body=b'<?xml version="1.0" encoding="UTF-8"?><Response/>')


class TwilioCallbacks:
    """Status callbacks of messages, and messages that people send to our number."""

    def __init__(self, auth_token: str, *, public_url: str) -> None:
        """Take what Twilio signs with, and where it reaches the gateway: it signs the address that it called."""
        self._key, self._public_url = auth_token.encode(), public_url.rstrip("/")

    def answer_to(self, callback: Callback) -> CallbackAnswer:
        return _TAKEN

    def is_genuine(self, callback: Callback) -> bool:
        """Hold HMAC-SHA1 over address and sorted fields against `X-Twilio-Signature`."""
        fields = "".join(name + value for name, value in sorted(set(_form(callback.body))))
        signatures = [
            base64.b64encode(hmac.digest(self._key, (url + fields).encode(errors="replace"), "sha1"))
            for url in _spellings(self._public_url + callback.target)
        ]
        told = callback.signature.encode(errors="replace")
        return any(hmac.compare_digest(each, told) for each in signatures)

    def words(self, callback: Callback, now: datetime) -> list[ProviderWord]:
        """Return the status of a message if it is an end, or what somebody wrote."""
        form = dict(_form(callback.body))
        key, status = form.get("MessageSid", ""), form.get("MessageStatus", "")
        if not key:
            return []
        if status in _ARRIVED | _FAILED:
            kind, reason = _end(status, form.get("ErrorCode", ""))
            named = parse_qs(urlsplit(callback.target).query).get(MESSAGE, [""])[0]
            return [ProviderWord(id=f"{key}/{kind}", kind=kind, at=now, message_id=named, reason=reason)]
        if status or not form.get("From"):
            return []
        return [
            ProviderWord(
                id=key,
                kind=ReceiptKind.REPLIED,
                at=now,
                phone=form["From"],
                text=form.get("Body", ""),
                reason=Reason.OPTED_OUT if form.get("OptOutType") == "STOP" else None,
            )
        ]


def _end(status: str, code: str) -> tuple[ReceiptKind, Reason | None]:
    if status in _ARRIVED:
        return ReceiptKind.DELIVERED, None
    return (ReceiptKind.BOUNCED, None) if code in _FOR_GOOD else (ReceiptKind.FAILED, _REASONS.get(code))


def _form(body: bytes) -> list[tuple[str, str]]:
    """Return the fields, also empty ones, which are signed too; none where there are more than anybody sends."""
    try:
        return parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return []


def _spellings(url: str) -> Iterator[str]:
    """Yield the address as it is written and with or without the port of its scheme: Twilio signs either."""
    yield url
    parts = urlsplit(url)
    port = f":{_PORTS.get(parts.scheme, 0)}"
    host = parts.netloc.removesuffix(port) if parts.netloc.endswith(port) else parts.netloc + port
    yield url.replace(parts.netloc, host, 1)
