"""Logs: one JSON object a line on stdout, with the request id; no personal data belongs in them."""

import logging
import re
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The request being served, for every line that is written while it is."""
_ADDRESS = re.compile(r"""[^\s"'<>@]+@[^\s"'<>@]+|\+\d(?:[ -]?\d){6,}""")
"""Mail addresses and phone numbers, which an exception that we did not foresee may repeat from what was sent."""


class _JsonLines(logging.Formatter):
    def __init__(self, service: str, role: str) -> None:
        super().__init__()
        self._process = {"service": service, "role": role}

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; fields of a `Log` call are merged in, a foreign record becomes event `log`."""
        fields: dict[str, Any] = getattr(record, "fields", None) or {"event": "log", "message": record.getMessage()}
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            **self._process,
            "logger": record.name,
            **fields,
        }
        if current := request_id.get():
            entry.setdefault("request_id", current)
        if record.exc_info:
            entry["exception"] = _ADDRESS.sub("***", self.formatException(record.exc_info))
        return orjson.dumps(entry, default=str).decode()


class Log:
    """Writes events with named fields."""

    def __init__(self, name: str) -> None:
        """Name the part of the program that speaks."""
        self._logger = logging.getLogger(name)

    def debug(self, event: str, **fields: object) -> None:
        """Say what helps to follow a single case."""
        self._write(logging.DEBUG, event, fields=fields)

    def info(self, event: str, **fields: object) -> None:
        """Say what happened."""
        self._write(logging.INFO, event, fields=fields)

    def warning(self, event: str, **fields: object) -> None:
        """Say what went wrong and mends itself."""
        self._write(logging.WARNING, event, fields=fields)

    def error(self, event: str, **fields: object) -> None:
        """Say what went wrong and needs a person."""
        self._write(logging.ERROR, event, fields=fields)

    def exception(self, event: str, **fields: object) -> None:
        """Say what went wrong, with the trace of the exception being handled."""
        self._write(logging.ERROR, event, fields=fields, exc_info=True)

    def _write(self, level: int, event: str, *, fields: dict[str, object], exc_info: bool = False) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, event, exc_info=exc_info, extra={"fields": {"event": event, **fields}})


def get(name: str) -> Log:
    """Return the log of a part of the program."""
    return Log(name)


def setup(service: str, role: str, *, level: str = "info") -> None:
    """Send every line of this process, libraries included, to stdout as JSON."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonLines(service, role))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("pymongo", "amqp", "kombu", "apscheduler", "aiormq", "aio_pika", "asyncio", "mail.log"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
