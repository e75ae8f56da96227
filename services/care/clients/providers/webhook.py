"""The generic webhook: JSON to another system of the company, signed as standardwebhooks.com says."""

import base64
import hashlib
import hmac
import json
from datetime import datetime

from services.care.domain.sending.message import Message
from services.care.ports.http import HttpAnswer, HttpRequest
from services.care.ports.sending import Handover

_OK, _NOT_OK = 200, 300
_BAD_MESSAGE = frozenset({400, 409, 413, 422})
_MAYBE_DONE = frozenset({500, 502, 504})


def _signature(key: bytes, *, message_id: str, timestamp: int, body: bytes) -> str:
    """Return `v1,...` over id, time and body."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _key(secret: str) -> bytes:
    if not secret.startswith("whsec_"):
        return secret.encode()
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    if not key:  # everybody knows that one
        raise ValueError("whsec_ is not followed by a secret.")
    return key


class WebhookDialect:
    """`webhook-id` is the touch's id whatever the attempt: a receiver that has it answers 2xx and does nothing."""

    def __init__(self, url: str, secret: str) -> None:
        """Take the address, and the secret that both sides know; raises ValueError for `whsec_` without base64."""
        self._url, self._key = url, _key(secret)

    def request(self, message: Message, now: datetime) -> HttpRequest:
        key, timestamp = _stable_id(message), int(now.timestamp())
        body = json.dumps(
            {"type": "touch.due", "timestamp": now.isoformat(), "data": _told(message)}, ensure_ascii=False
        ).encode()
        return HttpRequest(
            self._url,
            body,
            {
                "content-type": "application/json",
                "webhook-id": key,
                "webhook-timestamp": str(timestamp),
                "webhook-signature": _signature(self._key, message_id=key, timestamp=timestamp, body=body),
            },
        )

    def fate(self, answer: HttpAnswer) -> tuple[Handover, str]:
        """Read the status. What says nothing of this one message says that the system is not ours to use now."""
        if _OK <= answer.status < _NOT_OK:
            return Handover.ACCEPTED, ""
        if answer.status in _BAD_MESSAGE:
            return Handover.REFUSED, str(answer.status)
        return Handover.UNCERTAIN if answer.status in _MAYBE_DONE else Handover.NOT_REACHED, str(answer.status)


def _stable_id(message: Message) -> str:
    return message.touch.id if message.touch else message.message_id.strip("<>")


def _told(message: Message) -> dict[str, object]:
    touch = message.touch
    about = {
        "touch_id": touch.id,
        "member_id": touch.member_id,
        "campaign_id": touch.campaign_id,
        "occurrence": touch.occurrence,
        "step": touch.step,
        "variant": touch.variant,
        "purpose": touch.purpose.value,
    } if touch else {}  # fmt: skip
    words = {"subject": message.subject, "body": message.body, "parameters": dict(message.headers)}
    return {**about, "message_id": message.message_id.strip("<>"), "to": message.to, **words}
