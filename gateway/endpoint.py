"""GraphQL over HTTP, to the letter of its specification, as a small ASGI application."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from gateway import figures
from gateway.exchange import Disconnected, Exchange, Refusal
from gateway.graphql.context import Context
from gateway.graphql.engine import Answer, Engine
from gateway.graphql.errors import Coded, answer
from gateway.negotiation import is_json, response_type, wants_page
from gateway.signin import SignIn
from services.chassis import deadlines, logs
from services.chassis.errors import Unauthenticated
from services.chassis.identity import Caller

_log = logs.get("gateway.http")
ANONYMOUS_BODY_BYTES = 256 * 1024
_LONGEST_NAME = 100


@dataclass(frozen=True, kw_only=True)
class GraphQLEndpoint:
    """Takes a request apart, has it executed, and writes the answer."""

    engine: Engine
    sign_in: SignIn
    context: Callable[[Caller | None], Context]
    page: ASGIApp
    """What a browser gets that opens the address."""
    max_body_bytes: int
    request_seconds: float

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        exchange = Exchange(scope, receive, send)
        if exchange.method == "GET" and not exchange.query_string and wants_page(exchange.headers.get("accept")):
            await self.page(scope, receive, send)
            return
        began = time.perf_counter()
        logs.request_id.set(exchange.id)
        deadlines.begin(self.request_seconds)
        headers: dict[str, str] = {}
        try:
            reply = await self._reply(exchange)
            status = reply.status(exchange.media)
        except Refusal as refusal:
            status, reply = refusal.status, Answer.refused(answer(refusal.code, str(refusal)))
            headers = refusal.headers
        except Disconnected:
            _log.info("graphql", status=499, ms=_since(began))
            return
        except Exception:  # noqa: BLE001  # the caller must not see it, and the log must
            _log.exception("fault")
            status = 500
            reply = Answer.refused(answer("INTERNAL", "Internal error.", requestId=exchange.id))
        await exchange.answer(status, reply.body, **headers)
        _note(reply, status=status, ms=_since(began))

    async def _reply(self, exchange: Exchange) -> Answer:
        if exchange.method not in {"GET", "POST"}:
            raise Refusal(405, "METHOD_NOT_ALLOWED", "GraphQL is asked by GET or POST.", allow="GET, POST")
        if response_type(exchange.headers.get("accept")) is None:
            raise Refusal(406, "NOT_ACCEPTABLE", "Accept application/graphql-response+json or application/json.")
        if exchange.method == "POST" and not is_json(exchange.headers.get("content-type")):
            raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE", "Send the request as application/json in UTF-8.")
        caller = await self._caller(exchange)
        return await self._execute(exchange, caller)

    async def _caller(self, exchange: Exchange) -> Caller | None:
        try:
            return await self.sign_in.caller(exchange.headers.get("authorization"), exchange.id)
        except Unauthenticated as error:
            raise Refusal(401, "UNAUTHENTICATED", error.message, **{"www-authenticate": "Bearer"}) from error
        except Coded as error:
            raise Refusal(503, error.code, str(error)) from error

    async def _execute(self, exchange: Exchange, caller: Caller | None) -> Answer:
        request = await exchange.request(self.max_body_bytes if caller else ANONYMOUS_BODY_BYTES)
        context = self.context(caller)
        work = asyncio.ensure_future(self.engine.execute(request, context))
        gone = asyncio.ensure_future(exchange.gone())
        try:
            began = time.monotonic()
            while not work.done() and not gone.done():
                # A request turns out to bring a file while it is executed, and then has more time.
                ends_at = max(began + self.request_seconds, context.ends_at)
                if (left := ends_at - time.monotonic()) <= 0:
                    allowed = round(ends_at - began, 1)
                    raise Refusal(504, "DEADLINE_EXCEEDED", f"The request took longer than {allowed:g} s.")
                await asyncio.wait({work, gone}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                return work.result()
            raise Disconnected
        finally:
            gone.cancel()
            if not work.done():
                work.cancel()
                await asyncio.wait({work})
            context.abandon()


def _since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)


def _note(reply: Answer, *, status: int, ms: float) -> None:
    figures.ANSWERED.labels(reply.kind or "none", str(status)).inc()
    figures.SECONDS.labels(reply.kind or "none").observe(ms / 1000)
    for code in reply.codes:
        figures.ERRORS.labels(code).inc()
    _log.info(
        "graphql",
        status=status,
        operation=(reply.operation or "")[:_LONGEST_NAME] or None,
        kind=reply.kind,
        cost=reply.cost,
        errors=reply.codes,
        ms=ms,
    )
