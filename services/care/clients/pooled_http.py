"""HTTP/1.1 over kept-open connections: one write for a request, one parser in C for its answer."""

import asyncio
import re
import ssl
import time
from base64 import b64encode
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from services.care.clients.http_connection import HttpConnection
from services.care.ports.http import HttpAnswer, HttpRequest, NotReached

_CONNECT_SECONDS = 3.0
_IDLE_SECONDS = 5.0
"""Servers close what lies idle; a connection kept longer could be closing while it is written to."""
_DEFAULT_PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LEFT_ALONE = "/%:@!$&'()*+,;=~-._?"


class _Place(NamedTuple):
    host: str
    port: int
    tls: bool


class PooledHttp:
    """One pool for all providers of a process. Redirects are not followed: a signature holds for one address."""

    def __init__(self, *, connections: int = 64, seconds: float = 10.0, tls: ssl.SSLContext | None = None) -> None:
        """Take how many calls may be under way, how long an answer may take, and whom TLS trusts."""
        self._seconds = seconds
        self._tls = tls or ssl.create_default_context()
        self._places = asyncio.Semaphore(connections)
        self._idle: defaultdict[_Place, list[HttpConnection]] = defaultdict(list)

    async def post(self, request: HttpRequest) -> HttpAnswer:
        return await self._call("POST", request)

    async def get(self, url: str) -> HttpAnswer:
        return await self._call("GET", HttpRequest(url, b""))

    async def close(self) -> None:
        for connection in [each for idle in self._idle.values() for each in idle]:
            connection.close()
        self._idle.clear()

    async def _call(self, method: str, request: HttpRequest) -> HttpAnswer:
        try:
            place, target, usual = _address(request.url)
        except ValueError:
            raise NotReached("BadAddress") from None  # the address may hold a token: it is not passed on
        data = _written(f"{method} {target} HTTP/1.1", usual, request=request)
        async with self._places:
            connection = await self._connection(place)
            try:
                answer = await connection.exchange(data, self._seconds)
            except BaseException:
                connection.close()
                raise
            if connection.is_open:
                self._idle[place].append(connection)
        return answer

    async def _connection(self, place: _Place) -> HttpConnection:
        idle, oldest = self._idle[place], time.monotonic() - _IDLE_SECONDS
        while idle:
            connection = idle.pop()
            if connection.is_open and connection.used_at > oldest:
                return connection
            connection.close()
        loop, tls = asyncio.get_running_loop(), self._tls if place.tls else None
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                _, connection = await loop.create_connection(HttpConnection, place.host, place.port, ssl=tls)
        except (OSError, UnicodeError) as error:
            raise NotReached(type(error).__name__) from None
        return connection


@lru_cache(maxsize=256)
def _address(url: str) -> tuple[_Place, str, Mapping[str, str]]:
    """Return where to connect, what to ask for, and the usual headers; raises ValueError for no HTTP address."""
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError("no HTTP address")
    host = parts.hostname.encode("idna").decode()
    port = parts.port or _DEFAULT_PORTS[parts.scheme]
    shown = f"[{host}]" if ":" in host else host
    target = quote(parts.path or "/", safe=_LEFT_ALONE) + (
        f"?{quote(parts.query, safe=_LEFT_ALONE)}" * bool(parts.query)
    )
    told = "" if port == _DEFAULT_PORTS[parts.scheme] else f":{port}"
    headers = {"host": f"{shown}{told}", "accept": "*/*", "user-agent": "membercare"}
    if parts.username:
        known = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["authorization"] = f"Basic {b64encode(known.encode()).decode()}"
    return _Place(host, port, parts.scheme == "https"), target, headers


def _written(line: str, usual: Mapping[str, str], *, request: HttpRequest) -> bytes:
    """Return the request as bytes. A header of its own takes the place of the usual one: two hosts are refused."""
    headers = {**usual, **request.headers}
    told = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
    if len(_CONTROL.findall(told)) != 2 * len(headers):
        raise NotReached("BadHeader")
    length = f"content-length: {len(request.body)}\r\n" if line.startswith("POST") else ""
    return f"{line}\r\n{told}{length}\r\n".encode() + request.body
