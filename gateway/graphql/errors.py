"""What a caller is told when something is refused or breaks, and nothing more."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import grpc
import strawberry
from google.protobuf.message import Message
from graphql import GraphQLError

from gateway.graphql.arguments import argument_of, camel, in_schema_words, of_a_file, worded
from gateway.graphql.rpcs import rpc_of
from gateway.graphql.sources import computed
from services.chassis import logs
from services.chassis.errors import DomainError, Kind
from services.chassis.rpc_errors import Refusal, refusal_of

_log = logs.get("gateway.errors")


class Refused(Exception):
    """A service refused; the reason is meant for the caller."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class Coded(Exception):
    """A fault that the caller should recognise by its code."""

    def __init__(self, code: str, message: str, **more: str) -> None:
        super().__init__(message)
        self.code, self.more = code, more


_LONGEST_MESSAGE = 500


def failed(error: grpc.RpcError, request: Message, *, service: str) -> Exception:
    """Return what a failed call means: a refusal, an outage, no time left, or a fault of ours (the error itself).

    A service that does not accept our internal token is a fault of ours: the caller did sign in.
    """
    refusal = refusal_of(error)
    if refusal is not None and refusal.kind not in {Kind.UNAVAILABLE, Kind.UNAUTHENTICATED}:
        field = "csv" if of_a_file(refusal) else argument_of(refusal.field, rpc_of(request))
        told = {name: in_schema_words(value, request) for name, value in refusal.metadata.items()}
        named = {**told, "field": field}
        return Refused(replace(refusal, message=worded(refusal, request), metadata=named))
    status = error.code()
    if status is grpc.StatusCode.DEADLINE_EXCEEDED:
        return Coded("DEADLINE_EXCEEDED", f"The {service} service did not answer in time. Retry.", service=service)
    if status is grpc.StatusCode.UNAVAILABLE:
        return Coded("SERVICE_UNAVAILABLE", f"The {service} service is not available. Retry later.", service=service)
    return error


def refusal_from(error: Exception) -> Refusal | None:
    """Return the refusal that an exception stands for, whether a service or the gateway itself refused."""
    if isinstance(error, Refused):
        return error.refusal
    if isinstance(error, DomainError):
        return Refusal(error.kind, error.code, error.message, {**error.metadata, "field": error.field})
    return None


def answer(code: str, message: str, **more: Any) -> dict[str, Any]:
    """Return one error of a response that has no data."""
    return {"message": message, "extensions": {"code": code, **more}}


def own_mistake(error: GraphQLError, code: str) -> dict[str, Any]:
    """Return a mistake in the caller's own request, with its text."""
    formatted: dict[str, Any] = dict(error.formatted)
    if len(error.message) > _LONGEST_MESSAGE:  # the library quotes the values that it does not like
        formatted["message"] = f"{error.message[:_LONGEST_MESSAGE]}…"
    formatted["extensions"] = {"code": code, **(error.extensions or {})}
    return formatted


def field_error(error: GraphQLError) -> dict[str, Any]:
    """Return the error of a field: refusals and outages by their code, everything else masked and logged."""
    told: dict[str, Any] = {"message": error.message, "path": error.path}
    if error.locations:
        told["locations"] = [location.formatted for location in error.locations]
    told["message"], told["extensions"] = _explain(error, error.original_error)
    return told


def _explain(error: GraphQLError, cause: Exception | None) -> tuple[str, Mapping[str, Any]]:
    refusal = None if cause is None else refusal_from(cause)
    if refusal is not None:
        named = {"field": camel(refusal.field)} if refusal.field else {}
        told = dict(_details(refusal))
        return refusal.message, {"code": refusal.reason, **named, **({"details": told} if told else {})}
    if isinstance(cause, Coded):
        return str(cause), {"code": cause.code, **cause.more}
    if isinstance(cause, GraphQLError) and cause.nodes:
        return error.message, {"code": "BAD_USER_INPUT"}  # an argument that the library could not read
    _log.error("fault", path=error.path, error=cause, exc=_trace(cause))
    return "Internal error.", {"code": "INTERNAL", "requestId": logs.request_id.get()}


def _trace(cause: Exception | None) -> list[str]:
    frames: list[str] = []
    step = cause.__traceback__ if cause else None
    while step is not None:
        frames.append(f"{step.tb_frame.f_code.co_filename}:{step.tb_lineno}")
        step = step.tb_next
    return frames[-8:]


def _details(refusal: Refusal) -> list[tuple[str, str]]:
    return [(camel(name), value) for name, value in sorted(refusal.metadata.items()) if name != "field"]


@strawberry.type(description="Something that varies in the message of a refusal.")
class ErrorDetail:
    name: str = computed(lambda detail: detail[0], description="For example `campaignId`.")
    value: str = computed(lambda detail: detail[1], description="As it stands in the message.")


@strawberry.interface(description="Why a change was refused. Nothing was changed.")
class UserError:
    code: str = computed(
        lambda refusal: refusal.reason,
        description="Stable reason for programs, for example `CONTRACT_TRANSITION_REFUSED`.",
    )
    message: str = computed(
        lambda refusal: refusal.message,
        description="The reason in English. Words in another language are made from `code` and `details`.",
    )
    field: str | None = computed(
        lambda refusal: camel(refusal.field) or None, description="The argument or input field at fault, if one is."
    )
    details: list[ErrorDetail] = computed(_details, description="What varies in the message, sorted by name.")


@strawberry.type(description="The request is wrong, whatever the state: correct it.")
class InvalidInputError(UserError): ...


@strawberry.type(description="Something that the request names does not exist.")
class NotFoundError(UserError): ...


@strawberry.type(description="A key that must be unique is taken.")
class AlreadyExistsError(UserError): ...


@strawberry.type(description="Not now: something else must change first.")
class PreconditionError(UserError): ...


@strawberry.type(description="Somebody was faster: read again, then retry.")
class StaleVersionError(UserError): ...


@strawberry.type(description="The caller may not do this.")
class ForbiddenError(UserError): ...


ERROR_TYPES: dict[Kind, type[UserError]] = {
    Kind.INVALID: InvalidInputError,
    Kind.NOT_FOUND: NotFoundError,
    Kind.ALREADY_EXISTS: AlreadyExistsError,
    Kind.PRECONDITION: PreconditionError,
    Kind.STALE: StaleVersionError,
    Kind.FORBIDDEN: ForbiddenError,
}
"""Refusals that a mutation returns as data; the other kinds become an error of the field."""
