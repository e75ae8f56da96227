"""The one server interceptor: request id, deadline, identity, rights, errors, log and figures of every call."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import grpc
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status
from pymongo.errors import ConnectionFailure, PyMongoError

from services.chassis import deadlines, logs, metrics
from services.chassis.errors import DatabaseUnavailable, DomainError, Forbidden, Kind, Unauthenticated
from services.chassis.identity import Caller, TokenVerifier, current_caller, set_caller
from services.chassis.rpc_errors import internal_status, to_status

Behaviour = Callable[[Any, grpc.ServicerContext], Any]

_ABSENT_DEADLINE_SECONDS = 1e9  # grpc reads an absent deadline as 9.2e18 seconds
_OPEN = ("/grpc.health.", "/grpc.reflection.")
_AWAY = "The database does not answer. Retry."
_log = logs.get("chassis.rpc")


class DeadlineRequired(DomainError):
    """The call has no deadline, so it could hang for ever."""

    kind, reason = Kind.INVALID, "DEADLINE_REQUIRED"


class Guard(grpc.ServerInterceptor):
    """Stands before every method, so that a servicer method is unpack, call, pack."""

    def __init__(
        self,
        verifier: TokenVerifier,
        access: Mapping[str, frozenset[str]],
        *,
        database_away: Callable[[], bool] = lambda: False,
    ) -> None:
        """Take the verifier of tokens, the roles by method name, and who knows that the database is away."""
        self._verifier = verifier
        self._access = access
        self._database_away = database_away

    def intercept_service(
        self,
        continuation: Callable[[grpc.HandlerCallDetails], "grpc.RpcMethodHandler[Any, Any] | None"],
        handler_call_details: grpc.HandlerCallDetails,
    ) -> "grpc.RpcMethodHandler[Any, Any] | None":
        """Wrap the method, health and reflection excepted."""
        handler = continuation(handler_call_details)
        path = handler_call_details.method
        if handler is None or handler.unary_unary is None or path.startswith(_OPEN):
            return handler
        return grpc.unary_unary_rpc_method_handler(
            self._guarded(path.rpartition("/")[2], handler.unary_unary),
            request_deserializer=handler.request_deserializer,
            response_serializer=handler.response_serializer,
        )

    def _guarded(self, method: str, behaviour: Behaviour) -> Behaviour:
        def answer(request: Any, context: grpc.ServicerContext) -> Any:
            began = time.perf_counter()
            metadata = {key: value for key, value in context.invocation_metadata() if isinstance(value, str)}
            logs.request_id.set(metadata.get("x-request-id", ""))
            try:
                self._admit(method, metadata, context=context)
                response, status = behaviour(request, context), None
            except DomainError as refusal:
                response, status = None, to_status(refusal)
            except Exception as error:  # noqa: BLE001  # whatever it is, the caller must not see it and the log must
                response, status = None, _status_of(error, method)
            self._note(method, status, seconds=time.perf_counter() - began)
            if status is not None:
                context.abort_with_status(rpc_status.to_status(status))
            return response

        return answer

    def _admit(self, method: str, metadata: Mapping[str, str], *, context: grpc.ServicerContext) -> None:
        left = context.time_remaining()
        if left > _ABSENT_DEADLINE_SECONDS:
            raise DeadlineRequired("Set a deadline: a call without one is refused.")
        deadlines.begin(left)
        set_caller(self._caller(metadata))
        if current_caller().roles.isdisjoint(self._access.get(method, frozenset())):
            raise Forbidden(f"None of your roles may call {method}.", method=method)
        if self._database_away():
            # Each call would hold one of our few threads until the driver loses hope, and callers miss their deadline.
            raise DatabaseUnavailable(_AWAY)

    def _caller(self, metadata: Mapping[str, str]) -> Caller:
        scheme, _, token = metadata.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated("The internal token is missing.")
        return self._verifier.verify(token)

    @staticmethod
    def _note(method: str, status: Status | None, *, seconds: float) -> None:
        code = "OK" if status is None else grpc_name(status.code)
        metrics.RPC_HANDLED.labels(method, code).inc()
        metrics.RPC_SECONDS.labels(method).observe(seconds)
        _log.info("rpc", method=method, code=code, ms=round(seconds * 1000, 2))
        set_caller(None)
        deadlines.end()
        logs.request_id.set("")


def _status_of(error: Exception, method: str) -> Status:
    """Tell an outage, which the caller may retry, from a fault of ours."""
    if isinstance(error, ConnectionFailure) or (isinstance(error, PyMongoError) and error.timeout):
        _log.warning("database_unavailable", method=method, error=type(error).__name__)
        return to_status(DatabaseUnavailable(_AWAY))
    _log.exception("fault", method=method)
    return internal_status(logs.request_id.get())


def grpc_name(code: int) -> str:
    """Return the name of a numeric status code."""
    return next((each.name for each in grpc.StatusCode if each.value[0] == code), str(code))
