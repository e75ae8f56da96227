"""Runs a private RabbitMQ where Debian's program is installed: own name, ports, epmd, home and data; for tests."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import time
import urllib.request
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

from deploy.local import leash
from deploy.local.ports import LOOPBACK, free_ports

START_SECONDS = 90.0
STOP_SECONDS = 20.0
# Debian's wrapper in /usr/sbin changes to another user and writes to /var; the script beneath does neither.
SCRIPT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
# RabbitMQ 3.10 writes the name of a new quorum queue to disk up to a second late, outside of its log: a queue that
# is killed younger than this never answers again. Its messages are safe from then on.
QUEUE_SETTLES_SECONDS = 2.0
_PROTOCOL_HEADER = b"AMQP\x00\x00\x09\x01"
_FIRST_FRAME = b"\x01"  # a broker that is up answers with a method frame
_NO_BUSY_WAITING = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none"


class RabbitMQFailed(RuntimeError):
    """The broker did not start; the message says why."""


def is_installed() -> bool:
    """Say whether this machine has what a private broker needs."""
    return SCRIPT.exists() and shutil.which("epmd") is not None


class RabbitMQ:
    """One broker on one data directory; it may be stopped, killed and started again on the same data."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.port, self._distribution_port, self._epmd_port, self._management_port = free_ports(4)
        self._name = f"membercare{self.port}@localhost"
        self._broker: subprocess.Popen[bytes] | None = None
        self._epmd: subprocess.Popen[bytes] | None = None

    def url(self, vhost: str = "/") -> str:
        """Where AMQP clients connect."""
        return f"amqp://guest:guest@{LOOPBACK}:{self.port}/{quote(vhost, safe='')}"

    @property
    def pid(self) -> int:
        """The process id of the running broker."""
        if self._broker is None:
            raise RuntimeError("The broker is not running.")
        return self._broker.pid

    def start(self) -> "RabbitMQ":
        """Start and return once AMQP is answered: 4-13 s."""
        self._write_settings()
        env = self._environment()
        if self._epmd is None:
            # Started by the broker it would stay behind as a daemon on every address.
            self._epmd = leash.spawn(["epmd", "-port", str(self._epmd_port), "-address", LOOPBACK], env=env)
        output = self.data / "output.log"
        self._broker = leash.spawn([str(SCRIPT)], env=env, stdout=output, stderr=output, cwd=self.data)
        self._wait_until_ready()
        return self

    def stop(self) -> None:
        """End it in order, and its name server with it; data stays."""
        if self._broker is not None:
            leash.stop(self._broker, STOP_SECONDS)
            self._broker = None
        if self._epmd is not None:
            leash.stop(self._epmd, 1.0)
            self._epmd = None

    def kill9(self) -> None:
        """End the broker as a power cut of the process would."""
        if self._broker is not None:
            self._broker.kill()
            self._broker.wait()
            self._broker = None

    def create_vhost(self, name: str) -> str:
        """Make an empty virtual host and return its AMQP address."""
        self._manage("PUT", f"/api/vhosts/{quote(name, safe='')}")
        grant = {"configure": ".*", "write": ".*", "read": ".*"}
        self._manage("PUT", f"/api/permissions/{quote(name, safe='')}/guest", body=grant)
        return self.url(name)

    def delete_vhost(self, name: str) -> None:
        """Remove a virtual host with all of its queues."""
        self._manage("DELETE", f"/api/vhosts/{quote(name, safe='')}")

    def _manage(self, method: str, path: str, *, body: object = None) -> None:
        request = urllib.request.Request(
            f"http://{LOOPBACK}:{self._management_port}{path}",
            method=method,
            data=json.dumps({} if body is None else body).encode(),
            headers={
                "Content-Type": "application/json",
                "Authorization": "Basic " + b64encode(b"guest:guest").decode(),
            },
        )
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310
            answer.read()

    def _wait_until_ready(self) -> None:
        ends = time.monotonic() + START_SECONDS
        while time.monotonic() < ends:
            if self._broker is not None and self._broker.poll() is not None:
                tail = (self.data / "output.log").read_text(errors="replace")[-1500:]
                raise RabbitMQFailed(f"RabbitMQ ended at once (exit {self._broker.returncode}):\n{tail}")
            if self._answers():
                return
            time.sleep(0.1)
        self.stop()
        raise RabbitMQFailed(f"RabbitMQ was not ready within {START_SECONDS:.0f} s; see {self.data / 'log'}")

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), timeout=2) as connection:
                connection.sendall(_PROTOCOL_HEADER)
                return connection.recv(1) == _FIRST_FRAME
        except OSError:
            return False

    def _write_settings(self) -> None:
        home = self.data / "home"
        home.mkdir(parents=True, exist_ok=True)
        cookie = home / ".erlang.cookie"
        if not cookie.exists():
            cookie.write_text(secrets.token_hex(16))
            cookie.chmod(0o400)
        (self.data / "enabled_plugins").write_text("[rabbitmq_management].")
        settings = [
            f"listeners.tcp.1 = {LOOPBACK}:{self.port}",
            f"management.tcp.ip = {LOOPBACK}",
            f"management.tcp.port = {self._management_port}",
            "management_agent.disable_metrics_collector = true",
            "vm_memory_high_watermark.absolute = 1GiB",
            "disk_free_limit.absolute = 200MB",
            "heartbeat = 60",
        ]
        (self.data / "rabbitmq.conf").write_text("\n".join(settings) + "\n")

    def _environment(self) -> dict[str, str]:
        at = self.data
        ours = {
            "NODENAME": self._name,
            "NODE_PORT": str(self.port),
            "NODE_IP_ADDRESS": LOOPBACK,
            "DIST_PORT": str(self._distribution_port),
            "MNESIA_BASE": str(at / "mnesia"),
            "LOG_BASE": str(at / "log"),
            "PID_FILE": str(at / "pid"),
            "ENABLED_PLUGINS_FILE": str(at / "enabled_plugins"),
            "CONFIG_FILE": str(at / "rabbitmq.conf"),
            "ADVANCED_CONFIG_FILE": str(at / "advanced.config"),
            "GENERATED_CONFIG_DIR": str(at / "generated"),
            "SCHEMA_DIR": str(at / "schema"),
            "FEATURE_FLAGS_FILE": str(at / "feature_flags"),
            "CONF_ENV_FILE": str(at / "none.conf"),
            "SERVER_ADDITIONAL_ERL_ARGS": (
                "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1} " + _NO_BUSY_WAITING
            ),
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("RABBITMQ_", "ERL_"))}
        return (
            inherited
            | {f"RABBITMQ_{name}": value for name, value in ours.items()}
            # The script then becomes the broker instead of waiting beside it: one process, one id.
            | {"RUNNING_UNDER_SYSTEMD": "1", "HOME": str(at / "home")}
            | {"ERL_EPMD_PORT": str(self._epmd_port), "ERL_EPMD_ADDRESS": LOOPBACK}
        )
