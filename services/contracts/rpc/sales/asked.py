"""What every change is asked with: which thing, its version, and the id of the request."""

from typing import Protocol

from services.contracts.usecases.sales.asked import Asked


class ChangeRequest(Protocol):
    """A request that changes one thing."""

    etag: str
    request_id: str


def to_asked(key: str, request: ChangeRequest) -> Asked:
    return Asked(id=key, etag=request.etag, request_id=request.request_id)
