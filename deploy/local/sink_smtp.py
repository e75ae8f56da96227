"""The sink's SMTP side: accepts what it has stored, and refuses as the recipient's name tells it to."""

import asyncio
import re
import sqlite3
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.sink_store import Deliveries, Delivery
from services.chassis import logs

MESSAGE_BYTES = 10_000_000
_TEMPORARY = re.compile(r"temporary-(\d+)")
_SLOW = re.compile(r"slow-(\d+)")
_log = logs.get("sink")


class Refusals:
    """aiosmtpd's handler. Local parts script it: `permanent…`, `temporary-N…` (N times), `slow-MS…`."""

    def __init__(self, deliveries: Deliveries) -> None:
        """Take the store."""
        self._deliveries = deliveries

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's names
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Add PIPELINING: commands are read from a stream, one after the other."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Accept, refuse for ever (550) or for now (451)."""
        local_part = address.partition("@")[0].lower()
        if local_part.startswith("permanent"):
            self._deliveries.refuse(address, permanent=True)
            return "550 5.1.1 No such mailbox, as scripted"
        scripted = _TEMPORARY.match(local_part)
        if scripted and self._deliveries.temporary_refusals(address) < int(scripted[1]):
            self._deliveries.refuse(address, permanent=False)
            return "451 4.2.1 Mailbox busy, as scripted; try again"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer 250 only when the message is on disk."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        pauses = [int(found[1]) for to in envelope.rcpt_tos if (found := _SLOW.match(to.lower()))]
        if pauses:
            await asyncio.sleep(max(pauses) / 1000)
        message_id, subject = headers(content)
        try:
            await self._deliveries.keep(
                [Delivery(message_id, to, envelope.mail_from or "", subject, content) for to in envelope.rcpt_tos]
            )
        except sqlite3.Error:
            _log.exception("not_stored")
            return "451 4.3.0 Could not store the message"
        return "250 2.0.0 Stored"


def headers(content: bytes) -> tuple[str, str]:
    """Return Message-ID without its brackets, and the subject as people read it; empty where there is none."""
    head = content.split(b"\r\n\r\n", 1)[0] + b"\r\n\r\n"
    message = message_from_bytes(head, EmailMessage, policy=policy.default)
    return str(message.get("Message-ID", "")).strip().strip("<>"), str(message.get("Subject", ""))


async def serve(deliveries: Deliveries, *, host: str, port: int) -> asyncio.Server:
    """Listen for SMTP."""
    loop = asyncio.get_running_loop()
    handler = Refusals(deliveries)
    return await loop.create_server(
        lambda: SMTP(
            handler,
            hostname="sink.localhost",
            ident="MemberCare sink",
            data_size_limit=MESSAGE_BYTES,
            enable_SMTPUTF8=True,
            loop=loop,
        ),
        host,
        port,
    )
