"""The e-mail channel: a few kept-open SMTP connections, commands sent ahead, and the exact fate of every message."""

import asyncio
import ssl
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.care.clients.mail_text import MailText, on_the_wire
from services.care.clients.smtp_connection import (
    KNOWS_US_NOT,
    Reply,
    SmtpAddress,
    SmtpBroken,
    SmtpConnection,
    SmtpLockedOut,
)
from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover
from services.chassis import logs

_log = logs.get("care.smtp")
_FIRST_REFUSAL, _FIRST_PERMANENT = 400, 500
_SEND_CONTENT, _OUT_OF_STEP = 354, 503
_COMMANDS = 3


class _Offer(NamedTuple):
    number: int
    commands: tuple[bytes, bytes, bytes]


@dataclass(slots=True)
class _Job:
    """One call of `send`: what waits, and what became of the rest."""

    messages: Sequence[Message]
    fates: list[Handover]
    may_go_on: Callable[[], bool]
    waiting: deque[int]

    def goes_on(self) -> bool:
        return bool(self.waiting) and self.may_go_on()


class SmtpMailer:
    """Sends side by side over `connections` connections, each opened when it is needed and kept."""

    def __init__(
        self,
        address: SmtpAddress,
        sender: str,
        *,
        connections: int = 8,
        timeout: float = 10.0,
        tls: ssl.SSLContext | None = None,
        locked_out: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        """Take the server, the From address, how long (seconds) an answer may take, and whom TLS trusts.

        `locked_out` is told the code of a server that knows us not, each time that it is tried.
        """
        self._address, self._timeout = address, timeout
        self._text = MailText(sender)
        self._tls = tls or ssl.create_default_context()
        self._idle: list[SmtpConnection] = []
        self._places = asyncio.Semaphore(connections)
        self._connections = connections
        self._locked_out = locked_out
        self._welcome = self._closed = False

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        job = _Job(messages, [Handover.NOT_REACHED] * len(messages), may_go_on, deque(range(len(messages))))
        if self._welcome or await self._is_welcome(job):
            await asyncio.gather(*(self._work(job) for _ in range(min(self._connections, len(messages)))))
        return job.fates

    async def _is_welcome(self, job: _Job) -> bool:
        """Knock once before all knock: a wrong password that is tried side by side locks an account."""
        async with self._places:
            connection = await self._connection() if job.goes_on() else None
            if connection:
                self._welcome = True
                self._idle.append(connection)
        return connection is not None

    async def close(self) -> None:
        """Say goodbye on every connection that is open; one that is in use is closed when its work is done."""
        self._closed = True
        idle, self._idle = self._idle, []
        await asyncio.gather(*(connection.quit() for connection in idle))

    async def _work(self, job: _Job) -> None:
        async with self._places:
            while job.goes_on():
                connection = await self._connection()
                if connection is None:
                    break
                try:
                    reached = await self._deliver(connection, job)
                except BaseException:
                    connection.abort()
                    raise
                if connection.is_open:
                    self._idle.append(connection)
                if not reached:
                    break
        if self._closed:
            await self.close()

    async def _connection(self) -> SmtpConnection | None:
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        try:
            return await SmtpConnection.open(self._address, seconds=self._timeout, tls=self._tls)
        except SmtpLockedOut as error:
            await self._told_to_leave(str(error))
        except SmtpBroken as error:
            _log.warning("mail_server_away", error=error)
        self._welcome = False
        return None

    async def _told_to_leave(self, code: str) -> None:
        _log.warning("mail_server_knows_us_not", code=code)
        if self._locked_out:
            await self._locked_out(code)

    async def _deliver(self, connection: SmtpConnection, job: _Job) -> bool:
        """Send until nothing waits or the connection is lost; False: a new one broke before anything was said on it."""
        offer = self._next(connection, job)
        replies = await _offered(connection, offer)
        while offer is not None:
            step = self._hand_over if _agreed(replies) else self._turned_down
            offer, replies = await step(connection, job, offer=offer, replies=replies)
        return connection.used or connection.is_open

    def _next(self, connection: SmtpConnection, job: _Job) -> _Offer | None:
        """Take the next message that this server can be offered at all."""
        while connection.is_open and job.goes_on():
            index = job.waiting.popleft()
            commands = self._commands(connection, job.messages[index].to)
            if commands is not None:
                return _Offer(index, commands)
            job.fates[index] = Handover.REFUSED
            _log.info("mail_refused", step="address")
        return None

    def _commands(self, connection: SmtpConnection, to: str) -> tuple[bytes, bytes, bytes] | None:
        recipient = on_the_wire(to)
        is_plain = recipient.isascii() and self._text.sender.isascii()
        if not recipient or not (is_plain or connection.takes_utf8):
            return None
        terms = "" if is_plain else " BODY=8BITMIME SMTPUTF8"
        mail, rcpt = f"MAIL FROM:<{self._text.sender}>{terms}\r\n", f"RCPT TO:<{recipient}>\r\n"
        return mail.encode(), rcpt.encode(), b"DATA\r\n"

    async def _hand_over(
        self, connection: SmtpConnection, job: _Job, *, offer: _Offer, replies: list[Reply]
    ) -> tuple[_Offer | None, list[Reply]]:
        """Send the content, and with it the commands of the next message (RFC 2920, 3.1).

        Content leaves only when its own commands were answered well: a break before that leaves nothing in doubt.
        """
        connection.used = True
        if not job.may_go_on():
            connection.abort()  # the only other way out of DATA is an empty mail
            return None, []
        content = self._text.content(job.messages[offer.number])
        ahead = self._next(connection, job) if connection.pipelines else None
        connection.write(content + b"".join(ahead.commands) if ahead else content)
        replies = await connection.answers(1 + _COMMANDS if ahead else 1)
        job.fates[offer.number] = _fate(connection, replies)
        if ahead:
            return ahead, replies[1:]
        following = self._next(connection, job)
        return following, await _offered(connection, following)

    async def _turned_down(
        self, connection: SmtpConnection, job: _Job, *, offer: _Offer, replies: list[Reply]
    ) -> tuple[_Offer | None, list[Reply]]:
        """Settle a message whose content never left, and leave no transaction open behind it."""
        refusal = _refusal(replies)
        was_used, connection.used = connection.used, connection.used or bool(replies)
        if refusal is None or (was_used and refusal.code == _OUT_OF_STEP):
            _log.warning("mail_connection_lost", handed_over=False)
            connection.abort()
            if was_used:  # closed while it was idle, say: what it has carried is settled, so this comes to an end
                job.waiting.appendleft(offer.number)
            return None, []
        if refusal.code in KNOWS_US_NOT:
            connection.abort()
            job.waiting.clear()  # none was seen: they wait, or are the next server's
            await self._told_to_leave(refusal.told)
            return None, []
        job.fates[offer.number] = _meaning(refusal)
        connection.must_reset = True
        if len(replies) == _COMMANDS and replies[-1].code == _SEND_CONTENT:  # without a recipient: nothing, to nobody
            connection.write(b".\r\n")
            await connection.answers(1)
        following = self._next(connection, job)
        return following, await _offered(connection, following)


async def _offered(connection: SmtpConnection, offer: _Offer | None) -> list[Reply]:
    """Return the answers to MAIL, RCPT and DATA as far as they came; one by one where the server wants it so."""
    if offer is None:
        return []
    if connection.must_reset:
        connection.must_reset = False
        connection.write(b"RSET\r\n")
        if not all(reply.good for reply in await connection.answers(1)):
            connection.abort()
    if connection.pipelines:
        connection.write(b"".join(offer.commands))
        return await connection.answers(_COMMANDS)
    replies: list[Reply] = []
    for command in offer.commands:
        connection.write(command)
        replies += (told := await connection.answers(1))
        if not told or told[0].code >= _FIRST_REFUSAL:
            break
    return replies


def _agreed(replies: Sequence[Reply]) -> bool:
    return len(replies) == _COMMANDS and _refusal(replies) is None


def _refusal(replies: Sequence[Reply]) -> Reply | None:
    """Return the first answer that is not what MAIL, RCPT and DATA want."""
    wanted = (True, True, False)
    for reply, is_done in zip(replies, wanted, strict=False):
        if not (reply.good if is_done else reply.code == _SEND_CONTENT):
            return reply
    return None


def _fate(connection: SmtpConnection, replies: Sequence[Reply]) -> Handover:
    """Return what the first answer says of the content; without one nobody knows."""
    if replies and replies[0].good:
        return Handover.ACCEPTED
    if not replies or replies[0].code < _FIRST_REFUSAL:
        _log.warning("mail_connection_lost", handed_over=True)
        connection.abort()
        return Handover.UNCERTAIN
    connection.must_reset = len(replies) == 1
    return _meaning(replies[0])


def _meaning(refusal: Reply) -> Handover:
    _log.info("mail_refused", code=refusal.code, enhanced=refusal.enhanced)
    return Handover.REFUSED if refusal.code >= _FIRST_PERMANENT else Handover.DEFERRED
