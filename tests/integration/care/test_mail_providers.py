"""Mail servers on record: who gets what when one is away, dies, is full, or knows us not; nobody gets a mail twice."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult

from deploy.local.ports import free_ports
from services.care.app.channels import build_board
from services.care.config import Settings
from services.care.domain.providers.health import BrakeRule
from services.care.domain.providers.provider import Pause, Provider
from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover
from services.care.store.campaigns.campaigns import MongoCampaigns
from services.care.store.providers.providers import MongoProviders
from services.care.store.providers.tallies import MongoTallyReader
from services.care.usecases.providers.brake_errors import BrakeErrors
from tests.fakes.suite import Client
from tests.integration.care.channels import Channels, a_message
from tests.integration.care.greetings import smtp_mailer
from tests.integration.care.mail_servers import PASSWORD, USER, Dying, Moods, knows_us, mail_server

New = Callable[[], Channels]
ACCEPTED, NOT_REACHED, UNCERTAIN = Handover.ACCEPTED, Handover.NOT_REACHED, Handover.UNCERTAIN
AS_CARE: dict[str, Any] = {"settings": {"user": USER}, "secrets": {"password": "MAIL_PASSWORD"}}


@dataclass
class Door:
    """Counts who knocks at a server that wants a password."""

    knocks: int = 0

    def __call__(self, *told: Any) -> AuthResult:
        self.knocks += 1
        return knows_us(*told)

    @property
    def terms(self) -> dict[str, Any]:
        return {"authenticator": self, "auth_require_tls": False}


def mails(count: int) -> list[Message]:
    return [a_message(n, to=f"m{n}@example.com", channel="email") for n in range(count)]


def everybody(count: int) -> list[str]:
    return sorted(f"m{n}@example.com" for n in range(count))


def nowhere() -> int:
    (port,) = free_ports(1)
    return port


def change(sending: Channels, provider: Provider, *, step: Callable[[Provider], Provider]) -> None:
    MongoProviders(sending.clock).change(provider.id, step, etag="", request_key="")


def pause_of(sending: Channels, provider: Provider) -> Pause | None:
    (found,) = MongoProviders(sending.clock).batch_get([provider.id])
    return found.pause


async def test_the_server_of_the_settings_sends_as_long_as_no_record_is_in_use(
    channels: New, care_settings: Settings, tmp_path: Path
) -> None:
    known, settings = channels(), replace(care_settings, provider_secrets_dir=tmp_path)
    first, second = Moods(), Moods()
    async with mail_server(first) as default, mail_server(second) as recorded:
        given = {"email": smtp_mailer(f"smtp://127.0.0.1:{default}")}
        board = build_board(settings, known.database, clock=known.clock, given=given)

        async def send(message: Message) -> list[Handover]:
            await board.refresh()
            return await board["email"].send([message], lambda: True)

        zero, one, two = mails(3)
        assert await send(zero) == [ACCEPTED]
        provider = known.mail_server(recorded, settings={"from": "Care <care@second.example>"})
        assert await send(one) == [ACCEPTED]
        change(known, provider, step=lambda old: replace(old, enabled=False))
        assert await send(two) == [ACCEPTED]
        await board.close()
    assert (first.recipients, second.recipients) == (["m0@example.com", "m2@example.com"], ["m1@example.com"])
    assert [each.mail_from for each in second.kept] == ["care@second.example"]


CREATE = """mutation ($settings: [ProviderSettingInput!]!, $secrets: [ProviderSettingInput!]!) {
  createProvider(input: {channel: EMAIL, kind: SMTP, name: "Mail", settings: $settings, secrets: $secrets}) {
    ... on ProviderPayload { provider { id kind pause { by } } } ... on InvalidInputError { field } } }"""


async def test_a_mail_server_that_was_registered_at_the_gateway_sends_and_its_pause_shows_there(
    gateway: Client, channels: New
) -> None:
    sending, server, door = channels(), Moods(), Door()
    sending.secret("MAIL_PASSWORD", "wrong")
    async with mail_server(server, **door.terms) as port:
        told = {"host": "127.0.0.1", "port": str(port), "tls": "none", "user": USER, "from": "care@first.example"}
        settings = [{"name": name, "value": value} for name, value in told.items()]
        refused = await gateway.data(CREATE, {"settings": settings, "secrets": []})
        assert refused["createProvider"]["field"] == "provider.secrets"
        secrets = [{"name": "password", "value": "MAIL_PASSWORD"}]
        made = (await gateway.data(CREATE, {"settings": settings, "secrets": secrets}))["createProvider"]["provider"]
        assert (made["kind"], made["pause"]) == ("SMTP", None)
        assert await sending.send(mails(2), "email") == [NOT_REACHED] * 2
        shown = await gateway.data(f'{{ provider(id: "{made["id"]}") {{ pause {{ by }} }} }}')
        assert shown["provider"]["pause"] == {"by": "sign-in"}
        sending.secret("MAIL_PASSWORD", PASSWORD)
        sending.clock.advance(timedelta(seconds=10))
        await gateway.data(f'mutation {{ resumeProvider(id: "{made["id"]}") {{ __typename }} }}')
        assert await sending.send(mails(2), "email") == [ACCEPTED] * 2
    assert sorted(server.recipients) == everybody(2)
    assert {each.mail_from for each in server.kept} == {"care@first.example"}


async def test_the_highest_priority_sends_all_and_the_other_nothing(channels: New) -> None:
    sending, first, second = channels(), Moods(), Moods()
    async with mail_server(first) as one, mail_server(second) as two:
        sending.mail_server(two, priority=10)
        sending.mail_server(one, priority=90)
        assert await sending.send(mails(20), "email") == [ACCEPTED] * 20
    assert (sorted(first.recipients), second.recipients) == (everybody(20), [])


async def test_a_first_server_that_refuses_the_connection_leaves_all_to_the_second_once(channels: New) -> None:
    sending, second = channels(), Moods()
    async with mail_server(second) as port:
        sending.mail_server(nowhere(), priority=90)
        sending.mail_server(port, priority=10)
        assert await sending.send(mails(50), "email") == [ACCEPTED] * 50
    assert sorted(second.recipients) == everybody(50)


@pytest.mark.parametrize("lives", [0, 1, 17, 49])
@pytest.mark.parametrize("connections", ["1", "8"])
async def test_a_first_server_that_dies_amid_the_mails_makes_nobody_get_two_and_no_mail_go_unaccounted(
    channels: New, lives: int, connections: str
) -> None:
    sending, first, second = channels(), Dying(lives=lives), Moods()
    async with mail_server(first) as dying, mail_server(second) as port:
        sending.mail_server(dying, priority=90, settings={"connections": connections})
        sending.mail_server(port, priority=10)
        fates = await sending.send(mails(50), "email")
    got = Counter(first.recipients + second.recipients)
    assert set(got.values()) == {1}
    assert set(fates) <= {ACCEPTED, UNCERTAIN}
    assert 1 <= fates.count(UNCERTAIN) <= int(connections)
    told = {f"m{place}@example.com" for place, fate in enumerate(fates) if fate is ACCEPTED}
    assert told <= got.keys()
    assert len(told) == len(second.recipients) + lives
    doubtful = set(everybody(50)) - told
    assert not doubtful & set(second.recipients)


async def test_dispatchers_together_keep_to_the_rate_of_a_server_and_the_next_takes_the_rest(channels: New) -> None:
    both, first, second = (channels(), channels()), Moods(), Moods()
    async with mail_server(first) as one, mail_server(second) as two:
        both[0].mail_server(one, priority=90, per_minute=30)
        fates = await asyncio.gather(*(each.send(mails(25), "email") for each in both))
        assert sum(each.count(ACCEPTED) for each in fates) == len(first.kept) == 30
        assert sum(each.count(NOT_REACHED) for each in fates) == 20
        both[0].mail_server(two, priority=10)
        assert await both[1].send(mails(20), "email") == [ACCEPTED] * 20
        assert (len(first.kept), len(second.kept)) == (30, 20)


async def test_a_wrong_password_pauses_the_server_with_the_reason_and_fails_no_message(channels: New) -> None:
    sending, first, second, door = channels(), Moods(), Moods(), Door()
    async with mail_server(first, **door.terms) as one, mail_server(second) as two:
        sending.secret("MAIL_PASSWORD", "wrong")
        provider = sending.mail_server(one, priority=90, **AS_CARE)
        assert await sending.send(mails(30), "email") == [NOT_REACHED] * 30
        pause = pause_of(sending, provider)
        assert pause is not None
        assert (pause.by, pause.reason) == ("sign-in", "The server refused our name or password (535 5.7.8).")
        assert door.knocks == 1  # an account is locked by many wrong passwords side by side
        sending.clock.advance(timedelta(seconds=10))
        assert await sending.send(mails(30), "email") == [NOT_REACHED] * 30
        assert door.knocks == 1
        sending.mail_server(two, priority=10)
        assert await sending.send(mails(30), "email") == [ACCEPTED] * 30
        sending.secret("MAIL_PASSWORD", PASSWORD)
        change(sending, provider, step=lambda old: old.resumed(by="ops", now=sending.clock.now()))
        assert await sending.send(mails(1), "email") == [ACCEPTED]
    assert (first.recipients, sorted(second.recipients)) == (["m0@example.com"], everybody(30))
    assert first.knew_us


async def test_a_server_that_lets_nobody_send_who_has_not_signed_in_is_paused_and_fails_no_message(
    channels: New,
) -> None:
    sending, first, second = channels(), Moods({"MAIL": ["530 5.7.0 Sign in first"] * 100}), Moods()
    async with mail_server(first) as one, mail_server(second) as two:
        provider = sending.mail_server(one, priority=90)
        sending.mail_server(two, priority=10)
        assert await sending.send(mails(30), "email") == [ACCEPTED] * 30
    assert (first.kept, sorted(second.recipients)) == ([], everybody(30))
    pause = pause_of(sending, provider)
    assert pause is not None
    assert pause.reason == "The server refused our name or password (530 5.7.0)."


async def test_a_server_that_does_not_offer_tls_gets_nothing_where_tls_must_be(channels: New) -> None:
    sending, first, second, door = channels(), Moods(), Moods(), Door()
    async with mail_server(first, **door.terms) as one, mail_server(second) as two:
        sending.secret("MAIL_PASSWORD", PASSWORD)
        sending.mail_server(one, priority=90, settings={"tls": "starttls", "user": USER}, secrets=AS_CARE["secrets"])
        sending.mail_server(two, priority=10)
        assert await sending.send(mails(3), "email") == [ACCEPTED] * 3
    assert (first.kept, door.knocks, len(second.kept)) == ([], 0, 3)


async def test_a_server_whose_secret_is_missing_waits_and_the_server_of_the_settings_does_not_step_in(
    channels: New, care_settings: Settings, tmp_path: Path
) -> None:
    known, default = channels(), Moods()
    async with mail_server(default) as port:
        given = {"email": smtp_mailer(f"smtp://127.0.0.1:{port}")}
        settings = replace(care_settings, provider_secrets_dir=tmp_path)
        board = build_board(settings, known.database, clock=known.clock, given=given)
        known.mail_server(nowhere(), **AS_CARE)
        await board.refresh()
        assert await board["email"].send(mails(2), lambda: True) == [NOT_REACHED] * 2
        await board.close()
    assert default.kept == []


async def test_a_server_that_refuses_too_many_is_paused_with_the_figures(channels: New) -> None:
    sending, first, second = channels(), Moods({"RCPT": ["550 5.7.1 We do not trust you"] * 100}), Moods()
    clock = sending.clock
    async with mail_server(first) as one, mail_server(second) as two:
        provider = sending.mail_server(one, priority=90)
        sending.mail_server(two, priority=10)
        assert await sending.send(mails(30), "email") == [Handover.REFUSED] * 30
        rule = BrakeRule(0.5, 20, timedelta(minutes=10))
        brake = BrakeErrors(MongoTallyReader(), MongoProviders(clock), MongoCampaigns.of(clock), rule, clock)
        assert brake(lambda: True) == 1
        assert await sending.send(mails(5), "email") == [ACCEPTED] * 5
    pause = pause_of(sending, provider)
    assert pause is not None
    assert (pause.by, pause.reason) == ("error-rate", "30 of 30 messages failed within 10 minutes.")
    assert sorted(second.recipients) == everybody(5)


async def test_a_server_that_is_changed_or_given_up_is_said_goodbye_to(channels: New) -> None:
    sending, first, second = channels(), Moods(), Moods()
    async with mail_server(first) as one, mail_server(second) as two:
        provider = sending.mail_server(one)
        assert await sending.send(mails(3), "email") == [ACCEPTED] * 3
        moved = dict(provider.settings) | {"port": str(two)}
        change(sending, provider, step=lambda old: replace(old, settings=moved))
        assert await sending.send(mails(3), "email") == [ACCEPTED] * 3
        assert (first.heard.count("QUIT"), second.heard.count("QUIT")) == (first.connections, 0)
        change(sending, provider, step=lambda old: replace(old, enabled=False))
        await sending.board.refresh()
        assert second.heard.count("QUIT") == second.connections
