"""The mail sink: a real SMTP server for a laptop and tests that keeps every message and sends none on."""

import argparse
import asyncio
import contextlib
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from deploy.local import sink_http, sink_smtp
from deploy.local.ports import LOOPBACK
from deploy.local.sink_store import Deliveries
from services.chassis import logs

_log = logs.get("sink")


async def serve(data: Path, *, smtp_port: int, http_port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    deliveries = Deliveries(data / "messages.sqlite")
    smtp = await sink_smtp.serve(deliveries, host=LOOPBACK, port=smtp_port)
    config = uvicorn.Config(
        sink_http.app(deliveries), host=LOOPBACK, port=http_port, log_config=None, access_log=False, lifespan="off"
    )
    http = _Http(config)
    pages = asyncio.create_task(http.serve())
    await http.listening.wait()
    _log.info("ready", smtp=f"{LOOPBACK}:{smtp_port}", http=f"http://{LOOPBACK}:{http_port}")
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait({stopping, pages}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    smtp.close()
    http.should_exit = True
    await pages
    deliveries.close()
    _log.info("stopped")


class _Http(uvicorn.Server):
    """Says when it listens, and leaves signals to `serve`, which has two servers to close."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


def main() -> None:
    """Run the sink as a process of its own."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.sink", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="where messages are kept")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    asked = parser.parse_args()
    logs.setup("local", "sink")
    asked.data.mkdir(parents=True, exist_ok=True)
    asyncio.run(serve(asked.data, smtp_port=asked.smtp_port, http_port=asked.http_port))


if __name__ == "__main__":
    main()
