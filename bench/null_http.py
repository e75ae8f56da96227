"""An HTTP server that accepts every request and keeps nothing: what is measured is the caller."""

import asyncio
import re

from bench.null_server import serve

_ANSWER = b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 11\r\n\r\n{"ok":true}'
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


class _Session(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._step():
            continue

    def _step(self) -> bool:
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head + b"\r\n")
        size = int(length[1]) if length else 0
        if not found or len(rest) < size:
            return False
        self._buffer = rest[size:]
        self._transport.write(_ANSWER)
        return True


if __name__ == "__main__":
    serve(_Session)
