"""P5: posting to another system by HTTP, against an aiohttp session that keeps its connections."""

import asyncio
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime

import uvloop

from bench.care_dispatch import sink
from bench.measure import Figure, alternate_async
from bench.reference_program import Program, program
from services.care.clients.pooled_http import PooledHttp
from services.care.clients.providers.http_sender import AT_ONCE
from services.care.clients.providers.webhook import WebhookDialect
from services.care.domain.sending.message import Message
from services.care.ports.http import HttpRequest

_BODY = "亲爱的王女士：\r\n祝您生日快乐，万事如意！\r\n" * 6


def posting(*, count: int) -> Figure:
    """Measure P5; the sink's own time is left out on both sides, both post the same bytes."""
    with sink("bench.null_http") as port, tempfile.NamedTemporaryFile() as body:
        message = Message("<tch_1.1@bench>", "mem_1", "生日快乐", _BODY)
        request = WebhookDialect(f"http://127.0.0.1:{port}/hook", "s" * 32).request(message, datetime.now(UTC))
        body.write(request.body)
        body.flush()
        headers = [f"{name}:{value}" for name, value in request.headers.items()]
        with program("aiohttp_posts.py", "aiohttp.txt", request.url, str(AT_ONCE), body.name, *headers) as other:
            ours, reference = uvloop.run(_measure(request, other, count=count))
    return Figure(
        "P5",
        f"post {count:,} signed messages of 1 KB by HTTP, {AT_ONCE} at once",
        "an aiohttp session, uvloop, the same bytes",
        "<= 0.5x",
        ours,
        reference,
        at_most=0.5,
    )


async def _measure(request: HttpRequest, other: Program, *, count: int) -> tuple[list[float], list[float]]:
    http = PooledHttp(connections=AT_ONCE)

    async def work(numbers: Sequence[int]) -> None:
        for _ in numbers:
            answer = await http.post(request)
            assert answer.status == 200, answer

    async def ours() -> int:
        await asyncio.gather(*(work(range(first, count, AT_ONCE)) for first in range(AT_ONCE)))
        return count

    async def reference() -> int:
        return await asyncio.to_thread(other.send, count)

    figures = await alternate_async(ours, reference, pids=other.pids)
    await http.close()
    return figures
