"""Sends what a mutation was asked as the request of its RPC."""

from typing import Any

from google.protobuf.message import Message

from gateway.graphql.roots import Info
from gateway.graphql.rpcs import rpc_of
from gateway.graphql.sources import packed


async def send(info: Info, kind: type[Message], value: object = None, *, patient: bool = False, **fields: Any) -> Any:
    """Call the RPC with the fields of an input object, and with more; None leaves a field unset."""
    request = kind(**fields) if value is None else packed(value, kind, **fields)
    return await info.context.call(info.context.method(rpc_of(kind), request), request, patient=patient)
