"""The webhook channel against a receiver that verifies what standardwebhooks.com documents."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Callable

import pytest

from deploy.local.ports import free_ports
from services.care.domain.channels import Channel
from services.care.ports.sending import Handover
from services.care.usecases.providers.ask_channel import AskChannel
from tests.fakes.provider_server import HANG_UP, Answer, Received, serve_provider
from tests.integration.care.channels import SECRET, Channels, a_message

New = Callable[[], Channels]


def verifying(request: Received) -> Answer:
    """Answer 200 to a genuine request only, as a receiver that follows the specification does."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}.".encode() + request.body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    genuine = hmac.compare_digest(expected, request.headers["webhook-signature"])
    return (200, b"{}") if genuine and request.headers["content-type"] == "application/json" else (401, b"{}")


async def test_a_signed_webhook_is_accepted_by_a_receiver_that_verifies_it(channels: New) -> None:
    sending = channels()
    message = a_message()
    with serve_provider(verifying) as receiver:
        sending.webhook(f"{receiver.url}/hook?tenant=1")
        assert await sending.send([message]) == [Handover.ACCEPTED]
    (request,) = receiver.received
    assert message.touch is not None
    assert (request.path, request.headers["webhook-id"]) == ("/hook?tenant=1", message.touch.id)
    told = json.loads(request.body)
    assert (told["type"], told["data"]["to"], told["data"]["body"]) == ("touch.due", message.to, "祝您生日快乐")


async def test_a_receiver_that_does_not_know_the_secret_is_not_used_and_nothing_is_lost(channels: New) -> None:
    sending = channels()
    with serve_provider(verifying) as receiver:
        sending.webhook(receiver.url)
        sending.secret("SIGNING", "whsec_" + base64.b64encode(b"another").decode())
        assert await sending.send([a_message()]) == [Handover.NOT_REACHED]


@pytest.mark.parametrize(
    ("status", "fate"),
    [
        (204, Handover.ACCEPTED),
        (302, Handover.NOT_REACHED),
        (400, Handover.REFUSED),
        (404, Handover.NOT_REACHED),
        (410, Handover.NOT_REACHED),
        (422, Handover.REFUSED),
        (429, Handover.NOT_REACHED),
        (500, Handover.DEFERRED),
        (503, Handover.NOT_REACHED),
    ],
)
async def test_a_status_says_what_became_of_the_message(channels: New, status: int, fate: Handover) -> None:
    sending = channels()
    with serve_provider(lambda _: (status, b"{}")) as receiver:
        sending.webhook(receiver.url)
        assert await sending.send([a_message()]) == [fate]


async def test_a_connection_that_breaks_is_repeated_with_the_same_id_at_the_only_receiver(channels: New) -> None:
    sending = channels()
    with serve_provider(lambda _: HANG_UP) as receiver:
        sending.webhook(receiver.url)
        assert await sending.send([a_message()]) == [Handover.DEFERRED]
        receiver.answer = verifying
        assert await sending.send([a_message()]) == [Handover.ACCEPTED]
    assert len({request.headers["webhook-id"] for request in receiver.received}) == 1


async def test_what_one_receiver_may_have_seen_is_never_given_to_another(channels: New) -> None:
    sending = channels()
    with serve_provider(lambda _: HANG_UP) as first, serve_provider(verifying) as second:
        sending.webhook(first.url, priority=90)
        sending.webhook(second.url, priority=10)
        assert await sending.send([a_message()]) == [Handover.UNCERTAIN]
        assert second.received == []
        asking = AskChannel(Channel.WEBHOOK, sending.board, None)
        assert await asking.has("<tch_1.1@x>") is None  # a person must decide


async def test_what_a_receiver_that_is_out_of_use_may_have_seen_is_not_given_to_the_one_that_took_its_place(
    channels: New,
) -> None:
    sending = channels()
    sending.webhook("http://127.0.0.1:9", enabled=False)
    sending.webhook("http://127.0.0.1:10")
    await sending.board.refresh()
    assert await AskChannel(Channel.WEBHOOK, sending.board, None).has("<tch_1.1@x>") is None


async def test_an_unknown_webhook_of_the_only_receiver_may_simply_be_sent_again(channels: New) -> None:
    sending = channels()
    sending.webhook("http://127.0.0.1:9")
    await sending.board.refresh()
    assert await AskChannel(Channel.WEBHOOK, sending.board, None).has("<tch_1.1@x>") is False


async def test_a_receiver_that_is_away_costs_nothing_and_the_next_one_takes_over(channels: New) -> None:
    sending = channels()
    (nobody,) = free_ports(1)
    with serve_provider(verifying) as second:
        sending.webhook(f"http://127.0.0.1:{nobody}", priority=90)
        sending.webhook(second.url, priority=10)
        assert await sending.send([a_message(number) for number in range(20)]) == [Handover.ACCEPTED] * 20
        assert len(second.received) == 20


async def test_a_missing_secret_keeps_messages_waiting_and_is_no_reason_to_skip_them(channels: New) -> None:
    sending = channels()
    sending.register(secrets={"signing": "NOT_THERE"}, settings={"url": "http://127.0.0.1:9"})
    assert await sending.send([a_message()]) == [Handover.NOT_REACHED]
    assert "webhook" in sending.board
    assert "sms" not in sending.board


@pytest.mark.parametrize("secret", ["whsec_", "whsec_c2VjcmV0LW9mLXRoZS10ZXN0cw", "whsec_!!!!"])
async def test_a_secret_that_is_none_keeps_messages_waiting_and_signs_nothing_with_it(
    channels: New, secret: str
) -> None:
    sending = channels()
    with serve_provider(verifying) as receiver:
        sending.webhook(receiver.url)
        sending.secret("SIGNING", secret)
        assert await sending.send([a_message()]) == [Handover.NOT_REACHED]
        assert receiver.received == []
        sending.secret("SIGNING", SECRET)  # it is read again without anybody's doing
        assert await sending.send([a_message()]) == [Handover.ACCEPTED]


async def test_a_dispatcher_that_loses_its_lease_stops_handing_over(channels: New) -> None:
    sending = channels()
    with serve_provider(verifying) as receiver:
        sending.webhook(receiver.url)
        await sending.board.refresh()
        held = iter([True] * 6)
        fates = await sending.board["webhook"].send([a_message(n) for n in range(90)], lambda: next(held, False))
    assert fates.count(Handover.ACCEPTED) == len(receiver.received) < 10
    assert fates.count(Handover.NOT_REACHED) == 90 - len(receiver.received)
    assert await sending.database["send_tallies"].count_documents({"errors": {"$gt": 0}}) == 0


async def test_a_slow_channel_holds_up_no_other(channels: New) -> None:
    sending = channels()
    let_go = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(_: Received) -> Answer:
        asyncio.run_coroutine_threadsafe(let_go.wait(), loop).result(30)
        return 200, b"{}"

    with serve_provider(slow) as receiver, serve_provider(lambda _: (201, b"{}")) as quick:
        sending.webhook(receiver.url)
        waiting = asyncio.create_task(sending.send([a_message()]))
        answer = await sending.http.get(quick.url)  # the same pool serves every channel
        assert (answer.status, waiting.done()) == (201, False)
        let_go.set()
        assert await waiting == [Handover.ACCEPTED]
