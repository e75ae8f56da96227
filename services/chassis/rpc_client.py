"""Channels to other services: keepalive, retries, and on every call a deadline, the request id and a token."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import grpc

from services.chassis import deadlines, logs

DEFAULT_SECONDS = 10.0
MOST_BYTES = 24 * 1024 * 1024

_RETRY = {
    "methodConfig": [
        {
            "name": [{}],
            "retryPolicy": {
                "maxAttempts": 3,
                "initialBackoff": "0.05s",
                "maxBackoff": "0.5s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ]
}
"""UNAVAILABLE means that nothing was done, or that a write will be found by its request id: both bear a repeat."""

OPTIONS: Sequence[tuple[str, int | str]] = (
    ("grpc.service_config", json.dumps(_RETRY)),
    ("grpc.max_receive_message_length", MOST_BYTES),
    ("grpc.max_send_message_length", MOST_BYTES),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2_000),
)

Metadata = tuple[tuple[str, str], ...]


def outgoing(token: str, *, at_most: float = DEFAULT_SECONDS) -> tuple[float, Metadata]:
    """Return timeout (seconds) and metadata of a call made now, on behalf of the request being served."""
    return deadlines.remaining(at_most), (("authorization", f"Bearer {token}"), ("x-request-id", logs.request_id.get()))


class _Outgoing(grpc.UnaryUnaryClientInterceptor):
    def __init__(self, token: Callable[[], str], at_most: float) -> None:
        self._token, self._at_most = token, at_most

    def intercept_unary_unary(
        self, continuation: Callable[[Any, Any], Any], client_call_details: grpc.ClientCallDetails, request: Any
    ) -> Any:
        """Add what every call must carry; a timeout that the caller set can only be shortened."""
        asked = client_call_details.timeout
        timeout, metadata = outgoing(self._token(), at_most=self._at_most if asked is None else asked)
        details = client_call_details._replace(  # type: ignore[attr-defined]  # grpc passes a named tuple
            timeout=timeout, metadata=[*(client_call_details.metadata or ()), *metadata]
        )
        return continuation(details, request)


def channel(address: str, *, token: Callable[[], str], at_most: float = DEFAULT_SECONDS) -> grpc.Channel:
    """Return a channel for synchronous callers; `token` is asked for the internal token of each call."""
    return grpc.intercept_channel(grpc.insecure_channel(address, options=list(OPTIONS)), _Outgoing(token, at_most))


def aio_channel(address: str) -> grpc.aio.Channel:
    """Return a channel for asyncio; its caller passes what `outgoing` returns: an interceptor costs a task a call."""
    return grpc.aio.insecure_channel(address, options=list(OPTIONS))
