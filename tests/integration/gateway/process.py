"""The gateway as a process of its own, on a free port."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

from deploy.local import leash
from deploy.local.keys import Keys
from deploy.local.ports import free_port

ROOT = Path(__file__).parents[3]


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run `python -m gateway ...` to its end, with nothing in the environment but what is named."""
    return subprocess.run(
        [sys.executable, "-m", "gateway", *arguments],
        cwd=ROOT,
        env=_environment(environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _environment(changes: dict[str, str]) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "PYTHONPATH": f"{ROOT}:{ROOT / 'protos/gen'}", **changes}


class GatewayProcess:
    """A gateway that was started and said `ready`."""

    def __init__(self, keys: Keys, addresses: dict[str, str], **environment: str) -> None:
        self.port = free_port()
        self.lines: list[dict[str, Any]] = []
        settings = {
            **{name.upper(): address for name, address in addresses.items()},
            "GATEWAY_ADDRESS": f"127.0.0.1:{self.port}",
            "INTERNAL_TOKEN_PRIVATE_KEY_FILE": str(keys.internal_private),
            "DEV_ISSUER_KEY_FILE": str(keys.dev_issuer),
            **environment,
        }
        command = [sys.executable, "-m", "gateway"]
        self._process = leash.spawn(command, env=_environment(settings), stdout=subprocess.PIPE, cwd=ROOT)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(json.loads(line))
            if self.lines[-1]["event"] == "ready":
                break
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def terminate(self) -> int:
        """Ask it to end, and return its status."""
        self._process.send_signal(signal.SIGTERM)
        status = self._process.wait(30)
        self._reader.join(5)
        return status

    def kill(self) -> None:
        assert self._process.stdout is not None
        self._process.kill()
        self._process.wait()
        self._reader.join(5)
        self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.append(json.loads(line))


@contextmanager
def gateway(keys: Keys, addresses: dict[str, str], **environment: str) -> Iterator[GatewayProcess]:
    """Start a gateway, and see that it is gone afterwards."""
    process = GatewayProcess(keys, addresses, **environment)
    try:
        yield process
    finally:
        process.kill()
