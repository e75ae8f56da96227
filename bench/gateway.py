"""P16 and P18: the nested query through our gateway and through stock strawberry, against the same canned backend."""

import ast
import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
import psutil

from bench.measure import Figure
from deploy.local import keys, tokens

QUERY = "query Q { members(first: 50) { nodes { id name email language contracts { id state endDate } } } }"
REQUESTS, CONNECTIONS, ROUNDS = 300, 8, 5
_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Server:
    """A gateway that is being measured."""

    pid: int
    port: int
    token: str = ""

    @property
    def cpu_seconds(self) -> float:
        """Return user and system time so far."""
        return float(sum(psutil.Process(self.pid).cpu_times()[:2]))

    @property
    def request(self) -> bytes:
        """Return the request as it goes over the wire."""
        body = json.dumps({"query": QUERY}).encode()
        signed = f"authorization: Bearer {self.token}\r\n" if self.token else ""
        path = "/graphql" if self.token else "/"
        head = f"POST {path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n{signed}"
        return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def figures() -> list[Figure]:
    """Return P16 and P18."""
    with tempfile.TemporaryDirectory() as folder, _backend() as backend:
        made = keys.ensure(Path(folder))
        with _ours(backend, made) as ours, _reference(backend) as reference:
            same = _ask(ours)["data"] == _ask(reference)["data"]
            assert same, "The two gateways answer differently."
            spent = [(_round(ours), _round(reference)) for _ in range(ROUNDS + 1)][1:]
            calls = _calls_of_one_query(backend, ours)
    return [_p16(*map(list, zip(*spent, strict=True))), _p18(calls)]


def _p16(ours: list[float], reference: list[float]) -> Figure:
    ratio = statistics.median(a / b for a, b in zip(ours, reference, strict=True))
    return Figure(
        key="P16",
        what="nested query: 50 members, 3 contracts each, signed in",
        reference="strawberry as installed, DataLoader, uvicorn, nobody signs in",
        reach="<= 0.4 (2.5 times cheaper)",
        ours_us=ours,
        reference_us=reference,
        notes=f"{1 / ratio:.1f} times cheaper",
        at_most=0.4,
    )


def _p18(calls: dict[str, int]) -> Figure:
    return Figure(
        key="P18",
        what="calls to services for each level of that query",
        reference="exactly 1",
        reach="exactly 1",
        ours_us=[float(each) for each in calls.values()],
        reference_us=[1.0 for _ in calls],
        notes=", ".join(f"{name} {count}" for name, count in sorted(calls.items())),
        holds=sorted(calls.values()) == [1, 1],
    )


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{_ROOT}:{_ROOT / 'protos/gen'}"}


@contextmanager
def _process(*command: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=_ROOT,
        env={**_environment(), **environment},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=20)


@contextmanager
def _backend() -> Iterator[int]:
    with _process("-m", "bench.gateway_backend") as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())


@contextmanager
def _ours(backend: int, made: keys.Keys) -> Iterator[Server]:
    port, address = _free_port(), f"127.0.0.1:{backend}"
    addresses = {f"{name}_ADDRESS": address for name in ("CONTRACTS", "CARE", "FEEDBACK", "KPI")}
    with _process(
        "-m",
        "gateway",
        **addresses,
        GATEWAY_ADDRESS=f"127.0.0.1:{port}",
        INTERNAL_TOKEN_PRIVATE_KEY_FILE=str(made.internal_private),
        DEV_ISSUER_KEY_FILE=str(made.dev_issuer),
        LOG_LEVEL="warning",
    ) as process:
        _wait_for(port)
        yield Server(process.pid, port, tokens.token(made.dev_issuer, ["ops"]))


@contextmanager
def _reference(backend: int) -> Iterator[Server]:
    port = _free_port()
    with _process("-m", "bench.gateway_reference", str(port), str(backend)) as process:
        _wait_for(port)
        yield Server(process.pid, port)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"Nobody listens on {port}.")


async def _exchange(streams: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes) -> bytes:
    reader, writer = streams
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    return await reader.readexactly(int(length.split(b":")[1]))


async def _load(server: Server, *, requests: int, connections: int) -> bytes:
    async def worker(share: int) -> bytes:
        streams = await asyncio.open_connection("127.0.0.1", server.port)
        answer = b""
        for _ in range(share):
            answer = await _exchange(streams, server.request)
        streams[1].close()
        return answer

    return (await asyncio.gather(*(worker(requests // connections) for _ in range(connections))))[0]


def _ask(server: Server) -> dict[str, object]:
    answer: dict[str, object] = json.loads(asyncio.run(_load(server, requests=1, connections=1)))
    return answer


def _round(server: Server) -> float:
    before = server.cpu_seconds
    asyncio.run(_load(server, requests=REQUESTS, connections=CONNECTIONS))
    return (server.cpu_seconds - before) / (REQUESTS // CONNECTIONS * CONNECTIONS) * 1e6


def _calls_of_one_query(backend: int, server: Server) -> dict[str, int]:
    before = _calls(backend)
    _ask(server)
    return {name: count - before[name] for name, count in _calls(backend).items()}


def _calls(backend: int) -> dict[str, int]:
    with grpc.insecure_channel(f"127.0.0.1:{backend}") as channel:
        counted: dict[str, int] = ast.literal_eval(_bare(channel)(b"", timeout=5).decode())
        return counted


def _bare(channel: grpc.Channel) -> Any:
    return channel.unary_unary("/bench/calls")  # bytes in, bytes out


if __name__ == "__main__":
    for figure in figures():
        print(figure.key, figure.what, figure.notes, [round(ratio, 3) for ratio in figure.ratios], figure.reached)
        print(
            "   ours us:",
            [round(each) for each in figure.ours_us],
            "reference us:",
            [round(each) for each in figure.reference_us],
        )
