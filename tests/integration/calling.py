"""Calls a service as the gateway does: real socket, signed token, deadline; and reads its refusals."""

from collections.abc import Callable
from typing import Any, Self, TypeVar

import grpc
import pytest

from deploy.local.keys import Keys
from services.chassis.clock import SystemClock
from services.chassis.identity import TokenIssuer
from services.chassis.rpc_client import channel
from services.chassis.rpc_errors import Refusal, refusal_of

Stub = TypeVar("Stub")


class Calling:
    """Makes stubs that call one server in a role."""

    def __init__(self, port: int, keys: Keys) -> None:
        self.address = f"127.0.0.1:{port}"
        self.issuer = TokenIssuer(keys.internal_private.read_bytes())
        self._channels: list[grpc.Channel] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for each in self._channels:
            each.close()

    def token(self, *roles: str, subject: str = "somebody") -> str:
        return self.issuer.issue(subject=subject, roles=roles, request_id="req-1", now=SystemClock().now())

    def as_role(self, stub: Callable[[grpc.Channel], Stub], *roles: str) -> Stub:
        """Return a stub that calls with a fresh token of these roles."""
        return self.with_token(stub, lambda: self.token(*roles))

    def as_subject(self, stub: Callable[[grpc.Channel], Stub], subject: str, *roles: str) -> Stub:
        """Return a stub that calls as another person."""
        return self.with_token(stub, lambda: self.token(*roles, subject=subject))

    def with_token(self, stub: Callable[[grpc.Channel], Stub], token: Callable[[], str]) -> Stub:
        return self._on(channel(self.address, token=token), stub)

    def plain(self, stub: Callable[[grpc.Channel], Stub]) -> Stub:
        """Return a stub that adds nothing to a call: no token, no deadline."""
        return self._on(grpc.insecure_channel(self.address), stub)

    def _on(self, opened: grpc.Channel, stub: Callable[[grpc.Channel], Stub]) -> Stub:
        self._channels.append(opened)
        return stub(opened)


def refused(call: Callable[..., Any], request: Any, **options: Any) -> Refusal:
    """Make a call that must be refused, and return the refusal."""
    with pytest.raises(grpc.RpcError) as caught:
        call(request, **options)
    refusal = refusal_of(caught.value)
    assert refusal is not None, caught.value
    return refusal
