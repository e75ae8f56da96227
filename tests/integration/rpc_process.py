"""The rpc role of a service as a process of its own, on a database that a test may take away."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from deploy.local import leash
from deploy.local.keys import Keys

ROOT = Path(__file__).parents[2]
SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING


class RpcProcess:
    """A service that was migrated and started; ended with the block."""

    def __init__(self, service: str, *, mongo_url: str, keys: Keys, folder: Path, **settings: str) -> None:
        self.service, self.log_file = service, folder / f"{service}-rpc.log"
        self.port = _free_port()
        self._started: list[subprocess.Popen[bytes]] = []
        self.env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "protos/gen")]),
            "MONGO_URL": mongo_url,
            "AMQP_URL": "",
            "RPC_ADDRESS": f"127.0.0.1:{self.port}",
            "INTERNAL_TOKEN_PUBLIC_KEY_FILE": str(keys.internal_public),
            **settings,
        }

    def __enter__(self) -> Self:
        self.process = self.start("rpc")
        self.channel = grpc.insecure_channel(f"127.0.0.1:{self.port}")
        return self

    def __exit__(self, *_: object) -> None:
        self.channel.close()
        self.kill()

    def start(self, role: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"services.{self.service}", role]
        process = leash.spawn(command, env=self.env, stdout=self.log_file, stderr=self.log_file, cwd=ROOT)
        self._started.append(process)
        return process

    def kill(self) -> None:
        """Kill every role that was started and still runs."""
        for process in self._started:
            process.kill()
            process.wait()

    def migrate(self) -> None:
        assert self.start("migrate").wait(30) == 0, self.log_file.read_text()

    def health(self) -> int:
        """Return what the health service says, or -1 while nobody listens."""
        try:
            stub: Any = health_pb2_grpc.HealthStub(self.channel)
            return int(stub.Check(health_pb2.HealthCheckRequest(service=""), timeout=2, wait_for_ready=True).status)
        except grpc.RpcError:
            return -1

    def events(self) -> list[str]:
        """Return the names of what the process has logged."""
        lines = self.log_file.read_text().splitlines()
        return [json.loads(line)["event"] for line in lines if line.startswith("{")]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
