"""GraphQL over HTTP, to the letter of its specification, as a small ASGI application."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from ulid import ULID

from gateway.graphql.context import Context
from gateway.graphql.engine import Answer, Engine, Request
from gateway.graphql.errors import Coded, answer
from gateway.negotiation import JSON, is_json, response_type, wants_page
from gateway.signin import SignIn
from services.chassis import deadlines, logs
from services.chassis.errors import Unauthenticated
from services.chassis.identity import Caller

_log = logs.get("gateway.http")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._~-]{1,64}")
ANONYMOUS_BODY_BYTES = 256 * 1024


class Refusal(Exception):
    """The request is not one of GraphQL over HTTP, or is too large, or its token is not good."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.headers = status, code, headers


class Disconnected(Exception):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True, kw_only=True)
class GraphQLEndpoint:
    """Takes a request apart, has it executed, and writes the answer."""

    engine: Engine
    sign_in: SignIn
    context: Callable[[Caller | None], Context]
    page: ASGIApp | None
    """What a browser gets that opens the address."""
    max_body_bytes: int
    request_seconds: float

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        headers = Headers(scope=scope)
        if scope["method"] == "GET" and self.page and not scope["query_string"] and wants_page(headers.get("accept")):
            await self.page(scope, receive, send)
            return
        began = time.perf_counter()
        request_id = _request_id(headers)
        logs.request_id.set(request_id)
        deadlines.begin(self.request_seconds)
        extra = {"x-request-id": request_id}
        media = response_type(headers.get("accept")) or JSON
        try:
            reply = await self._reply(scope, receive, headers, request_id)
            status = reply.status(media)
        except Refusal as refusal:
            status, reply = refusal.status, Answer.refused(answer(refusal.code, str(refusal)))
            extra.update(refusal.headers)
        except Disconnected:
            _log.info("graphql", status=499, ms=_since(began))
            return
        await _write(send, status, media, reply.body, extra)
        _log.info(
            "graphql",
            status=status,
            operation=reply.operation,
            kind=reply.kind,
            cost=reply.cost,
            errors=reply.codes,
            ms=_since(began),
        )

    async def _reply(self, scope: Scope, receive: Receive, headers: Headers, request_id: str) -> Answer:
        method = scope["method"]
        if method not in {"GET", "POST"}:
            raise Refusal(405, "METHOD_NOT_ALLOWED", "GraphQL is asked by GET or POST.", allow="GET, POST")
        if response_type(headers.get("accept")) is None:
            raise Refusal(406, "NOT_ACCEPTABLE", "Accept application/graphql-response+json or application/json.")
        if method == "POST" and not is_json(headers.get("content-type")):
            raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "Send the request as application/json in UTF-8.")
        caller = await self._caller(headers, request_id)
        if method == "POST":
            limit = self.max_body_bytes if caller else min(self.max_body_bytes, ANONYMOUS_BODY_BYTES)
            parameters = _json(await _body(receive, headers, limit))
        else:
            parameters = _query_string(scope["query_string"])
        request = _request(parameters, read_only=method == "GET")
        return await self._execute(request, caller, receive)

    async def _caller(self, headers: Headers, request_id: str) -> Caller | None:
        try:
            return await self.sign_in.caller(headers.get("authorization"), request_id)
        except Unauthenticated as error:
            raise Refusal(401, "UNAUTHENTICATED", error.message, **{"www-authenticate": "Bearer"}) from error
        except Coded as error:
            raise Refusal(503, error.code, str(error)) from error

    async def _execute(self, request: Request, caller: Caller | None, receive: Receive) -> Answer:
        context = self.context(caller)
        work = asyncio.ensure_future(self.engine.execute(request, context))
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait({work, gone}, timeout=self.request_seconds, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            if gone.done():
                raise Disconnected
            raise Refusal(504, "DEADLINE_EXCEEDED", f"The request took longer than {self.request_seconds:g} s.")
        finally:
            gone.cancel()
            if not work.done():
                work.cancel()
                await asyncio.wait({work})
            context.abandon()


def _request_id(headers: Headers) -> str:
    sent = headers.get("x-request-id", "")
    return sent if _REQUEST_ID.fullmatch(sent) else str(ULID())


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _body(receive: Receive, headers: Headers, limit: int) -> bytes:
    too_large = Refusal(413, "BODY_TOO_LARGE", f"The body may have {limit} bytes at most.", connection="close")
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        part = message.get("body", b"")
        more, size = message.get("more_body", False), size + len(part)
        if size > limit:
            raise too_large
        parts.append(part)
    return b"".join(parts)


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
    parameters: dict[str, Any] = dict(pairs)
    for name in ("variables", "extensions"):
        if parameters.get(name):
            parameters[name] = _json(parameters[name].encode())
        else:
            parameters.pop(name, None)
    if not parameters.get("operationName"):
        parameters.pop("operationName", None)
    return parameters


def _request(parameters: Any, *, read_only: bool) -> Request:
    if isinstance(parameters, list):
        raise Refusal(400, "BATCHING_REFUSED", "Send one operation in a request; one operation may have many fields.")
    if not isinstance(parameters, dict):
        raise Refusal(400, "BAD_REQUEST", "The body must be a JSON object with `query`.")
    query, operation = parameters.get("query"), parameters.get("operationName")
    variables, extensions = parameters.get("variables"), parameters.get("extensions")
    if not isinstance(query, str) or not query.strip():
        raise Refusal(400, "BAD_REQUEST", "`query` is missing: it must be the text of a GraphQL document.")
    if not isinstance(operation, str | None):
        raise Refusal(400, "BAD_REQUEST", "`operationName` must be a string.")
    if not isinstance(variables, dict | None):
        raise Refusal(400, "BAD_REQUEST", "`variables` must be an object.")
    if not isinstance(extensions, dict | None):
        raise Refusal(400, "BAD_REQUEST", "`extensions` must be an object.")
    return Request(query=query, operation=operation, variables=variables or {}, read_only=read_only)


async def _write(send: Send, status: int, media: str, body: bytes, headers: dict[str, str]) -> None:
    raw = [
        (b"content-type", f"{media}; charset=utf-8".encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        *((name.encode(), value.encode()) for name, value in headers.items()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
