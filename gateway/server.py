"""Runs the application on uvicorn: ready line, drain on SIGTERM, status 0."""

import logging
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from services.chassis import logs

_log = logs.get("gateway")
DRAIN_SECONDS = 10
_KEEP_ALIVE_SECONDS = 75


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Drain on SIGTERM and SIGINT; uvicorn's own way ends the process by the signal, which looks like a crash."""
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say `ready` once the port answers."""
        await super().startup(sockets)
        if not self.should_exit:
            _log.info("ready", address=f"{self.config.host}:{self.config.port}")


def serve(app: ASGIApp, address: str) -> None:
    """Serve until SIGTERM or SIGINT, then let requests under way finish."""
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)  # what it tells when all is well, `ready` tells
    host, _, port = address.rpartition(":")
    config = uvicorn.Config(
        app,
        host=host.strip("[]"),
        port=int(port),
        loop="uvloop",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=DRAIN_SECONDS,
        lifespan="on",
    )
    _Server(config).run()
    _log.info("stopped")
