"""Calls to providers over HTTP, with the two ways in which one can fail told apart."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


class NotReached(Exception):
    """No connection was made: the provider has seen nothing."""


class Broken(Exception):
    """The connection broke, or no answer came in time: the provider may have seen the request."""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One POST."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back, whatever its status."""

    status: int
    body: bytes


class Http(Protocol):
    """Connections that are kept open between calls."""

    async def post(self, request: HttpRequest) -> HttpAnswer:
        """Return the answer, or raise NotReached or Broken."""

    async def get(self, url: str) -> HttpAnswer:
        """Return the answer, or raise NotReached or Broken."""

    async def close(self) -> None:
        """Close the connections."""
