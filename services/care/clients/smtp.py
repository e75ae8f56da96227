"""The e-mail channel: a few kept-open SMTP connections, and the exact fate of every message."""

import asyncio
from base64 import b64encode, encodebytes
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover
from services.chassis import logs

_log = logs.get("care.smtp")
_FIRST_PERMANENT = 500
_SERVICE_CLOSING = 421
_DEFAULT_PORTS = {"smtp": 25, "smtps": 465}
_LINE = 45  # bytes of UTF-8 in one encoded word, so that a header line stays below 76 characters


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """Where and as whom to connect."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: bool = False

    @classmethod
    def parse(cls, url: str) -> "SmtpAddress":
        """Read `smtp://[user:password@]host[:port]` or `smtps://...`, which the settings have checked."""
        parts = urlsplit(url)
        return cls(
            parts.hostname or "",
            parts.port or _DEFAULT_PORTS[parts.scheme],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            parts.scheme == "smtps",
        )


class SmtpMailer:
    """Sends side by side over `connections` connections, each opened when it is needed and kept."""

    def __init__(self, address: SmtpAddress, sender: str, *, connections: int = 8, timeout: float = 10.0) -> None:
        """Take the server, the From address, and how long (seconds) an answer may take."""
        self._address, self._sender = address, sender
        self._timeout = timeout
        self._idle: list[SMTP] = []
        self._places = asyncio.Semaphore(connections)
        self._connections = connections
        self._header = f"From: {sender}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n".encode()

    async def send(self, messages: Sequence[Message], may_go_on: Callable[[], bool]) -> list[Handover]:
        fates = [Handover.NOT_REACHED] * len(messages)
        waiting = iter(range(len(messages)))

        async def work() -> None:
            async with self._places:
                client = await self._connection()
                for index in waiting:
                    if client is None or not may_go_on():
                        return
                    fates[index] = await self._hand_over(client, messages[index])
                    if not client.is_connected:
                        client = await self._connection()
                if client is not None:
                    self._idle.append(client)

        await asyncio.gather(*(work() for _ in range(min(self._connections, len(messages)))))
        return fates

    async def close(self) -> None:
        """Say goodbye on every connection that is still open."""
        while self._idle:
            client = self._idle.pop()
            try:
                await client.quit()
            except (SMTPException, OSError):
                client.close()

    async def _connection(self) -> SMTP | None:
        while self._idle:
            client = self._idle.pop()
            if client.is_connected:
                return client
        client = SMTP(
            hostname=self._address.host,
            port=self._address.port,
            use_tls=self._address.tls,
            username=self._address.user or None,
            password=self._address.password or None,
            timeout=self._timeout,
        )
        try:
            await client.connect()
        except (SMTPException, OSError) as error:
            _log.warning("mail_server_away", error=type(error).__name__)
            client.close()
            return None
        return client

    async def _hand_over(self, client: SMTP, mail: Message) -> Handover:
        """Go through the three steps one by one, since only a break in the last leaves the fate unknown."""
        handed_over = False
        try:
            await client.mail(_bare(self._sender))
            await client.rcpt(mail.to)
            handed_over = True
            await client.data(self._message(mail))
        except SMTPResponseException as refusal:
            return await _refused(client, refusal)
        except (SMTPException, OSError) as error:
            _log.warning("mail_connection_lost", error=type(error).__name__, handed_over=handed_over)
            client.close()
            return Handover.UNCERTAIN if handed_over else Handover.NOT_REACHED
        return Handover.ACCEPTED

    def _message(self, mail: Message) -> bytes:
        head = (
            f"To: {mail.to}\r\nSubject: {_encoded(mail.subject)}\r\nMessage-ID: {mail.message_id}\r\n"
            f"Date: {formatdate()}\r\n{_lines(mail.headers)}Content-Transfer-Encoding: base64\r\n\r\n"
        )
        body = encodebytes(mail.body.replace("\r\n", "\n").replace("\n", "\r\n").encode())
        return self._header + head.encode("ascii", "surrogateescape") + body.replace(b"\n", b"\r\n")


async def _refused(client: SMTP, refusal: SMTPResponseException) -> Handover:
    _log.info("mail_refused", code=refusal.code)
    if refusal.code == _SERVICE_CLOSING or refusal.code < 0:
        client.close()
        return Handover.DEFERRED
    try:
        await client.rset()
    except (SMTPException, OSError):
        client.close()
    return Handover.REFUSED if refusal.code >= _FIRST_PERMANENT else Handover.DEFERRED


def _lines(headers: Sequence[tuple[str, str]]) -> str:
    """Return header lines; white space is folded, so that no value can begin a line of its own."""
    return "".join(f"{name}: {_encoded(' '.join(value.split()))}\r\n" for name, value in headers)


def _bare(sender: str) -> str:
    """Return the address of `Name <address>`."""
    return sender.rpartition("<")[2].rstrip(">")


def _encoded(subject: str) -> str:
    """Return the subject as RFC 2047 encoded words, folded; plain ASCII stays as it is."""
    if subject.isascii() and "=?" not in subject:
        return subject
    words, chunk = [], b""
    for mark in subject:
        encoded = mark.encode()
        if len(chunk) + len(encoded) > _LINE:
            words.append(chunk)
            chunk = b""
        chunk += encoded
    words.append(chunk)
    return "\r\n ".join(f"=?utf-8?b?{b64encode(word).decode()}?=" for word in words)
