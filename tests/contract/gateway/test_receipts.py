"""Signed words of providers at the door: who may say them, how large and how old they may be, and what arrives."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.config import Settings
from gateway.receipts import MOST_BYTES, secrets_in
from gateway.signin import DevIssuer
from membercare.care.v1 import receipt_pb2
from membercare.care.v1 import sending_service_pb2 as pb
from services.chassis.clock import SystemClock
from services.chassis.errors import DatabaseUnavailable, InvalidField
from tests.fakes.suite import Client, FakeSuite, gateway_of

KEY, OLD_KEY = b"the key of the provider now", b"the key before"
EVENT = {"id": "e1", "type": "bounce", "message_id": "<tch_1.1@x>", "time": "2026-11-22T12:00:00Z", "hard": True}


@pytest.fixture
async def door(
    settings: Callable[..., Settings], issuer: DevIssuer, suite: FakeSuite, tmp_path: Path
) -> AsyncIterator[Client]:
    file = tmp_path / "receipt_secrets"
    lines = [f"twilio whsec_{base64.b64encode(key).decode()}" for key in (OLD_KEY, KEY)]
    file.write_text("\n".join(["# provider secret", *lines]))
    suite.care.answers["RecordReceipts"] = lambda _: pb.RecordReceiptsResponse(recorded=1)
    async with gateway_of(settings(receipt_secrets_file=file), issuer) as client:
        yield client


async def post(
    door: Client, body: bytes, *, key: bytes = KEY, age: timedelta = timedelta(0), provider: str = "twilio"
) -> Any:
    stamp = str(int((SystemClock().now() - age).timestamp()))
    signature = base64.b64encode(hmac.new(key, f"msg_1.{stamp}.".encode() + body, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": f"v1,AAAA v1,{signature}"}
    return await door.http.post(f"/receipts/{provider}", content=body, headers=headers)


def told(*events: object) -> bytes:
    return json.dumps({"events": events}).encode()


@pytest.mark.parametrize("key", [KEY, OLD_KEY])
async def test_a_signed_word_arrives_with_its_provider(door: Client, suite: FakeSuite, key: bytes) -> None:
    reply = {"id": "e2", "type": "reply", "message_id": "<tch_2.1@x>", "time": "2026-11-22T20:00:00+08:00", "text": "R"}
    assert (await post(door, told(EVENT, reply), key=key)).status_code == 204
    (request,) = suite.care.asked["RecordReceipts"]
    assert request.provider == "twilio"
    bounced, replied = request.receipts
    assert (bounced.event_id, bounced.kind) == ("e1", receipt_pb2.RECEIPT_KIND_BOUNCED)
    assert (replied.kind, replied.text, replied.time) == (receipt_pb2.RECEIPT_KIND_REPLIED, "R", bounced.time)
    assert suite.care.callers[0].subject == "receipts/twilio"


async def test_what_has_no_consequence_is_taken_and_not_recorded(door: Client, suite: FakeSuite) -> None:
    assert (await post(door, told(EVENT | {"hard": False}, EVENT | {"type": "queued"}))).status_code == 204
    assert suite.calls == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": b"another"},
        {"provider": "unknown"},
        {"age": timedelta(minutes=6)},
        {"age": timedelta(minutes=-6)},
    ],
)
async def test_a_forged_old_or_unknown_word_is_refused_and_goes_no_further(
    door: Client, suite: FakeSuite, wrong: dict[str, Any]
) -> None:
    answer = await post(door, told(EVENT), **wrong)
    assert answer.status_code == 401
    assert "error" in answer.json()
    assert suite.calls == {}


async def test_an_unsigned_word_is_refused(door: Client, suite: FakeSuite) -> None:
    strange = {"webhook-id": "a", "webhook-timestamp": "9" * 5_000, "webhook-signature": "v1,%%"}
    for headers in ({}, strange):
        answer = await door.http.post("/receipts/twilio", content=told(EVENT), headers=headers)
        assert answer.status_code == 401
    assert (await door.http.get("/receipts/twilio")).status_code == 405
    assert suite.calls == {}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"[" * 100_000,
        told("x"),
        told({"type": "bounce"}),
        told(EVENT | {"time": "yesterday"}),
        told(EVENT | {"time": "2026-11-22T12:00:00"}),
        told(EVENT | {"time": 5}),
        told(EVENT | {"id": 5}),
        told(EVENT | {"text": 5}),
    ],
)
async def test_a_malformed_word_is_refused_whole(door: Client, suite: FakeSuite, body: bytes) -> None:
    assert (await post(door, body)).status_code == 400
    assert suite.calls == {}


async def test_a_body_that_is_too_large_is_refused_before_it_is_read_to_its_end(door: Client, suite: FakeSuite) -> None:
    assert (await post(door, b" " * (MOST_BYTES + 1))).status_code == 413
    assert suite.calls == {}


async def test_the_provider_is_told_whether_to_say_it_again(door: Client, suite: FakeSuite) -> None:
    def wrong(_: object) -> Any:
        raise InvalidField("receipts", "receipts holds 501; 1 to 500 are needed.")

    def away(_: object) -> Any:
        raise DatabaseUnavailable("The database does not answer.")

    suite.care.answers["RecordReceipts"] = wrong
    assert (await post(door, told(EVENT))).status_code == 400
    suite.care.answers["RecordReceipts"] = away
    assert (await post(door, told(EVENT))).status_code == 503


@pytest.mark.parametrize("line", ["twilio", "twilio whsec_", "twilio whsec_abc", "twilio plain words", "twilio äöü="])
def test_a_provider_without_a_secret_is_refused_at_the_start_by_its_line(tmp_path: Path, line: str) -> None:
    file = tmp_path / "receipt_secrets"
    file.write_text(f"# provider secret\nother whsec_{base64.b64encode(KEY).decode()}\n{line}\n")
    with pytest.raises(ValueError, match=r"^RECEIPT_SECRETS_FILE: line 3 must be"):
        secrets_in(file)
