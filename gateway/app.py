"""Builds the gateway: settings in, an ASGI application out."""

import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import jwt
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from gateway.callbacks import Callbacks
from gateway.clients import Clients
from gateway.config import Settings
from gateway.documents import Downloads
from gateway.endpoint import GraphQLEndpoint
from gateway.graphql.context import Context
from gateway.graphql.documents import Documents
from gateway.graphql.engine import Engine
from gateway.graphql.limits import Limits
from gateway.graphql.schema import schema
from gateway.health import health_of
from gateway.pages import graphiql
from gateway.pages.confirmation import Confirmation
from gateway.pages.inbox import Inbox
from gateway.pages.link_page import LinkGate
from gateway.pages.preferences import Preferences
from gateway.receipts import Receipts
from gateway.signin import DEV_ISSUER, DevIssuer, Issuer, OidcIssuer, SignIn
from services.chassis import logs
from services.chassis.clock import Clock, SystemClock
from services.chassis.identity import Caller, TokenIssuer

_log = logs.get("gateway")
_GC_THRESHOLD = (100_000, 50, 100)
"""A request makes many objects and no cycles: collecting as often as Python does by default costs 4 to 10 %."""


def build(settings: Settings, clock: Clock | None = None) -> Starlette:
    """Return the application; it opens its channels when it starts and closes them when it stops."""
    clock = clock or SystemClock()
    lines = Lines(settings)
    sign_in = SignIn(issuers(settings), clock, roles_claim=settings.oidc_roles_claim)
    context = contexts(settings, lines, clock=clock)
    endpoint = GraphQLEndpoint(
        engine=engine(settings),
        sign_in=sign_in,
        context=context,
        page=graphiql.Page(),
        max_body_bytes=settings.max_body_bytes,
        request_seconds=settings.request_seconds,
    )
    downloads = Downloads(sign_in=sign_in, context=context, request_seconds=settings.request_seconds)
    gate = LinkGate(context, settings.request_seconds)
    routes: list[BaseRoute] = [
        Route("/graphql", endpoint),
        Route("/documents/{id}", downloads),
        Route("/health", lines.health),
        graphiql.files(),
        *gate.routes(),
        *Preferences(gate).routes(),
        *Confirmation(gate).routes(),
        Receipts.of(settings, context, clock=clock).route(),
        *Callbacks(context, settings.request_seconds).routes(),
    ]
    if settings.env == "development" and settings.inbox_url:
        routes += Inbox(settings.inbox_url).routes()
    return Starlette(routes=routes, lifespan=lines.lifespan)


class Lines:
    """The channels to the services; they belong to the loop that serves, so they are opened there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._clients: Clients | None = None

    @property
    def clients(self) -> Clients:
        """Return the open channels."""
        if self._clients is None:
            raise RuntimeError("The application was not started.")
        return self._clients

    @asynccontextmanager
    async def lifespan(self, _: Starlette) -> AsyncIterator[None]:
        """Open the channels, serve, close them."""
        settings = self._settings
        self._clients = Clients.open(
            contracts=settings.contracts_address,
            care=settings.care_address,
            feedback=settings.feedback_address,
            kpi=settings.kpi_address,
        )
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_GC_THRESHOLD)
        yield
        await self._clients.close()

    async def health(self, _: Request) -> Response:
        """Answer how the services are."""
        return JSONResponse(await health_of(self.clients), headers={"cache-control": "no-store"})


def engine(settings: Settings) -> Engine:
    """Return what executes queries, within the limits of these settings."""
    limits = Limits(depth=settings.max_query_depth, cost=settings.max_query_cost)
    open_schema = settings.env == "development"
    documents = Documents(schema(), limits, hints=open_schema)
    return Engine(schema=schema(), documents=documents, limits=limits, open_schema=open_schema)


def contexts(settings: Settings, lines: Lines, *, clock: Clock) -> Callable[[Caller | None], Context]:
    """Return what makes the context of a request; internal tokens are signed with the key of these settings."""
    signer = TokenIssuer(settings.internal_token_private_key_file.read_bytes())

    def sign(caller: Caller) -> str:
        return signer.issue(subject=caller.subject, roles=caller.roles, request_id=caller.request_id, now=clock.now())

    return lambda caller: Context(
        clients=lines.clients,
        caller=caller,
        sign=sign,
        call_seconds=settings.call_seconds,
        file_seconds=settings.file_seconds,
    )


def issuers(settings: Settings) -> dict[str, Issuer]:
    """Return whose tokens are accepted, by the `iss` of their tokens."""
    accepted: dict[str, Issuer] = {}
    if settings.dev_issuer_key_file is not None and settings.env == "development":
        accepted[DEV_ISSUER] = DevIssuer(settings.dev_issuer_key_file.read_bytes())
    if settings.oidc_issuer:
        keys = jwt.PyJWKClient(settings.oidc_jwks_url, cache_keys=True, lifespan=300, timeout=5)
        accepted[settings.oidc_issuer] = OidcIssuer(settings.oidc_issuer, settings.oidc_audience, keys)
    return accepted
