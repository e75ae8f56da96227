import asyncio
import email
import ssl
from collections.abc import Callable, Coroutine
from email import policy
from pathlib import Path
from typing import Any

import pytest
import uvloop

from services.care.clients.smtp import SmtpMailer
from services.care.clients.smtp_connection import SmtpAddress
from services.care.domain.providers.mail_servers import MailTls
from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover
from tests.integration.care.mail_servers import CUT, PASSWORD, SILENT, USER, Moods, contexts, knows_us, mail_server

ACCEPTED, REFUSED, DEFERRED = Handover.ACCEPTED, Handover.REFUSED, Handover.DEFERRED
NOT_REACHED, UNCERTAIN = Handover.NOT_REACHED, Handover.UNCERTAIN
STEPS = ("MAIL", "RCPT", "DATA", "CONTENT")
both = pytest.mark.parametrize("pipelining", [True, False], ids=["pipelined", "one by one"])


def mails(count: int, **told: Any) -> list[Message]:
    return [
        Message(**{"message_id": f"<{n}@x>", "to": f"m{n}@example.com", "subject": "s", "body": "b"} | told)
        for n in range(count)
    ]


async def send(moods: Moods, messages: list[Message], **told: Any) -> list[Handover]:
    """Send over one connection, so that the order is known."""
    async with mail_server(moods) as port:
        mailer = _mailer(port, **told)
        try:
            return await mailer.send(messages, lambda: True)
        finally:
            await mailer.close()


def _mailer(port: int, *, scheme: str = "smtp", user: str = "", **told: Any) -> SmtpMailer:
    tls = told.pop("mode", MailTls.IMPLICIT if scheme == "smtps" else MailTls.OFFERED)
    address = SmtpAddress("127.0.0.1", port, user, PASSWORD if user else "", tls)
    return SmtpMailer(address, "MemberCare <care@membercare.example>", **{"connections": 1, "timeout": 30.0} | told)


@both
async def test_many_mails_leave_over_one_connection_in_order(*, pipelining: bool) -> None:
    moods = Moods(pipelining=pipelining)
    assert await send(moods, mails(20)) == [ACCEPTED] * 20
    assert moods.recipients == [f"m{n}@example.com" for n in range(20)]
    assert moods.connections == 1


@both
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("answer", "fate"), [("451 4.2.1 Busy", DEFERRED), ("550-5.1.1 No\r\n550 5.1.1 Never", REFUSED)]
)
async def test_a_refusal_at_any_step_is_of_one_mail_and_the_connection_goes_on(
    *, step: str, answer: str, fate: Handover, pipelining: bool
) -> None:
    moods = Moods({step: ["", answer]}, pipelining=pipelining)
    assert await send(moods, mails(4)) == [ACCEPTED, fate, ACCEPTED, ACCEPTED]
    assert moods.recipients == ["m0@example.com", "m2@example.com", "m3@example.com"]
    assert moods.connections == 1


@both
@pytest.mark.parametrize("step", STEPS)
async def test_a_server_that_closes_defers_one_mail_and_the_next_goes_over_a_new_connection(
    *, step: str, pipelining: bool
) -> None:
    moods = Moods({step: ["", "421 4.3.2 Shutting down"]}, pipelining=pipelining)
    assert await send(moods, mails(4)) == [ACCEPTED, DEFERRED, ACCEPTED, ACCEPTED]
    assert moods.recipients == ["m0@example.com", "m2@example.com", "m3@example.com"]


@both
@pytest.mark.parametrize("step", STEPS[:3])
async def test_a_break_before_the_content_on_a_used_connection_is_tried_on_a_new_one(
    *, step: str, pipelining: bool
) -> None:
    moods = Moods({step: ["", CUT]}, pipelining=pipelining)
    assert await send(moods, mails(3)) == [ACCEPTED] * 3
    assert moods.recipients == [f"m{n}@example.com" for n in range(3)]
    assert moods.connections == 2


@both
@pytest.mark.parametrize("step", STEPS[:3])
async def test_a_break_before_the_content_on_a_new_connection_means_that_the_server_is_away(
    *, step: str, pipelining: bool
) -> None:
    moods = Moods({step: [CUT, CUT]}, pipelining=pipelining)
    assert await send(moods, mails(1)) == [NOT_REACHED]
    assert moods.kept == []


