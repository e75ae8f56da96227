"""What every resolver of one request may use: the caller, the services, and what was already fetched."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

import grpc
from google.protobuf.message import Message

from gateway.clients import Clients
from gateway.graphql.errors import failed
from gateway.graphql.rpcs import service_of
from services.chassis import deadlines
from services.chassis.errors import Forbidden, Unauthenticated
from services.chassis.identity import Caller
from services.chassis.rpc_client import outgoing

Request = TypeVar("Request", bound=Message)
Answer = TypeVar("Answer", bound=Message)


@dataclass(slots=True, kw_only=True)
class Context:
    """Lives as long as one request."""

    clients: Clients
    caller: Caller | None
    sign: Callable[[Caller], str]
    """Signs the internal token of a caller."""
    call_seconds: float
    file_seconds: float
    """What a request may take in which a file is brought or taken, or a whole campaign counted."""
    ends_at: float = 0.0
    """By the monotonic clock: until when this request may take for its file or count; 0: it has none."""
    fetched: dict[Any, Any] = field(default_factory=dict)
    """By loader and arguments: what the joins of this request asked for."""
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    """Calls under way, so that an abandoned request can cancel them."""
    _token: str = ""

    async def call(
        self, method: "grpc.aio.UnaryUnaryMultiCallable[Request, Answer]", request: Request, *, patient: bool = False
    ) -> Answer:
        """Call a service on behalf of the caller; a failure comes as `gateway.graphql.errors` explains it.

        A patient call, and what follows it, may take longer than other requests: a file is worth waiting for, and so
        is what a whole campaign came to.
        """
        if patient:
            self.ends_at = self.ends_at or time.monotonic() + self.file_seconds
            deadlines.begin(self.ends_at - time.monotonic())
        if "request_id" in request.DESCRIPTOR.fields_by_name and not request.request_id:  # type: ignore[attr-defined]
            request.request_id = str(uuid4())  # type: ignore[attr-defined]  # the channel repeats what got no answer
        timeout, metadata = outgoing(self.token(), at_most=self.file_seconds if patient else self.call_seconds)
        try:
            return await method(request, timeout=timeout, metadata=metadata)
        except grpc.aio.AioRpcError as error:
            raise failed(error, request, service=service_of(request)) from error

    def method(self, rpc: str, request: Message) -> Any:
        """Return the method of the service that the request is meant for."""
        return getattr(getattr(self.clients, service_of(request)), rpc)

    def token(self) -> str:
        """Return the internal token of this request, signed when it is first needed."""
        if not self._token:
            self._token = self.sign(self.signed_in())
        return self._token

    def signed_in(self) -> Caller:
        """Return the caller, or refuse if nobody signed in."""
        if self.caller is None:
            raise Unauthenticated("Sign in first: send `Authorization: Bearer <token>`.")
        return self.caller

    def admit(self, roles: frozenset[str]) -> None:
        """Refuse a caller who has none of these roles; an empty set admits everybody who signed in."""
        if roles and roles.isdisjoint(self.signed_in().roles):
            raise Forbidden("None of your roles may use this field.")
        self.signed_in()

    def abandon(self) -> None:
        """Cancel what is still being fetched."""
        for task in self.tasks:
            task.cancel()
