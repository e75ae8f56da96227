"""The HTTP client against servers that answer in every way the protocol allows, and in some that it does not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from services.care.clients.pooled_http import PooledHttp
from services.care.ports.http import Broken, HttpAnswer, HttpRequest, NotReached


@asynccontextmanager
async def _server(
    http: PooledHttp, *answers: bytes, hangs_up: bool = False
) -> AsyncIterator[tuple[str, list[bytes], list[int]]]:
    """Give these answers to requests without a body; yield the address, what was asked, and each connection."""
    asked: list[bytes] = []
    connections: list[int] = []
    waiting = iter(answers)
    talks: list[asyncio.Task[None] | None] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(len(connections))
        talks.append(asyncio.current_task())
        while not reader.at_eof():
            try:
                asked.append(await reader.readuntil(b"\r\n\r\n"))
            except (asyncio.IncompleteReadError, OSError):
                break
            writer.write(next(waiting))
            if hangs_up:
                break
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/a b?q=%20", asked, connections
    finally:
        await http.close()
        server.close()
        await asyncio.gather(*(talk for talk in talks if talk))


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
    ],
    ids=["of a length", "in chunks", "after a go-on"],
)
async def test_answers_come_whole_and_the_connection_is_used_again(answer: bytes) -> None:
    http = PooledHttp()
    async with _server(http, answer, answer) as (url, asked, connections):
        assert [await http.get(url), await http.get(url)] == [HttpAnswer(200, b"hello")] * 2
    assert connections == [0]
    assert asked[0].startswith(b"GET /a%20b?q=%20 HTTP/1.1\r\nhost: 127.0.0.1:")


async def test_an_answer_that_the_end_of_the_connection_ends_comes_whole() -> None:
    http = PooledHttp()
    async with _server(http, b"HTTP/1.1 200 OK\r\n\r\nhello", hangs_up=True) as (url, _, _):
        assert await http.get(url) == HttpAnswer(200, b"hello")


@pytest.mark.parametrize(
    "answer", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel", b"SSH-2.0-nonsense\r\n\r\n"]
)
async def test_an_answer_that_does_not_come_whole_is_a_break(answer: bytes) -> None:
    http = PooledHttp()
    async with _server(http, answer, hangs_up=True) as (url, _, _):
        with pytest.raises(Broken):
            await http.get(url)


async def test_an_answer_that_does_not_come_in_time_is_a_break() -> None:
    http = PooledHttp(seconds=0.2)
    async with _server(http, b"") as (url, asked, _):
        with pytest.raises(Broken):
            await http.get(url)
    assert len(asked) == 1


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http://", "http://127.0.0.1:99999/", "nonsense"])
async def test_what_is_no_http_address_reaches_nobody(url: str) -> None:
    with pytest.raises(NotReached):
        await PooledHttp().get(url)


async def test_a_host_that_is_signed_takes_the_place_of_the_usual_one() -> None:
    http = PooledHttp()
    async with _server(http, b"HTTP/1.1 204 No Content\r\n\r\n") as (url, asked, _):
        assert (await http.post(HttpRequest(url, b"", {"host": "sms.example"}))).status == 204
    assert [line for line in asked[0].split(b"\r\n") if line.lower().startswith(b"host:")] == [b"host: sms.example"]


async def test_a_header_that_brings_another_sends_nothing() -> None:
    http = PooledHttp()
    async with _server(http) as (url, asked, connections):
        with pytest.raises(NotReached):
            await http.post(HttpRequest(url, b"", {"x": "1\r\nhost: evil"}))
    assert (asked, connections) == ([], [])
