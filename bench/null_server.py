"""Serves a protocol on a free port of this machine, says which, and ends with Ctrl-C: the frame of the null servers."""

import asyncio
import contextlib
from collections.abc import Callable


def serve(session: Callable[[], asyncio.Protocol]) -> None:
    """Serve until interrupted; the port is the first line that is printed."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(session))


async def _serve(session: Callable[[], asyncio.Protocol]) -> None:
    server = await asyncio.get_running_loop().create_server(session, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