@both
@pytest.mark.parametrize("mood", [CUT, "nonsense"])
async def test_only_a_break_after_the_content_leaves_the_fate_unknown(*, mood: str, pipelining: bool) -> None:
    moods = Moods({"CONTENT": ["", mood]}, pipelining=pipelining)
    assert await send(moods, mails(3)) == [ACCEPTED, UNCERTAIN, ACCEPTED]
    assert moods.recipients == ["m0@example.com", "m2@example.com"]
    assert moods.connections == 2


@pytest.mark.parametrize(("step", "fate"), [("MAIL", NOT_REACHED), ("DATA", NOT_REACHED), ("CONTENT", UNCERTAIN)])
async def test_an_answer_that_does_not_come_is_waited_for_as_long_as_allowed(step: str, fate: Handover) -> None:
    assert await send(Moods({step: [SILENT]}), mails(1), timeout=0.3) == [fate]


async def test_each_answer_is_waited_for_from_when_it_was_asked_for() -> None:
    moods = Moods({"CONTENT": ["", "", SILENT]})
    assert await send(moods, mails(4), timeout=2.0) == [ACCEPTED, ACCEPTED, UNCERTAIN, ACCEPTED]
    assert moods.connections == 2


async def test_a_connection_may_be_idle_for_longer_than_an_answer_may_take() -> None:
    moods = Moods()
    async with mail_server(moods) as port:
        mailer = _mailer(port, timeout=2.0)
        assert await mailer.send(mails(1), lambda: True) == [ACCEPTED]
        await asyncio.sleep(2.2)  # what is tested is that nothing happens meanwhile
        assert await mailer.send(mails(1), lambda: True) == [ACCEPTED]
        await mailer.close()
    assert moods.connections == 1


@pytest.mark.parametrize("answer", ["554 No", "421 Busy", CUT])
async def test_a_server_that_does_not_welcome_us_is_away(answer: str) -> None:
    moods = Moods({"EHLO": [answer]})
    fates = await send(moods, mails(2))
    assert fates == ([ACCEPTED] * 2 if answer == "554 No" else [NOT_REACHED] * 2)  # HELO is tried after a plain no
    assert len(moods.kept) == fates.count(ACCEPTED)


async def test_a_connection_that_the_server_closed_meanwhile_costs_nothing() -> None:
    moods = Moods()
    async with mail_server(moods) as port:
        mailer = _mailer(port)
        assert await mailer.send(mails(1), lambda: True) == [ACCEPTED]
        moods.answers = {"MAIL": ["421 4.4.2 Idle for too long"]}
        assert await mailer.send(mails(1), lambda: True) == [DEFERRED]
        moods.answers = {}
        assert await mailer.send(mails(2), lambda: True) == [ACCEPTED] * 2
        await mailer.close()
    assert len(moods.kept) == 3


async def test_a_lease_that_ends_after_the_commands_keeps_the_content_here() -> None:
    moods = Moods()
    async with mail_server(moods) as port:
        mailer = _mailer(port)
        allowed = iter([True] * 4 + [False] * 10)
        fates = await mailer.send(mails(3), lambda: next(allowed))
        await mailer.close()
    assert NOT_REACHED in fates
    assert UNCERTAIN not in fates
    assert [f"m{n}@example.com" for n, fate in enumerate(fates) if fate is ACCEPTED] == moods.recipients


async def test_an_address_that_brings_a_command_of_its_own_is_refused_and_nothing_of_it_is_sent() -> None:
    moods = Moods()
    evil = "a@example.com>\r\nRCPT TO:<victim@example.com"
    assert await send(moods, [*mails(1, to=evil), *mails(1)]) == [REFUSED, ACCEPTED]
    assert (moods.recipients, moods.heard.count("MAIL")) == (["m0@example.com"], 1)


