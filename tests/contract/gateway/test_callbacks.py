"""Callbacks of providers at the door: what arrives is passed on as it came, and what came of it is answered."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from gateway.callbacks import MOST_BYTES
from gateway.config import Settings
from gateway.signin import DevIssuer
from membercare.care.v1 import sending_service_pb2 as pb
from services.care.domain.providers.callbacks import CallbackNotGenuine
from services.chassis.errors import DatabaseUnavailable, InvalidField
from tests.fakes.company import an_id
from tests.fakes.suite import Client, FakeSuite, gateway_of

PROVIDER = an_id("prv", 1)


@pytest.fixture
async def door(settings: Callable[..., Settings], issuer: DevIssuer, suite: FakeSuite) -> AsyncIterator[Client]:
    answer = pb.HearProviderCallbackResponse(recorded=1, content_type="text/xml", answer=b"<Response/>")
    suite.care.answers["HearProviderCallback"] = lambda _: answer
    async with gateway_of(settings(), issuer) as client:
        yield client


async def test_a_callback_is_passed_on_letter_by_letter_and_answered_as_the_provider_expects(
    door: Client, suite: FakeSuite
) -> None:
    target = f"/callbacks/{PROVIDER}?message_id=tch_1.1%40x&b=%E9%80%80+c"
    answer = await door.http.post(target, content=b"MessageSid=SM1\xff", headers={"X-Twilio-Signature": "sig="})
    assert (answer.status_code, answer.content) == (200, b"<Response/>")
    assert answer.headers["content-type"].startswith("text/xml")
    (request,) = suite.care.asked["HearProviderCallback"]
    assert (request.provider_id, request.token, request.target) == (PROVIDER, "", target)
    assert (request.signature, request.body) == ("sig=", b"MessageSid=SM1\xff")
    assert suite.care.callers[0].subject == "callbacks"


async def test_the_secret_part_of_an_address_is_passed_on(door: Client, suite: FakeSuite) -> None:
    assert (await door.http.post(f"/callbacks/{PROVIDER}/se-cret", content=b"[]")).status_code == 200
    (request,) = suite.care.asked["HearProviderCallback"]
    assert (request.token, request.target) == ("se-cret", f"/callbacks/{PROVIDER}/se-cret")


async def test_a_body_that_is_too_large_is_refused_before_it_is_read_to_its_end(door: Client, suite: FakeSuite) -> None:
    answer = await door.http.post(f"/callbacks/{PROVIDER}", content=b" " * (MOST_BYTES + 1))
    assert answer.status_code == 413
    assert suite.calls == {}


async def test_an_address_may_be_made_sure_of_first(door: Client, suite: FakeSuite) -> None:
    assert (await door.http.get(f"/callbacks/{PROVIDER}?echostr=1")).status_code == 200
    (request,) = suite.care.asked["HearProviderCallback"]
    assert (request.target, request.body) == (f"/callbacks/{PROVIDER}?echostr=1", b"")


async def test_no_other_addresses_and_methods_are_taken(door: Client, suite: FakeSuite) -> None:
    assert (await door.http.put(f"/callbacks/{PROVIDER}")).status_code == 405
    assert (await door.http.get(f"/callbacks/{PROVIDER}/token")).status_code == 405
    assert (await door.http.post("/callbacks/a/b/c")).status_code == 404
    assert suite.calls == {}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (CallbackNotGenuine(), 401),
        (InvalidField("body", "body is no JSON."), 400),
        (DatabaseUnavailable("The database does not answer."), 503),
    ],
)
async def test_the_provider_is_told_whether_to_say_it_again(
    door: Client, suite: FakeSuite, error: Exception, status: int
) -> None:
    def fails(_: object) -> Any:
        raise error

    suite.care.answers["HearProviderCallback"] = fails
    answer = await door.http.post(f"/callbacks/{PROVIDER}", content=b"{}")
    assert answer.status_code == status
    assert answer.json().keys() == {"error"}
