"""One kept-open HTTP connection: a request leaves in one write, and its answer is waited for."""

import asyncio
import time
from typing import cast

from httptools import HttpParserError, HttpResponseParser

from services.care.ports.http import Broken, HttpAnswer

_LONGEST_ANSWER = 1_000_000
_FIRST_FINAL = 200
_LENGTHS = frozenset({b"content-length", b"transfer-encoding"})


class HttpConnection(asyncio.Protocol):
    """One request at a time; what the server says unasked closes it."""

    def __init__(self) -> None:
        """Begin without a connection."""
        self._transport: asyncio.Transport
        self._parser = HttpResponseParser(self)
        self._answer: asyncio.Future[HttpAnswer] | None = None
        self._body: list[bytes] = []
        self._size = 0
        self._has_head = self._has_length = False
        self.is_open = False
        self.used_at = 0.0
        """When the last answer came, by the monotonic clock."""

    async def exchange(self, request: bytes, seconds: float) -> HttpAnswer:
        """Send and return the answer; raises Broken when it does not come whole and in time."""
        if not self.is_open:
            raise Broken("ConnectionReset")
        loop = asyncio.get_running_loop()
        self._answer = loop.create_future()
        timer = loop.call_later(seconds, self._fail, "Timeout")
        self._transport.write(request)
        try:
            return await self._answer
        finally:
            timer.cancel()
            self._answer = None
            self.used_at = time.monotonic()

    def close(self) -> None:
        """Close at once."""
        if self.is_open:
            self.is_open = False
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self.is_open = True

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if self._has_head and not self._has_length and exc is None:
            self._finish()  # a body that only the end of the connection ends
        self._fail("ConnectionLost")

    def data_received(self, data: bytes) -> None:
        self._size += len(data)
        if self._answer is None or self._size > _LONGEST_ANSWER:
            self._fail("Unasked" if self._answer is None else "TooLong")
            return
        try:
            self._parser.feed_data(data)
        except HttpParserError as error:
            self._fail(type(error).__name__)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Note whether the answer says where it ends."""
        self._has_length = self._has_length or name.lower() in _LENGTHS

    def on_headers_complete(self) -> None:
        """Note that only the body is missing."""
        self._has_head = self._parser.get_status_code() >= _FIRST_FINAL

    def on_body(self, body: bytes) -> None:
        """Keep a piece."""
        self._body.append(body)

    def on_message_complete(self) -> None:
        """Give the answer to whoever waits; what comes before the final one (1xx) is not it."""
        if self._parser.get_status_code() >= _FIRST_FINAL:
            keeps = self._parser.should_keep_alive()
            self._finish()
            if not keeps:
                self.close()

    def _finish(self) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_result(HttpAnswer(self._parser.get_status_code(), b"".join(self._body)))
        self._body, self._size, self._has_head, self._has_length = [], 0, False, False

    def _fail(self, why: str) -> None:
        self.close()
        if self._answer and not self._answer.done():
            self._answer.set_exception(Broken(why))
