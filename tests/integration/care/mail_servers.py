"""Mail servers with moods: aiosmtpd, told beforehand how to answer, to be silent or to hang up, step by step."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

CUT = "cut"
"""The server hangs up instead of answering."""
SILENT = "silent"
"""The server never answers."""
USER, PASSWORD = "care", "päss:word"


@dataclass
class Moods:
    """How each step is answered, in the order of its uses; a step of which nothing is said succeeds."""

    answers: dict[str, list[str]] = field(default_factory=dict)
    pipelining: bool = True
    utf8: bool = True
    kept: list[Envelope] = field(default_factory=list)
    connections: int = 0
    knew_us: bool = False
    """Whether the last mail came from somebody who had signed in."""
    heard: list[str] = field(default_factory=list)
    """Every step that came, in order."""

    async def play(self, step: str, server: SMTP) -> str:
        """Return what was foreseen for this step, or nothing."""
        self.heard.append(step)
        answer = self.answers[step].pop(0) if self.answers.get(step) else ""
        if answer == SILENT:
            await asyncio.Event().wait()
        if answer == CUT:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        told = await self.play("EHLO", server)
        return [told] if told else [*responses[:-1], *(["250-PIPELINING"] if self.pipelining else []), responses[-1]]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        told = await self.play("MAIL", server)
        self.knew_us = bool(session.authenticated)
        if not told.startswith(("4", "5", CUT)):
            envelope.mail_from = address
        return told or "250-2.1.0 one moment\r\n250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        told = await self.play("RCPT", server)
        if not told:
            envelope.rcpt_tos.append(address)
        return told or "250 2.1.5 OK"

    async def handle_RSET(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return await self.play("RSET", server) or "250 OK"

    async def handle_QUIT(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return await self.play("QUIT", server) or "221 2.0.0 Bye"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        told = await self.play("CONTENT", server)
        if not told:
            self.kept.append(envelope)
        return told or "250 2.0.0 Kept"

    @property
    def recipients(self) -> list[str]:
        """Whom mails were kept for, in order."""
        return [to for envelope in self.kept for to in envelope.rcpt_tos]


@dataclass
class Dying(Moods):
    """Keeps so many mails, and one more without saying so; then it hangs up on everybody, for ever."""

    lives: int = 0
    dead: bool = False

    async def play(self, step: str, server: SMTP) -> str:
        told = await super().play(step, server)
        if self.dead:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return CUT
        return told

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if not self.dead and len(self.kept) >= self.lives:
            self.kept.append(envelope)
            self.dead = True
        return await super().handle_DATA(server, session, envelope)


class _Server(SMTP):
    """Lets DATA itself be refused, which aiosmtpd has no hook for, and can hide SMTPUTF8 and AUTH PLAIN."""

    def __init__(self, moods: Moods, **told: Any) -> None:
        super().__init__(moods, hostname="127.0.0.1", enable_SMTPUTF8=moods.utf8, **told)
        self._moods = moods
        moods.connections += 1

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        told = await self._moods.play("DATA", self)
        if told:
            await self.push(told)
        else:
            await super().smtp_DATA(arg)


@asynccontextmanager
async def mail_server(moods: Moods, *, implicit: ssl.SSLContext | None = None, **told: Any) -> AsyncIterator[int]:
    """Run one in this event loop and yield its port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Server(moods, loop=loop, **told), "127.0.0.1", 0, ssl=implicit)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def knows_us(*told: Any) -> AuthResult:
    """Let in who knows the name and the word; told is server, session, envelope, mechanism and what was said."""
    data = told[-1]
    known = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=False)


def contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return what a server of 127.0.0.1 shows, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)  # what the certificate is judged by is the machine's clock
    certificate = (
        x509.CertificateBuilder()
        .issuer_name(name)
        .subject_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    shown, secret = folder / "certificate.pem", folder / "key.pem"
    shown.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(shown, secret)
    return server, ssl.create_default_context(cafile=str(shown))
