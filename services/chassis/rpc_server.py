"""The gRPC server of a service: guard, health, reflection, drain."""

import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Self

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from services.chassis import logs
from services.chassis.identity import TokenVerifier
from services.chassis.rooms import RpcRoom
from services.chassis.rpc_guard import Guard

_log = logs.get("chassis.rpc")

THREADS = 4  # more threads lose to the interpreter lock; a service scales by processes
MOST_BYTES = 24 * 1024 * 1024
DRAIN_SECONDS = 10.0
HEALTH_SECONDS = 1.0
OPTIONS: Sequence[tuple[str, int]] = (
    ("grpc.so_reuseport", 0),  # a port that is taken must be an error, not a second server
    ("grpc.max_receive_message_length", MOST_BYTES),
    ("grpc.max_send_message_length", MOST_BYTES),
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    # Clients ping every 30 s while they wait; without this the pings of a call of some minutes end its connection.
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.max_connection_age_ms", 3_600_000),
    ("grpc.max_connection_age_grace_ms", 600_000),  # as long as the import of a file may take
)


@dataclass(frozen=True, kw_only=True)
class RpcService:
    """What a service brings to its server."""

    full_names: Sequence[str]
    """`membercare.care.v1.CareService`, and what else the process serves; a method's name is in one of them only."""
    register: Callable[[grpc.Server], None]
    """Adds the servicers."""
    access: Mapping[str, frozenset[str]]
    """Roles by method name; a method that is missing here is refused to everybody."""
    verifier: TokenVerifier
    healthy: Callable[[], bool]
    """Says whether the database answers."""
    reflect: bool = True

    @classmethod
    def of(
        cls, rooms: Sequence[RpcRoom], *, verifier: TokenVerifier, healthy: Callable[[], bool], reflect: bool
    ) -> Self:
        """Return all rooms as one: no two of them have a method of the same name."""

        def register(server: grpc.Server) -> None:
            for room in rooms:
                room.register(server)

        return cls(
            full_names=[room.full_name for room in rooms],
            register=register,
            access={method: roles for room in rooms for method, roles in room.access.items()},
            verifier=verifier,
            healthy=healthy,
            reflect=reflect,
        )


class RpcServer:
    """A server that can be started, asked for its port, and drained."""

    def __init__(self, service: RpcService, address: str, *, threads: int = THREADS) -> None:
        """Bind the address at once (`host:0` picks a free port); a port that is taken raises RuntimeError."""
        self._service = service
        self._database_away = threading.Event()
        guard = Guard(service.verifier, service.access, database_away=self._database_away.is_set)
        self._server = grpc.server(
            ThreadPoolExecutor(threads, thread_name_prefix="rpc"), interceptors=[guard], options=list(OPTIONS)
        )
        service.register(self._server)
        # The pool of the health servicer is for its Watch streams, which would otherwise hold our few threads.
        self._health = health.HealthServicer(experimental_non_blocking=True, experimental_thread_pool=None)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, self._server)
        if service.reflect:
            reflection.enable_server_reflection(
                (*service.full_names, health.SERVICE_NAME, reflection.SERVICE_NAME), self._server
            )
        self.port = self._server.add_insecure_port(address)
        self._stopping = threading.Event()

    def start(self) -> None:
        """Serve; SERVING is said only while the database answers."""
        self._say(serving=False)
        self._server.start()
        threading.Thread(target=self._watch_health, name="health", daemon=True).start()

    def stop(self, grace: float = DRAIN_SECONDS) -> None:
        """Refuse new calls, let those under way finish within `grace` seconds."""
        self._stopping.set()
        self._health.enter_graceful_shutdown()
        self._server.stop(grace).wait()

    def _watch_health(self) -> None:
        serving: bool | None = None
        while not self._stopping.is_set():
            healthy = self._service.healthy()
            if healthy != serving and not self._stopping.is_set():
                serving = healthy
                (self._database_away.clear if healthy else self._database_away.set)()
                self._say(serving=healthy)
                _log.info("ready" if healthy else "database_away", port=self.port)
            self._stopping.wait(HEALTH_SECONDS if healthy else HEALTH_SECONDS / 5)

    def _say(self, *, serving: bool) -> None:
        status = health_pb2.HealthCheckResponse.SERVING if serving else health_pb2.HealthCheckResponse.NOT_SERVING
        for name in ("", *self._service.full_names):
            self._health.set(name, status)


def serve(service: RpcService, address: str, *, threads: int = THREADS) -> None:
    """Serve until SIGTERM or SIGINT, then drain."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    server = RpcServer(service, address, threads=threads)
    server.start()
    told.wait()
    _log.info("draining")
    server.stop()
    _log.info("stopped")
