"""The only translator of refusals: DomainError to gRPC status with ErrorInfo, and back."""

from dataclasses import dataclass

import grpc
from google.protobuf.any_pb2 import Any as AnyMessage
from google.rpc.code_pb2 import Code
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status
from grpc_status import rpc_status

from services.chassis.errors import DomainError, Kind

DOMAIN = "membercare"
_MOST_MESSAGE, _MOST_METADATA = 900, 1_800
"""Bytes. A status travels in a header of 8 KiB, the message twice (up to 3 and 4/3 bytes a byte): a longer one arrives
as RESOURCE_EXHAUSTED, and nobody learns what was wrong."""

STATUS: dict[Kind, grpc.StatusCode] = {
    Kind.INVALID: grpc.StatusCode.INVALID_ARGUMENT,
    Kind.NOT_FOUND: grpc.StatusCode.NOT_FOUND,
    Kind.ALREADY_EXISTS: grpc.StatusCode.ALREADY_EXISTS,
    Kind.PRECONDITION: grpc.StatusCode.FAILED_PRECONDITION,
    Kind.STALE: grpc.StatusCode.ABORTED,
    Kind.FORBIDDEN: grpc.StatusCode.PERMISSION_DENIED,
    Kind.UNAUTHENTICATED: grpc.StatusCode.UNAUTHENTICATED,
    Kind.UNAVAILABLE: grpc.StatusCode.UNAVAILABLE,
}
KIND = {status: kind for kind, status in STATUS.items()}


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal as it arrived from another process."""

    kind: Kind
    reason: str
    message: str
    metadata: dict[str, str]

    @property
    def field(self) -> str:
        """The request field at fault, or the empty string."""
        return self.metadata.get("field", "")


def to_status(error: DomainError) -> Status:
    """Return the status that carries the refusal: reason, field and metadata in ErrorInfo."""
    told = {**error.metadata, **({"field": error.field} if error.field else {})}
    metadata = {key: _cut(str(value), _MOST_METADATA // len(told)) for key, value in told.items()}
    detail = AnyMessage()
    detail.Pack(ErrorInfo(reason=error.code, domain=DOMAIN, metadata=metadata))
    return Status(code=STATUS[error.kind].value[0], message=_cut(error.message, _MOST_MESSAGE), details=[detail])


def _cut(text: str, most: int) -> str:
    """Return the text, or its beginning and an ellipsis if its UTF-8 is longer than `most` bytes."""
    told = text.encode(errors="replace")
    return text if len(told) <= most else told[: most - 3].decode(errors="ignore") + "…"


def internal_status(request_id: str) -> Status:
    """Return what a caller learns of a fault of ours: nothing but the id to ask about."""
    detail = AnyMessage()
    detail.Pack(ErrorInfo(reason="INTERNAL", domain=DOMAIN, metadata={"request_id": request_id}))
    return Status(code=Code.INTERNAL, message="Internal error.", details=[detail])


def refusal_of(error: grpc.RpcError) -> Refusal | None:
    """Return the refusal that a failed call carries, or None if it is an outage or a fault.

    An `AioRpcError` is not a `grpc.Call`, so nothing may be guarded by isinstance here.
    """
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # see above
    if status is None:
        return None
    code = next((each for each in KIND if each.value[0] == status.code), None)
    for detail in status.details:
        info = ErrorInfo()
        if code is not None and detail.Unpack(info) and info.domain == DOMAIN:
            return Refusal(KIND[code], info.reason, status.message, dict(info.metadata))
    return None
