"""An SMTP server that accepts everything and keeps nothing: what is measured is the sender."""

import asyncio

from bench.null_server import serve


class _Session(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport, self._buffer, self._data = transport, b"", False
        transport.write(b"220 null\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._step():
            continue

    def _step(self) -> bool:
        end = b"\r\n.\r\n" if self._data else b"\r\n"
        line, found, rest = self._buffer.partition(end)
        if not found:
            return False
        self._buffer = rest
        if self._data:
            self._data = False
            self._transport.write(b"250 kept\r\n")
            return True
        verb = line[:4].upper()
        if verb == b"DATA":
            self._data = True
            self._transport.write(b"354 go on\r\n")
        elif verb == b"QUIT":
            self._transport.write(b"221 bye\r\n")
            self._transport.close()
        else:
            self._transport.write(b"250-null\r\n250 PIPELINING\r\n" if verb == b"EHLO" else b"250 ok\r\n")
        return True


if __name__ == "__main__":
    serve(_Session)
