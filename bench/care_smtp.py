"""P4: handing mails over by SMTP, against aiosmtplib on connections that stay open."""

import asyncio

import uvloop
from aiosmtplib import SMTP

from bench.care_dispatch import sink
from bench.measure import Figure, alternate_async
from services.care.clients.mail_text import MailText
from services.care.clients.smtp import SmtpMailer
from services.care.clients.smtp_connection import SmtpAddress
from services.care.domain.sending.message import Message

CONNECTIONS = 8
_SENDER = "MemberCare <care@membercare.example>"
_BODY = "亲爱的王女士：\r\n祝您生日快乐，万事如意！愿新的一岁里，平安喜乐，身体健康，阖家幸福。\r\n" * 6


def handing_over(*, count: int) -> Figure:
    """Measure P4; the sink's own time is left out on both sides, both write the same mails."""
    with sink() as port:
        ours, reference = uvloop.run(_measure(port, count))
    return Figure(
        "P4",
        f"hand {count:,} mails of 1 KB over by SMTP, {CONNECTIONS} connections, headers and body made",
        "aiosmtplib, connections reused, uvloop, the same headers and body",
        "<= 1/3",
        ours,
        reference,
        at_most=1 / 3,
    )


async def _measure(port: int, count: int) -> tuple[list[float], list[float]]:
    mails = [Message(f"<{n}@bench>", f"m{n}@example.com", "生日快乐", _BODY) for n in range(count)]
    mailer = SmtpMailer(SmtpAddress.parse(f"smtp://127.0.0.1:{port}"), _SENDER, connections=CONNECTIONS)
    clients = [SMTP(hostname="127.0.0.1", port=port, timeout=10) for _ in range(CONNECTIONS)]
    for client in clients:
        await client.connect()
    text = MailText(_SENDER)

    async def ours() -> int:
        fates = await mailer.send(mails, lambda: True)
        assert {fate.value for fate in fates} == {"accepted"}
        return count

    async def reference() -> int:
        waiting = iter(mails)

        async def work(client: SMTP) -> None:
            for mail in waiting:
                await client.mail("care@membercare.example")
                await client.rcpt(mail.to)
                await client.data(text.content(mail).removesuffix(b".\r\n"))

        await asyncio.gather(*(work(client) for client in clients))
        return count

    figures = await alternate_async(ours, reference)
    await mailer.close()
    for client in clients:
        await client.quit()
    return figures
