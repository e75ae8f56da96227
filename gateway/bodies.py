"""Bodies of requests that anybody may send: read no further than they may go."""

from starlette.requests import Request


class BodyTooLarge(Exception):
    """More was sent than is taken."""


async def body_within(request: Request, most: int) -> bytes:
    """Return the body; raises BodyTooLarge, without having read the rest, where it has more bytes than that."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > most:
            raise BodyTooLarge
    return body
