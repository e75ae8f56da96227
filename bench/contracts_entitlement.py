"""P19: the entitlement check against an empty unary call on the same server, and how long it takes at 500 a second."""

import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc
import psutil
from pymongo import MongoClient

from bench import contracts_population
from bench.contracts_server import EMPTY
from bench.measure import Figure, alternate
from deploy.local import keys
from deploy.local.mongod import Mongod
from membercare.contracts.v1 import entitlement_pb2
from membercare.contracts.v1 import entitlement_service_pb2 as pb
from membercare.contracts.v1.entitlement_service_pb2_grpc import EntitlementServiceStub
from services.chassis.clock import SystemClock
from services.chassis.identity import TokenIssuer
from services.chassis.rpc_client import outgoing
from services.contracts import app
from services.contracts.config import Settings

CUSTOMERS, CALLS, RATE, SECONDS = 5_000, 2_000, 500, 10
AT_MOST, P99_MS = 3.0, 20.0
_NEVER_MS = 60_000.0
"""What a call that failed is taken to have lasted: it must show in the 99th percentile, and end the run."""
_ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Client:
    """Calls one server as an agent, with a token that is signed once in a while as the gateway does it per request."""

    channel: grpc.Channel
    issuer: TokenIssuer
    chance: random.Random = field(default_factory=lambda: random.Random(7))

    def token(self) -> str:
        """Return a token for the calls of the next seconds."""
        return self.issuer.issue(subject="bench", roles=["agent"], request_id="bench", now=SystemClock().now())

    def check(self) -> pb.CheckEntitlementRequest:
        """Return a question about any customer's asset."""
        number = self.chance.randrange(CUSTOMERS)
        return pb.CheckEntitlementRequest(
            customer_id=contracts_population.customer(number),
            asset_id=contracts_population.asset(number),
            service_type="repair",
            quantity=90,
            unit=entitlement_pb2.SERVICE_UNIT_MINUTES,
        )


def figures() -> list[Figure]:
    """Return P19."""
    with tempfile.TemporaryDirectory() as folder:
        server = Mongod(Path(folder) / "db").start()
        try:
            with _served(server, Path(folder)) as (port, pid, made):
                return [_p19(port, made, pids=[pid, server.pid])]
        finally:
            server.stop()


def _p19(port: int, made: keys.Keys, *, pids: list[int]) -> Figure:
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        client = Client(channel, TokenIssuer(made.internal_private.read_bytes()))
        ask = EntitlementServiceStub(channel).CheckEntitlement
        nothing: Any = channel.unary_unary(EMPTY)
        requests = [client.check() for _ in range(CALLS)]
        first = ask(requests[0], timeout=5, metadata=outgoing(client.token())[1]).entitlement
        assert first.covered_quantity == first.quantity == 90, first
        ours, reference = alternate(
            _calls(ask, requests, client=client), _calls(nothing, [b""] * CALLS, client=client), pids=pids
        )
        latencies = _at_rate(ask, client)
    p50, p99 = statistics.median(latencies), statistics.quantiles(latencies, n=100)[98]
    ratio = statistics.median(one / other for one, other in zip(ours, reference, strict=True))
    return Figure(
        key="P19",
        what="entitlement check over gRPC, CPU of client, server and database",
        reference="an empty unary call on the same server, behind the same guard",
        reach=f"<= {AT_MOST:.0f}x; p99 < {P99_MS:.0f} ms at {RATE}/s",
        ours_us=ours,
        reference_us=reference,
        notes=f"at {RATE}/s: p50 {p50:.1f} ms, p99 {p99:.1f} ms, {CUSTOMERS:,} customers",
        holds=ratio <= AT_MOST and p99 < P99_MS,
    )


def _calls(call: Callable[..., Any], requests: list[Any], *, client: Client) -> Callable[[], int]:
    def work() -> int:
        metadata = outgoing(client.token())[1]
        for request in requests:
            call(request, timeout=5, metadata=metadata)
        return len(requests)

    return work


def _at_rate(call: Any, client: Client) -> list[float]:
    """Return the milliseconds from the moment a call was due to its answer; calls wait for no other."""
    latencies: list[float] = []
    done = threading.Semaphore(0)

    def note(due: float) -> Callable[[Any], None]:
        def answered(future: Any) -> None:
            took = (time.perf_counter() - due) * 1000
            latencies.append(took if future.exception() is None else _NEVER_MS)
            done.release()

        return answered

    requests = [client.check() for _ in range(RATE * SECONDS)]
    metadata = outgoing(client.token())[1]
    begin = time.perf_counter() + 0.1
    for number, request in enumerate(requests):
        due = begin + number / RATE
        if (early := due - time.perf_counter()) > 0:
            time.sleep(early)
        call.future(request, timeout=5, metadata=metadata).add_done_callback(note(due))
    for _ in requests:
        done.acquire()
    return latencies


@contextmanager
def _served(server: Mongod, folder: Path) -> Iterator[tuple[int, int, keys.Keys]]:
    made = keys.ensure(folder / "keys")
    settings = Settings(mongo_url=server.url, contracts_database="bench")
    app.migrate(settings)
    with MongoClient[dict[str, Any]](server.url, tz_aware=True) as database:
        contracts_population.fill(database["bench"], CUSTOMERS)
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(_ROOT), str(_ROOT / "protos/gen")]),
        "MONGO_URL": server.url,
        "CONTRACTS_DATABASE": "bench",
        "INTERNAL_TOKEN_PUBLIC_KEY_FILE": str(made.internal_public),
    }
    command = [sys.executable, "-m", "bench.contracts_server"]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=env, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        )
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            time.sleep(1)  # the first word of the database's health
            yield port, psutil.Process(process.pid).pid, made
        finally:
            process.kill()
            process.wait()
