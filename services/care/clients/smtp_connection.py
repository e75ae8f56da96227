"""One SMTP connection: greeting, TLS, sign-in, and commands whose answers come in order (RFC 5321, 3207, 4954)."""

import asyncio
import re
import ssl
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from socket import getfqdn
from typing import NamedTuple, cast
from urllib.parse import unquote, urlsplit

from services.care.domain.providers.mail_servers import MailTls

_DEFAULT_PORTS = {"smtp": 25, "smtps": 465}
_ANSWER_BYTES = 65_536
"""Of answers that were not asked for, or never end."""
_ENHANCED = re.compile(rb"^[245]\.\d{1,3}\.\d{1,3}\b")
_LINE = re.compile(rb"^([2-5]\d\d)(?:([ -])(.*))?$", re.DOTALL)
_SWITCH = frozenset({MailTls.STARTTLS, MailTls.OFFERED})
_GREETS, _SIGNED_IN, _GO_ON, _CLOSES, _UNKNOWN_COMMAND = 220, 235, 334, 421, 500

KNOWS_US_NOT = frozenset({530, 534, 535, 538})
"""RFC 4954, 6: sign in first, otherwise than so, with other words, or only encrypted. It is no fault of a message."""


@cache
def _own_name() -> bytes:
    """Return what this machine is called; the name service may take its time."""
    return getfqdn().encode("ascii", "ignore") or b"localhost"


@dataclass(frozen=True, slots=True)
class SmtpAddress:
    """Where and as whom to connect."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    tls: MailTls = MailTls.OFFERED

    @classmethod
    def parse(cls, url: str) -> "SmtpAddress":
        """Read `smtp://[user:password@]host[:port]` or `smtps://...`, which the settings have checked."""
        parts = urlsplit(url)
        return cls(
            parts.hostname or "",
            parts.port or _DEFAULT_PORTS[parts.scheme],
            unquote(parts.username or ""),
            unquote(parts.password or ""),
            MailTls.IMPLICIT if parts.scheme == "smtps" else MailTls.OFFERED,
        )


class Reply(NamedTuple):
    """One answer of the server; a continued one is one."""

    code: int
    text: bytes

    @property
    def good(self) -> bool:
        """Whether the command was done."""
        return self.code // 100 == 2  # noqa: PLR2004 - the first digit of RFC 5321, 4.2.1

    @property
    def enhanced(self) -> str:
        """The code of RFC 3463, or nothing."""
        found = _ENHANCED.match(self.text)
        return found[0].decode() if found else ""

    @property
    def told(self) -> str:
        """Both codes, and none of the words: they may hold an address."""
        return f"{self.code} {self.enhanced}".rstrip()


@lru_cache(maxsize=64)
def _read(line: bytes) -> tuple[Reply | None, bool]:
    """Return a line of an answer, and whether others follow; None: it is no answer. Servers repeat themselves."""
    found = _LINE.match(line.rstrip(b"\r"))
    if found is None:
        return None, False
    code, mark, text = found.groups()
    return Reply(int(code), text or b""), mark == b"-"


class SmtpBroken(Exception):
    """The server is away, cannot be trusted, or does not speak SMTP; says which, and no address."""


class SmtpLockedOut(SmtpBroken):
    """The server knows us not, for good: the name or the password is wrong; says the server's code."""


