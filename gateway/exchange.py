"""One HTTP exchange: its headers and id, and the request of GraphQL that its body or address holds."""

import re
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send
from ulid import ULID

from gateway.graphql.engine import Request
from gateway.negotiation import JSON, response_type

_REQUEST_ID = re.compile(r"[A-Za-z0-9._~-]{1,64}")


class Refusal(Exception):
    """The request is not one of GraphQL over HTTP, or is too large, or its token is not good."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.headers = status, code, headers


class Disconnected(Exception):
    """Nobody waits for the answer any more."""


class Exchange:
    """What came in and how to answer it."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.method: str = scope["method"]
        self.query_string: bytes = scope["query_string"]
        self.headers = Headers(scope=scope)
        sent = self.headers.get("x-request-id", "")
        self.id = sent if _REQUEST_ID.fullmatch(sent) else str(ULID())
        self.media = response_type(self.headers.get("accept")) or JSON
        self._receive, self._send = receive, send

    async def request(self, limit: int) -> Request:
        """Return the request, or refuse what is none; `limit` is the size of the body in bytes."""
        if self.method == "GET":
            return _request(_query_string(self.query_string), read_only=True)
        return _request(_json(await self._body(limit)), read_only=False)

    async def gone(self) -> None:
        """Return when the client hangs up; not before the body was read."""
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def answer(self, status: int, body: bytes, **headers: str) -> None:
        """Write the answer in the type that the client prefers."""
        raw = {
            "content-type": f"{self.media}; charset=utf-8",
            "content-length": str(len(body)),
            "cache-control": "no-store",
            "x-content-type-options": "nosniff",
            "x-request-id": self.id,
            **headers,
        }
        encoded = [(name.encode(), value.encode()) for name, value in raw.items()]
        await self._send({"type": "http.response.start", "status": status, "headers": encoded})
        await self._send({"type": "http.response.body", "body": body})

    async def _body(self, limit: int) -> bytes:
        declared = self.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            raise _too_large(limit)
        parts: list[bytes] = []
        size, more = 0, True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Disconnected
            part = message.get("body", b"")
            more, size = message.get("more_body", False), size + len(part)
            if size > limit:
                raise _too_large(limit)
            parts.append(part)
        return b"".join(parts)


def _too_large(limit: int) -> Refusal:
    return Refusal(413, "BODY_TOO_LARGE", f"The body may have {limit} bytes at most.", connection="close")


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refusal(400, "BAD_REQUEST", "The body is not JSON in UTF-8.") from error


def _query_string(raw: bytes) -> dict[str, Any]:
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20)
    except ValueError as error:
        raise Refusal(400, "BAD_REQUEST", "The query string cannot be read.") from error
    parameters: dict[str, Any] = {name: value for name, value in pairs if value}
    for name in {"variables", "extensions"} & set(parameters):
        parameters[name] = _json(parameters[name].encode())
    return parameters


def _request(parameters: Any, *, read_only: bool) -> Request:
    if isinstance(parameters, list):
        raise Refusal(400, "BATCHING_REFUSED", "Send one operation in a request; one operation may have many fields.")
    if not isinstance(parameters, dict):
        raise Refusal(400, "BAD_REQUEST", "The body must be a JSON object with `query`.")
    query, operation = parameters.get("query"), parameters.get("operationName")
    variables = parameters.get("variables")
    if not isinstance(query, str) or not query.strip():
        raise Refusal(400, "BAD_REQUEST", "`query` is missing: it must be the text of a GraphQL document.")
    if not isinstance(operation, str | None):
        raise Refusal(400, "BAD_REQUEST", "`operationName` must be a string.")
    for name in ("variables", "extensions"):
        if not isinstance(parameters.get(name), dict | None):
            raise Refusal(400, "BAD_REQUEST", f"`{name}` must be an object.")
    return Request(query=query, operation=operation, variables=variables or {}, read_only=read_only)
