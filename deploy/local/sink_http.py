"""The sink's HTTP side: takes messages of channels, shows what was kept, and answers whether a message arrived."""

import sqlite3
from collections.abc import Awaitable, Callable
from email import policy
from email.message import EmailMessage
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from deploy.local.sink_store import Deliveries, Delivery
from services.chassis import logs

PAGE, LARGEST_PAGE = 100, 1000
CREATED, BAD_REQUEST, NOT_FOUND, AWAY = 201, 400, 404, 503
CHANNELS = ("sms", "wecom", "wechat", "webhook")
_log = logs.get("sink")


def app(deliveries: Deliveries) -> Starlette:
    """Build the pages over this store."""

    def messages(request: Request) -> Response:
        asked = request.query_params
        try:
            after, limit = int(asked.get("after", "0")), int(asked.get("limit", str(PAGE)))
        except ValueError:
            return _refusal("`after` and `limit` are whole numbers.")
        if not 1 <= limit <= LARGEST_PAGE:
            return _refusal(f"`limit` is from 1 to {LARGEST_PAGE}.")
        newest = asked.get("order") == "newest"
        return JSONResponse(deliveries.page(to=asked.get("to", ""), after=after, limit=limit, newest=newest))

    def message(request: Request) -> Response:
        content = deliveries.content(request.path_params["number"])
        if content is None:
            return JSONResponse({"error": "No such message."}, NOT_FOUND)
        return PlainTextResponse(content, media_type="message/rfc822")

    def lookup(request: Request) -> Response:
        message_id = request.query_params.get("message_id", "").strip().strip("<>")
        if not message_id:
            return _refusal("`message_id` is missing.")
        return JSONResponse({"count": deliveries.count(message_id)})

    pages: dict[str, Callable[[Request], Any]] = {
        "/messages": messages,
        "/messages/{number:int}": message,
        "/lookup": lookup,
        "/stats": lambda _: JSONResponse(deliveries.stats()),
        "/health": lambda _: JSONResponse({"status": "ok"}),
    }
    # A web page that points its own name at this machine must not read the messages.
    here_only = Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    routes = [Route(path, page) for path, page in pages.items()]
    routes.append(Route("/channels/{channel}", _taker(deliveries), methods=["POST"]))
    return Starlette(routes=routes, middleware=[here_only])


def _taker(deliveries: Deliveries) -> Callable[[Request], Awaitable[Response]]:
    async def take(request: Request) -> Response:
        channel = request.path_params["channel"]
        if channel not in CHANNELS:
            return _refusal(f"There is no channel {channel}.")
        try:
            told = await request.json()
            delivery = _as_mail(channel, told)
        except (ValueError, KeyError, TypeError, AttributeError):
            return _refusal("A message is JSON with `message_id`, `to`, `subject` and `body`.")
        try:
            await deliveries.keep([delivery])
        except sqlite3.Error:
            _log.exception("not_stored")
            return JSONResponse({"error": "Could not store the message."}, AWAY)
        return JSONResponse({"message_id": delivery.message_id}, CREATED)

    return take


def _as_mail(channel: str, told: dict[str, Any]) -> Delivery:
    """Return a message of any channel in the form that all are kept in; its sender is the channel."""
    mail = EmailMessage(policy=policy.SMTP)
    head = {"From": channel, "To": told["to"], "Subject": told["subject"], "Message-ID": f"<{told['message_id']}>"}
    for name, value in head.items():
        mail[name] = " ".join(str(value).split())
    mail.set_content(str(told["body"]), cte="base64")
    subject = str(told["subject"]) or str(told["body"]).partition("\n")[0][:60]
    return Delivery(str(told["message_id"]), str(told["to"]), channel, subject, mail.as_bytes())


def _refusal(why: str) -> JSONResponse:
    return JSONResponse({"error": why}, BAD_REQUEST)
