"""Mail to the staff: a connection for each test, so that whoever asked waits for the fate and nothing is left open."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from services.care.clients.smtp import SmtpMailer
from services.care.clients.smtp_connection import SmtpAddress
from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover


@dataclass(frozen=True, slots=True)
class SmtpStaffMailer:
    """Sends by the same mail server, From address and code as greetings."""

    address: SmtpAddress
    sender: str

    def send(self, messages: Sequence[Message]) -> Sequence[bool]:
        return asyncio.run(self._send(messages))

    async def _send(self, messages: Sequence[Message]) -> Sequence[bool]:
        mailer = SmtpMailer(self.address, self.sender, connections=1)
        try:
            fates = await mailer.send(messages, lambda: True)
        finally:
            await mailer.close()
        return [fate is Handover.ACCEPTED for fate in fates]
