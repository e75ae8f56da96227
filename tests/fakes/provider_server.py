"""Somebody else's provider: a real HTTP server that a test scripts, and that remembers what it was sent."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes


Answer = tuple[int, bytes]
HANG_UP: Answer = (0, b"")
"""Read the request and close the connection without an answer."""


@dataclass
class ProviderServer:
    """Where it is, what it answers, and what it got."""

    url: str
    answer: Callable[[Received], Answer]
    received: list[Received] = field(default_factory=list)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # a provider takes more than five connections in the same moment


@contextmanager
def serve_provider(answer: Callable[[Received], Answer]) -> Iterator[ProviderServer]:
    """Serve on a free port until the end of the block."""
    server_of = ProviderServer("", answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Received(self.command, self.path, headers, body)
            server_of.received.append(request)
            named_once = len(self.headers.get_all("host", [])) == 1  # else 400: RFC 9112, 3.2
            status, content = server_of.answer(request) if named_once else (400, b"<h1>Bad Request</h1>")
            if not status:
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST  # noqa: N815  # the library's name

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
            """Say nothing."""

    server = _Server(("127.0.0.1", 0), Handler)
    server_of.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server_of
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
