"""Takes in what providers tell of messages: signed as standardwebhooks.com says, then handed to the care service.

`POST /receipts/<provider>` with `{"events": [{"id", "type", "message_id", "time", "text"?, "hard"?}]}`. A request is
taken once within its five minutes of life: the service knows each event by its id and does nothing the second time.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.bodies import BodyTooLarge, body_within
from gateway.config import Settings
from gateway.graphql.context import Context
from gateway.graphql.errors import Coded, Refused
from membercare.care.v1 import receipt_pb2
from membercare.care.v1 import sending_service_pb2 as pb
from services.chassis import deadlines, logs
from services.chassis.clock import Clock
from services.chassis.identity import Caller
from services.chassis.timestamps import to_timestamp

MOST_BYTES = 256 * 1024
REPLAY_SECONDS = 300
_DIGITS = 12
_BAD, _UNSIGNED, _TOO_LARGE, _AWAY, _DONE = 400, 401, 413, 503, 204
_log = logs.get("gateway.receipts")
_KINDS: Mapping[str, receipt_pb2.ReceiptKind.ValueType] = {
    "delivered": receipt_pb2.RECEIPT_KIND_DELIVERED,
    "bounce": receipt_pb2.RECEIPT_KIND_BOUNCED,
    "complaint": receipt_pb2.RECEIPT_KIND_COMPLAINED,
    "open": receipt_pb2.RECEIPT_KIND_OPENED,
    "click": receipt_pb2.RECEIPT_KIND_CLICKED,
    "reply": receipt_pb2.RECEIPT_KIND_REPLIED,
    "failed": receipt_pb2.RECEIPT_KIND_FAILED,
}


class _Wrong(Exception):
    """What was posted cannot be taken."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


def secrets_in(file: Path | None) -> dict[str, list[bytes]]:
    """Return the keys of each provider, of which any may have signed: so a secret is changed without a gap.

    Raises ValueError with the number of a line that holds no secret.
    """
    found: dict[str, list[bytes]] = {}
    for number, line in enumerate(file.read_text().splitlines() if file else (), start=1):
        name, _, secret = line.strip().partition(" ")
        if name and not name.startswith("#"):
            found.setdefault(name, []).append(_key(secret.strip(), line=number))
    return found


def _key(secret: str, *, line: int) -> bytes:
    """Return the key; an empty one, which everybody knows, is none."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except ValueError:
        key = b""
    if not key:
        raise ValueError(f"RECEIPT_SECRETS_FILE: line {line} must be `<provider> whsec_` and the secret in base64")
    return key


@dataclass(frozen=True)
class Receipts:
    """Answers providers. Who is not known and who signs wrongly are told the same."""

    secrets: Mapping[str, list[bytes]]
    context: Callable[[Caller | None], Context]
    clock: Clock
    request_seconds: float

    @classmethod
    def of(cls, settings: Settings, context: Callable[[Caller | None], Context], *, clock: Clock) -> "Receipts":
        """Read the secrets once, when the gateway starts."""
        return cls(secrets_in(settings.receipt_secrets_file), context, clock, settings.request_seconds)

    def route(self) -> Route:
        """Return where providers call."""
        return Route("/receipts/{provider}", self._answer, methods=["POST"])

    async def _answer(self, request: Request) -> Response:
        provider: str = request.path_params["provider"]
        try:
            body = await _body(request)
            self._verify(provider, request.headers, body=body)
            receipts = _receipts(body)
            if receipts:
                await self._record(provider, receipts)
        except _Wrong as wrong:
            _log.warning("receipts_refused", status=wrong.status)
            return JSONResponse({"error": wrong.why}, wrong.status)
        _log.info("receipts", count=len(receipts))
        return Response(status_code=_DONE)

    def _verify(self, provider: str, headers: Mapping[str, str], *, body: bytes) -> None:
        stamp = headers.get("webhook-timestamp", "")
        fresh = (
            stamp.isdecimal()
            and len(stamp) <= _DIGITS
            and abs(int(stamp) - self.clock.now().timestamp()) <= REPLAY_SECONDS
        )
        signed = f"{headers.get('webhook-id', '')}.{stamp}.".encode() + body
        told = [
            each.removeprefix("v1,") for each in headers.get("webhook-signature", "").split(" ") if each[:3] == "v1,"
        ]
        genuine = any(
            hmac.compare_digest(base64.b64encode(hmac.digest(key, signed, hashlib.sha256)), each.encode())
            for key in self.secrets.get(provider, ())
            for each in told
        )
        if not genuine or not fresh or not headers.get("webhook-id"):
            raise _Wrong(_UNSIGNED, "The signature is not valid, or the request is older than five minutes.")

    async def _record(self, provider: str, receipts: list[receipt_pb2.Receipt]) -> None:
        deadlines.begin(self.request_seconds)
        context = self.context(Caller(f"receipts/{provider}", frozenset({"ops"})))
        request = pb.RecordReceiptsRequest(provider=provider, receipts=receipts)
        try:
            await context.call(context.clients.care.RecordReceipts, request)
        except Refused as refused:
            raise _Wrong(_BAD, refused.refusal.message) from None
        except Coded:
            raise _Wrong(_AWAY, "Not now: send it again.") from None


async def _body(request: Request) -> bytes:
    try:
        return await body_within(request, MOST_BYTES)
    except BodyTooLarge:
        raise _Wrong(_TOO_LARGE, f"A request holds {MOST_BYTES} bytes at most.") from None


def _receipts(body: bytes) -> list[receipt_pb2.Receipt]:
    """Return the events that we take; of a bounce that is not for good there is nothing to record."""
    try:
        events = json.loads(body)["events"]
        return [_receipt(each) for each in events if each["type"] in _KINDS and each.get("hard") is not False]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise _Wrong(
            _BAD, "An event has `id`, `type`, `message_id` and `time`, the last written in ISO 8601."
        ) from None


def _receipt(event: dict[str, Any]) -> receipt_pb2.Receipt:
    moment = datetime.fromisoformat(event["time"])
    if moment.tzinfo is None:
        raise ValueError
    return receipt_pb2.Receipt(
        event_id=event["id"],
        message_id=event["message_id"],
        kind=_KINDS[event["type"]],
        time=to_timestamp(moment),
        text=event.get("text", "")[:1_000],
    )