async def test_an_address_beyond_ascii_needs_a_server_that_takes_it_and_its_domain_does_not() -> None:
    assert await send(Moods(utf8=False), mails(1, to="张三@example.com")) == [REFUSED]
    able = Moods()
    assert await send(able, [*mails(1, to="张三@example.com"), *mails(1, to="li@例子.example")]) == [ACCEPTED] * 2
    assert able.recipients == ["张三@example.com", "li@xn--fsqu00a.example"]


async def test_dots_line_ends_long_headers_and_two_scripts_arrive_as_they_were_written() -> None:
    moods = Moods()
    body = ".\n..two\r\n" + "祝您生日快乐" * 200 + "\n.\n"
    headers = (("List-Unsubscribe", "<https://a.example/u>\r\nBcc: x@example.com"), ("X-Long", "word " * 400))
    told = {"subject": "生日快乐 " * 30 + "\r\nBcc: y@example.com", "body": body, "headers": headers}
    assert await send(moods, mails(1, **told)) == [ACCEPTED]
    content = moods.kept[0].content
    assert isinstance(content, bytes)
    assert max(len(line) for line in content.split(b"\r\n")) < 998
    mail = email.message_from_bytes(content, policy=policy.default)
    text = mail.get_content()
    assert text.replace("\r\n", "\n") == body.replace("\r\n", "\n")
    assert mail["Bcc"] is None
    assert str(mail["Subject"]).startswith("生日快乐 生日快乐")
    assert mail["From"] == "MemberCare <care@membercare.example>"


async def test_a_line_that_begins_with_a_dot_is_doubled_on_the_wire_and_comes_out_single() -> None:
    moods = Moods()
    folded = (("X-Dots", "." * 10 + " " + " ".join(["..."] * 400)),)
    assert await send(moods, mails(1, headers=folded)) == [ACCEPTED]
    content = moods.kept[0].content
    assert isinstance(content, bytes)
    assert content.count(b"\r\n ...") == 400
    assert b"\r\n ...." not in content


Runner = Callable[[Coroutine[Any, Any, list[Handover]]], list[Handover]]
loops = pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])


@loops
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_mail_leaves_encrypted_and_signed_in(run: Runner, scheme: str, tmp_path: Path) -> None:
    shown, trusted = contexts(tmp_path)
    moods = Moods()
    terms: dict[str, Any] = {"authenticator": knows_us}
    if scheme == "smtp":
        terms |= {"tls_context": shown, "require_starttls": True}
    else:
        terms |= {"implicit": shown, "auth_require_tls": False}
    assert run(_signed_in(moods, terms, trusted=trusted, scheme=scheme)) == [ACCEPTED] * 3
    assert (len(moods.kept), moods.knew_us) == (3, True)


@loops
def test_a_server_that_nobody_vouches_for_gets_neither_password_nor_mail(run: Runner, tmp_path: Path) -> None:
    shown, _ = contexts(tmp_path)
    moods = Moods()
    terms: dict[str, Any] = {"tls_context": shown}
    assert run(_signed_in(moods, terms, trusted=ssl.create_default_context(), scheme="smtp")) == [NOT_REACHED] * 3
    assert moods.heard == ["EHLO"]


@pytest.mark.parametrize("hidden", ["PLAIN", "LOGIN"])
async def test_one_way_to_sign_in_is_enough(hidden: str) -> None:
    moods = Moods()
    terms: dict[str, Any] = {"authenticator": knows_us, "auth_require_tls": False, "auth_exclude_mechanism": [hidden]}
    assert await _signed_in(moods, terms, trusted=None, scheme="smtp") == [ACCEPTED] * 3
    assert moods.knew_us


async def test_a_wrong_password_sends_nothing() -> None:
    moods = Moods()
    terms: dict[str, Any] = {"authenticator": knows_us, "auth_require_tls": False}
    assert await _signed_in(moods, terms, trusted=None, scheme="smtp", user="somebody") == [NOT_REACHED] * 3
    assert moods.kept == []


async def _signed_in(
    moods: Moods, terms: dict[str, Any], *, trusted: ssl.SSLContext | None, scheme: str, user: str = USER
) -> list[Handover]:
    async with mail_server(moods, **terms) as port:
        mailer = _mailer(port, scheme=scheme, user=user, tls=trusted)
        try:
            return await mailer.send(mails(3), lambda: True)
        finally:
            await mailer.close()
