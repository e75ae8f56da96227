"""E-mail by servers on record from ledger to inbox: crashes and deaths leave nobody out and send nobody two."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from email import message_from_bytes
from urllib.parse import parse_qs, urlsplit

import pytest

from services.care.clients.provider import HttpProviderLookup
from services.care.domain.channels import Channel
from services.care.ports.sending import ProviderSilent
from services.care.store.providers.providers import MongoProviders
from services.care.usecases.providers.ask_channel import AskChannel
from services.care.usecases.providers.ask_mail_servers import AskMailServers
from services.care.usecases.sending.settle_unknown import SettleUnknown
from tests.fakes.provider_server import HANG_UP, Answer, Received, serve_provider
from tests.integration.care.channels import Channels
from tests.integration.care.crashes import die_while_sending
from tests.integration.care.greetings import MAIL_DOMAIN, Greetings, solar
from tests.integration.care.mail_servers import PASSWORD, USER, Dying, Moods, knows_us, mail_server

New = Callable[[], Channels]


@contextmanager
def asked_about(moods: Moods) -> Iterator[str]:
    """Answer whether a server has a message, as its provider would, and yield the address."""

    def answer(request: Received) -> Answer:
        (asked,) = parse_qs(urlsplit(request.path).query)["message_id"]
        contents = [each.content for each in moods.kept if isinstance(each.content, bytes)]
        count = sum(message_from_bytes(each)["Message-ID"] == asked for each in contents)
        return 200, json.dumps({"count": count}).encode()

    with serve_provider(answer) as server:
        yield server.url


def plan(greetings: Greetings, count: int) -> list[str]:
    """Plan a greeting for each of so many new members; return their addresses, sorted."""
    members = [greetings.member(birthday=solar("1990-11-22")) for _ in range(count)]
    greetings.plan(greetings.running())
    return sorted(each.email for each in members)


def ask(greetings: Greetings, sending: Channels, *, given: str) -> None:
    """Let be asked who is on record, and of the server of the settings the one at this address."""
    lookup = HttpProviderLookup(given) if given else None
    asking = AskMailServers(sending.board.book, HttpProviderLookup, lookup, greetings.clock)
    greetings.providers = {Channel.EMAIL: asking}


@pytest.mark.parametrize(
    "body", [b"[]", b"null", b'{"count": "0"}', b'{"count": null}', b'{"count": 1', b"[" * 9_000, b"\xff"]
)
async def test_an_answer_that_is_no_count_is_no_yes_and_no_no(body: bytes) -> None:
    with serve_provider(lambda _: (200, body)) as server:
        with pytest.raises(ProviderSilent):
            await HttpProviderLookup(server.url).has("<tch_1.1@x>")
        server.answer = lambda _: (200, b'{"count": 0}')
        assert await HttpProviderLookup(server.url).has("<tch_1.1@x>") is False


async def test_an_answer_that_breaks_off_is_no_yes_and_no_no() -> None:
    with serve_provider(lambda _: HANG_UP) as server, pytest.raises(ProviderSilent):
        await HttpProviderLookup(server.url).has("<tch_1.1@x>")


async def dispatch(greetings: Greetings, sending: Channels) -> int:
    """Dispatch by the servers on record, as a dispatcher does a minute later."""
    greetings.clock.advance(timedelta(minutes=1))
    sending.clock.advance(timedelta(minutes=1))
    await sending.board.refresh()
    greetings.mailer = sending.board["email"]
    return await greetings.dispatch()


def states(greetings: Greetings) -> Counter[str]:
    return Counter(state for _, state, _ in greetings.ledger())


async def test_what_a_dying_server_may_have_is_unknown_until_it_says_and_everybody_gets_one(
    channels: New, greetings: Greetings
) -> None:
    sending, first, second = channels(), Dying(lives=11), Moods()
    wanted = plan(greetings, 40)
    with asked_about(first) as of_first, asked_about(second) as of_second:
        async with mail_server(first) as one, mail_server(second) as two:
            sending.mail_server(one, priority=90, settings={"lookup_url": of_first})
            sending.mail_server(two, priority=10, settings={"lookup_url": of_second})
            assert await dispatch(greetings, sending) == 40
            unknown = states(greetings)["UNKNOWN"]
            assert 1 <= unknown <= 8
            assert states(greetings) == {"SENT": 40 - unknown, "UNKNOWN": unknown}
            greetings.clock.advance(timedelta(minutes=1))
            ask(greetings, sending, given="")
            known = first.recipients[11:]  # kept, and not said
            assert await greetings.settle_unknown() == len(known) == 1
            ask(greetings, sending, given=of_second)
            assert await greetings.settle_unknown() == unknown - 1
            assert await dispatch(greetings, sending) == unknown - 1
    assert sorted(first.recipients + second.recipients) == wanted
    assert states(greetings) == {"SENT": 40}


async def test_a_dispatcher_that_dies_amid_two_servers_sends_again_only_what_all_of_them_deny(
    channels: New, greetings: Greetings
) -> None:
    sending, first, second = channels(), Moods(), Moods()
    wanted = plan(greetings, 30)
    with asked_about(first) as of_first, asked_about(second) as of_second:
        async with mail_server(first) as one, mail_server(second) as two:
            sending.mail_server(one, priority=90, per_minute=7, settings={"lookup_url": of_first})
            other = sending.mail_server(two, priority=10)
            await sending.board.refresh()
            greetings.mailer = sending.board["email"]
            await die_while_sending(greetings, survivors=18)
            assert (len(first.kept), len(second.kept)) == (7, 11)
            assert await dispatch(greetings, sending) == 0
            assert states(greetings) == {"UNKNOWN": 30}
            ask(greetings, sending, given=of_first)
            greetings.clock.advance(timedelta(minutes=1))
            assert await greetings.settle_unknown() == 7  # of the others only the second server could say no
            told = {
                "enabled": False,
                "settings.lookup_url": of_second,
            }  # who is given up meanwhile is asked all the same
            greetings.database["providers"].update_one({"_id": other.id}, {"$set": told})
            greetings.clock.advance(timedelta(minutes=1))
            assert await greetings.settle_unknown() == 23
            assert states(greetings) == {"SENT": 18, "PLANNED": 12}
            batches = greetings.database["touches"].distinct("batch_id", {"state": "TOUCH_STATE_PLANNED"})
            assert len(batches) == 1  # and not one for each: equal texts may be one task elsewhere
            sent = [await dispatch(greetings, sending) for _ in range(2)]
    assert sent == [7, 5]
    assert sorted(first.recipients + second.recipients) == wanted
    assert states(greetings) == {"SENT": 30}


async def test_a_server_that_does_not_answer_leaves_what_another_denies_in_doubt(
    channels: New, greetings: Greetings
) -> None:
    sending, first = channels(), Moods()
    plan(greetings, 5)
    with asked_about(first) as of_first:
        async with mail_server(first) as one:
            sending.mail_server(one, priority=90, settings={"lookup_url": of_first})
            away = sending.mail_server(one, priority=10, settings={"lookup_url": "http://127.0.0.1:9"})
            await sending.board.refresh()
            greetings.mailer = sending.board["email"]
            await die_while_sending(greetings, survivors=0)
            await dispatch(greetings, sending)
            greetings.clock.advance(timedelta(minutes=1))
            ask(greetings, sending, given=of_first)
            assert await greetings.settle_unknown() == 0
            assert states(greetings) == {"UNKNOWN": 5}
            told = {"$set": {"settings.lookup_url": of_first}}
            greetings.database["providers"].update_one({"_id": away.id}, told)
            greetings.clock.advance(timedelta(minutes=1))
            assert await greetings.settle_unknown() == 5
            assert await dispatch(greetings, sending) == 5
    assert states(greetings) == {"SENT": 5}


async def test_messages_of_which_nobody_can_tell_keep_no_other_from_being_settled(
    channels: New, greetings: Greetings
) -> None:
    sending, server = channels(), Moods()
    plan(greetings, 7)
    touches = greetings.database["touches"]
    with asked_about(server) as address:
        ask(greetings, sending, given=address)
        greetings.providers[Channel.SMS] = AskChannel(Channel.SMS, sending.board, None)
        await die_while_sending(greetings, survivors=0)
        sending.mail_server(1, settings={"lookup_url": address})
        await sending.board.refresh()
        await greetings.dispatch()
        first = touches.find().sort("_id", 1).limit(5)
        touches.update_many({"_id": {"$in": [each["_id"] for each in first]}}, {"$set": {"channel": "sms"}})
        greetings.clock.advance(timedelta(minutes=1))
        settle = SettleUnknown(greetings.batches, greetings.providers, greetings.clock, MAIL_DOMAIN, most=2)
        rounds = [await settle() for _ in range(4)]
    assert rounds == [0, 0, 1, 1]
    assert states(greetings) == {"UNKNOWN": 5, "PLANNED": 2}
    assert await settle() == 0  # begins anew


async def test_a_wrong_password_fails_no_touch_and_all_leave_once_it_is_mended(
    channels: New, greetings: Greetings
) -> None:
    sending, server = channels(), Moods()
    wanted = plan(greetings, 5)
    async with mail_server(server, authenticator=knows_us, auth_require_tls=False) as port:
        sending.secret("MAIL_PASSWORD", "wrong")
        told = sending.mail_server(port, settings={"user": USER}, secrets={"password": "MAIL_PASSWORD"})
        assert await dispatch(greetings, sending) == 0
        assert states(greetings) == {"PLANNED": 5}
        sending.secret("MAIL_PASSWORD", PASSWORD)
        resume = MongoProviders(sending.clock).change
        resume(told.id, lambda old: old.resumed(by="ops", now=sending.clock.now()), etag="", request_key="")
        assert await dispatch(greetings, sending) == 5
    assert (sorted(server.recipients), states(greetings)) == (wanted, {"SENT": 5})
