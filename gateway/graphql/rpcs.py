"""What a request is meant for: each RPC has a request of its own, named after it, in the package of its service."""

from google.protobuf.message import Message


def service_of(request: Message) -> str:
    """Return the service that a request is meant for, by its package (`membercare.care.v1`)."""
    return request.DESCRIPTOR.file.package.split(".")[1]


def rpc_of(request: Message | type[Message]) -> str:
    """Return the RPC that a request belongs to: `BatchGetMembersRequest` to `BatchGetMembers`."""
    return request.DESCRIPTOR.name.removesuffix("Request")