class SmtpConnection(asyncio.Protocol):
    """Writes commands and collects answers; what they mean is the caller's."""

    def __init__(self, seconds: float) -> None:
        """Take how long an answer may take."""
        self._seconds = seconds
        self._transport: asyncio.Transport
        self._buffer = b""
        self._lines: list[bytes] = []
        self._replies: list[Reply] = []
        self._waiter: asyncio.Future[None] | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._patient_until = 0.0
        self._wanted = 1
        """Answers that may come at present; at first the greeting."""
        self._extensions: dict[bytes, bytes] = {}
        self.is_open = False
        self.pipelines = self.takes_utf8 = False
        self.used = False
        """Whether a message was ever offered on it."""
        self.must_reset = False
        """Whether a refused transaction is still open on the server's side."""

    @classmethod
    async def open(cls, address: SmtpAddress, *, seconds: float, tls: ssl.SSLContext) -> "SmtpConnection":
        """Connect, greet, switch to TLS as the address says, and sign in; raises SmtpBroken."""
        connection = cls(seconds)
        trusted = tls if address.tls is MailTls.IMPLICIT else None
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                await loop.create_connection(lambda: connection, address.host, address.port, ssl=trusted)
            await connection._begin(address, tls)
        except OSError as error:
            connection.abort()
            raise SmtpBroken(type(error).__name__) from None
        except BaseException:
            connection.abort()
            raise
        return connection

    def write(self, data: bytes) -> None:
        """Send; a connection that is lost swallows it, and `answers` says so."""
        if self.is_open:
            self._transport.write(data)

    async def answers(self, count: int) -> list[Reply]:
        """Return so many answers; fewer: the connection is lost, and no more will come."""
        self._wanted = count
        if len(self._replies) < count and self.is_open:
            loop = asyncio.get_running_loop()
            self._waiter = loop.create_future()
            self._patient_until = loop.time() + self._seconds
            if self._watch is None:
                self._watch = loop.call_later(self._seconds, self._look)
            try:
                await self._waiter
            finally:
                self._waiter = None
        self._wanted = 0
        replies, self._replies = self._replies[:count], []
        return replies

    async def quit(self) -> None:
        """Say goodbye and close."""
        self.write(b"QUIT\r\n")
        await self.answers(1)
        self.abort()

    def abort(self) -> None:
        """Close at once; whoever waits gets what has come."""
        if self.is_open:
            self._transport.abort()
        self._lost()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self.is_open = True

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost()

    def data_received(self, data: bytes) -> None:
        *lines, self._buffer = (self._buffer + data).split(b"\n") if self._buffer else data.split(b"\n")
        for line in lines:
            if not self._take(line):
                self.abort()
                return
        if len(self._buffer) + sum(map(len, self._lines)) > _ANSWER_BYTES or len(self._replies) > self._wanted:
            self.abort()
        elif len(self._replies) == self._wanted and self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    def _take(self, line: bytes) -> bool:
        """Take one line of an answer; False: nothing that follows can be believed."""
        reply, goes_on = _read(line)
        if reply is None:
            return False
        if goes_on or self._lines:
            self._lines.append(reply.text)
        if goes_on:
            return True
        if self._lines:
            reply, self._lines = Reply(reply.code, b"\n".join(self._lines)), []
        self._replies.append(reply)
        return reply.code != _CLOSES

    def _look(self) -> None:
        """Close if an answer is overdue: one timer for many answers, because making and ending one costs each mail."""
        loop = asyncio.get_running_loop()
        late = self._waiter is not None and loop.time() >= self._patient_until
        waits = self._waiter is not None and not late
        self._watch = loop.call_at(self._patient_until, self._look) if waits else None
        if late:
            self.abort()

    def _lost(self) -> None:
        self.is_open = False
        if self._watch:
            self._watch.cancel()
            self._watch = None
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    async def _begin(self, address: SmtpAddress, tls: ssl.SSLContext) -> None:
        greeting = await self.answers(1)
        if not greeting or greeting[0].code != _GREETS:
            raise SmtpBroken("not greeted")
        await self._introduce()
        offers = b"STARTTLS" in self._extensions
        if address.tls is MailTls.STARTTLS and not offers:
            raise SmtpBroken("TLS is not offered")
        if offers and address.tls in _SWITCH:
            await self._start_tls(address.host, tls)
            await self._introduce()
        if address.user:
            await self._sign_in(address)

    async def _introduce(self) -> None:
        name = await asyncio.to_thread(_own_name)
        reply = await self._ask(b"EHLO " + name)
        if reply.code >= _UNKNOWN_COMMAND:
            self._extensions, reply = {}, await self._ask(b"HELO " + name)
            if reply.good:
                return
        if not reply.good:
            raise SmtpBroken("not welcome")
        told = [line.upper().partition(b" ") for line in reply.text.split(b"\n")[1:]]
        self._extensions = {keyword: words for keyword, _, words in told}
        self.pipelines = b"PIPELINING" in self._extensions
        self.takes_utf8 = {b"SMTPUTF8", b"8BITMIME"} <= self._extensions.keys()

    async def _start_tls(self, host: str, tls: ssl.SSLContext) -> None:
        reply = await self._ask(b"STARTTLS")
        if reply.code != _GREETS or self._buffer or self._replies:  # words before the handshake could be anybody's
            raise SmtpBroken("no TLS")
        transport = await asyncio.get_running_loop().start_tls(
            self._transport, self, tls, server_hostname=host, ssl_handshake_timeout=self._seconds
        )
        self._transport = cast("asyncio.Transport", transport)

    async def _sign_in(self, address: SmtpAddress) -> None:
        offered = self._extensions.get(b"AUTH", b"").split()
        user, password = address.user.encode(), address.password.encode()
        if b"PLAIN" in offered:
            steps: Sequence[bytes] = (b"AUTH PLAIN " + b64encode(b"\0" + user + b"\0" + password),)
        elif b"LOGIN" in offered:
            steps = (b"AUTH LOGIN", b64encode(user), b64encode(password))
        else:
            raise SmtpBroken("no way to sign in")
        wanted = [_GO_ON] * (len(steps) - 1) + [_SIGNED_IN]
        for step, code in zip(steps, wanted, strict=True):
            reply = await self._ask(step)
            if reply.code in KNOWS_US_NOT:
                raise SmtpLockedOut(reply.told)
            if reply.code != code:
                raise SmtpBroken("not signed in")

    async def _ask(self, command: bytes) -> Reply:
        self.write(command + b"\r\n")
        replies = await self.answers(1)
        if not replies:
            raise SmtpBroken("no answer")
        return replies[0]
