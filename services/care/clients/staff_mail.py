"""Mail to the staff: a connection for each test, so that whoever asked waits for the fate and nothing is left open."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.care.clients.smtp import SmtpMailer
from services.care.clients.smtp_connection import SmtpAddress
from services.care.domain.sending.message import Message
from services.care.ports.sending import Handover


@dataclass(frozen=True, slots=True)
class SmtpStaffMailer:
    """Sends by the same mail servers, From addresses and code as greetings; the next one takes what one never saw."""

    servers: Callable[[], Sequence[tuple[SmtpAddress, str]]]
    """Where and from whom, who is asked first first."""

    def send(self, messages: Sequence[Message]) -> Sequence[bool]:
        return asyncio.run(self._send(messages, self.servers()))

    async def _send(self, messages: Sequence[Message], servers: Sequence[tuple[SmtpAddress, str]]) -> Sequence[bool]:
        fates = [Handover.NOT_REACHED] * len(messages)
        for address, sender in servers:
            unseen = [place for place, fate in enumerate(fates) if fate is Handover.NOT_REACHED]
            mailer = SmtpMailer(address, sender, connections=1)
            try:
                told = await mailer.send([messages[place] for place in unseen], lambda: True)
            finally:
                await mailer.close()
            for place, fate in zip(unseen, told, strict=True):
                fates[place] = fate
        return [fate is Handover.ACCEPTED for fate in fates]
