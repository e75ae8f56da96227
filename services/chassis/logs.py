"""Logs: one JSON object a line on stdout, with the request id; no personal data belongs in them."""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

import orjson

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The request being served, for every line that is written while it is."""
_PERSONAL = re.compile(
    r"""
      [^\s"'<>@]{1,64}@[^\s"'<>@]+  # a mail address
    | \+\d(?:[ -]?\d){6,}  # a phone number
    | (?<!\w)(?P<mark>["'])  # what stands in quotes,
      (?!(?:[a-z][A-Za-z0-9]*(?:[_.][A-Za-z0-9]+)+)?(?P=mark))  # unless it is an id or the name of a field
      (?:\\.|(?!(?P=mark))[^\\])*+(?P=mark)
    | [\u3400-\u9fff\U00020000-\U0003ffff]+(?:·[\u3400-\u9fff\U00020000-\U0003ffff]+)*  # Chinese
    """,
    re.DOTALL | re.VERBOSE,
)
"""What an exception that we did not foresee, or the words of a library, may repeat from what was sent."""
_LONGEST_ERROR = 300
"""Characters of an exception in a field: the driver of the database describes all of its servers."""


class _JsonLines(logging.Formatter):
    def __init__(self, service: str, role: str) -> None:
        super().__init__()
        self._process = {"service": service, "role": role}

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; fields of a `Log` call are merged in, a foreign record becomes event `log`."""
        fields: dict[str, Any] = getattr(record, "fields", None) or {
            "event": "log",
            "message": _masked(record.getMessage()),
        }
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
            entry["exception"] = "".join(_told(record.exc_info[1], set())).rstrip()
        return orjson.dumps(entry, default=_shown).decode()


def _shown(value: object) -> str:
    """Return what JSON has no word for; of an exception its type and its masked message."""
    if isinstance(value, BaseException):
        return _masked(f"{type(value).__name__}: {value}")[:_LONGEST_ERROR]
    return str(value)


def _masked(words: str) -> str:
    return _PERSONAL.sub("***", words)


def _told(error: BaseException | None, seen: set[int]) -> Iterator[str]:
    """Yield the traces of an exception and of those that it came from, as Python tells them, with masked messages."""
    for place, each in enumerate(reversed(tuple(_chain(error, seen)))):
        yield "\nwhich led to:\n\n" if place else ""
        yield from traceback.format_tb(each.__traceback__)
        yield _masked("".join(traceback.format_exception_only(each)))
        for part in each.exceptions if isinstance(each, BaseExceptionGroup) else ():
            yield "\none of them:\n\n"
            yield from _told(part, seen)


def _chain(error: BaseException | None, seen: set[int]) -> Iterator[BaseException]:
    """Yield an exception and what it came from, each once: whoever raises again what was caught may close a circle."""
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


class Log:
    """Writes events with named fields. A field may be an exception: its message is masked."""

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
