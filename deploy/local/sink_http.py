"""The sink's HTTP side: shows what was kept, as JSON, and answers whether a message arrived."""

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from deploy.local.sink_store import Deliveries

PAGE, LARGEST_PAGE = 100, 1000
BAD_REQUEST, NOT_FOUND = 400, 404


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
    return Starlette(routes=[Route(path, page) for path, page in pages.items()], middleware=[here_only])


def _refusal(why: str) -> JSONResponse:
    return JSONResponse({"error": why}, BAD_REQUEST)
