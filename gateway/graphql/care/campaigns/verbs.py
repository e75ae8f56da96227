"""Moves of campaigns, each with what is said about it."""

from typing import Annotated, Any

import strawberry
from google.protobuf.message import Message

from gateway.graphql.care.campaigns.payload import RESULT
from gateway.graphql.roots import ETag, Info, RequestId, mutation
from gateway.graphql.rpcs import rpc_of
from gateway.graphql.sending import send

Comment = Annotated[
    str | None, strawberry.argument(description="What is said about it; at most 2000 characters. It is kept.")
]


def judged(request: type[Message], description: str) -> Any:
    """Declare a move of one campaign."""

    async def move(
        self: object,
        info: Info,
        id: strawberry.ID,
        comment: Comment = None,
        etag: ETag = None,
        request_id: RequestId = None,
    ) -> Message:
        reply: Message = await send(info, request, campaign_id=id, comment=comment, etag=etag, request_id=request_id)
        return reply

    return mutation(RESULT, rpc=rpc_of(request), description=description)(move)
