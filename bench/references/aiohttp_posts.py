"""An aiohttp session that posts one body again and again. Runs in an environment of its own.

Arguments: address, calls under way at once, file with the body, headers as `name:value`. A line is a number of posts.
"""

import asyncio
import sys
from pathlib import Path

import aiohttp
import uvloop


async def _post(session, count, *, at_once, body):
    url = sys.argv[1]
    headers = dict(header.split(":", 1) for header in sys.argv[4:])
    waiting = iter(range(count))

    async def work():
        for _ in waiting:
            async with session.post(url, data=body, headers=headers) as answer:
                await answer.read()
                answer.raise_for_status()

    await asyncio.gather(*(work() for _ in range(at_once)))


async def main():
    """Serve until the input ends."""
    at_once, body = int(sys.argv[2]), Path(sys.argv[3]).read_bytes()  # noqa: ASYNC240  # nothing runs yet
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=at_once)) as session:
        print("ready", flush=True)
        for line in sys.stdin:
            await _post(session, int(line), at_once=at_once, body=body)
            print("done", flush=True)


if __name__ == "__main__":
    uvloop.run(main())
