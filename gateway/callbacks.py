"""Passes on what providers post in formats of their own; the care service has their secrets and makes sure of them.

`POST /callbacks/<provider>` for those that sign, `POST /callbacks/<provider>/<token>` for those that do not. Whatever
is answered with another status than 200, the provider says again. WeChat makes sure of the address first, by GET.
"""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.bodies import BodyTooLarge, body_within
from gateway.graphql.context import Context
from gateway.graphql.errors import Coded, Refused
from membercare.care.v1 import sending_service_pb2 as pb
from services.chassis import deadlines, logs
from services.chassis.errors import Kind
from services.chassis.identity import Caller

MOST_BYTES = 256 * 1024
SIGNATURE = "x-twilio-signature"
_BAD, _NOT_GENUINE, _TOO_LARGE, _AWAY = 400, 401, 413, 503
_DOOR = Caller("callbacks", frozenset({"ops"}))
_log = logs.get("gateway.callbacks")


@dataclass(frozen=True)
class Callbacks:
    """Answers providers in their own format. Of what was posted nothing is logged: it names people."""

    context: Callable[[Caller | None], Context]
    request_seconds: float

    def routes(self) -> list[Route]:
        """Return where providers call."""
        return [
            Route("/callbacks/{provider_id}", self._answer, methods=["GET", "POST"]),
            Route("/callbacks/{provider_id}/{token}", self._answer, methods=["POST"]),
        ]

    async def _answer(self, request: Request) -> Response:
        deadlines.begin(self.request_seconds)
        try:
            response = await self._passed_on(request)
        except BodyTooLarge:
            response = _refused(_TOO_LARGE, f"A request holds {MOST_BYTES} bytes at most.")
        except Refused as refused:
            status = _NOT_GENUINE if refused.refusal.kind is Kind.FORBIDDEN else _BAD
            response = _refused(status, refused.refusal.message)
        except Coded:
            response = _refused(_AWAY, "Not now: send it again.")
        _log.info("callback", status=response.status_code)
        return response

    async def _passed_on(self, request: Request) -> Response:
        context = self.context(_DOOR)
        asked = pb.HearProviderCallbackRequest(
            provider_id=request.path_params["provider_id"],
            token=request.path_params.get("token", ""),
            target=_target(request),
            signature=request.headers.get(SIGNATURE, ""),
            body=await body_within(request, MOST_BYTES),
        )
        told = await context.call(context.clients.care.HearProviderCallback, asked)
        return Response(told.answer, media_type=told.content_type)


def _refused(status: int, why: str) -> Response:
    return JSONResponse({"error": why}, status)


def _target(request: Request) -> str:
    """Return path and query letter by letter as they were called, for that is what was signed."""
    path, query = request.scope["raw_path"].decode("latin-1"), request.scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path
