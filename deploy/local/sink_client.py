"""Asks the mail sink what it has kept; and runs one as a process of its own, for tests."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from deploy.local import leash
from deploy.local.ports import LOOPBACK, free_ports

START_SECONDS = 20.0


class SinkClient:
    """A sink that runs somewhere."""

    def __init__(self, http_url: str) -> None:
        """Take the base address of its pages."""
        self.http_url = http_url.rstrip("/")

    def messages(
        self, *, to: str = "", after: int = 0, limit: int = 1000, order: str = "oldest"
    ) -> list[dict[str, Any]]:
        """Return what was accepted: id, message_id, to, from (a mail's sender, or the channel), subject, time."""
        found: list[dict[str, Any]] = self._get("/messages", to=to, after=after, limit=limit, order=order)
        return found

    def content(self, number: int) -> bytes:
        """Return one message as it came."""
        with urllib.request.urlopen(f"{self.http_url}/messages/{number}", timeout=10) as answer:  # noqa: S310 - http only
            content: bytes = answer.read()
        return content

    def count(self, message_id: str) -> int:
        """Return how many deliveries carry this Message-ID."""
        return int(self._get("/lookup", message_id=message_id)["count"])

    def stats(self) -> dict[str, int]:
        """Return figures over everything kept."""
        figures: dict[str, int] = self._get("/stats")
        return figures

    def is_healthy(self) -> bool:
        """Say whether it answers."""
        try:
            return bool(self._get("/health")["status"] == "ok")
        except (OSError, ValueError):
            return False

    def _get(self, path: str, **query: object) -> Any:
        address = f"{self.http_url}{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - http only
            return json.load(answer)


class SinkProcess(SinkClient):
    """A sink that we run: it may be stopped, killed and started again on the same data."""

    def __init__(self, data: Path) -> None:
        """Choose ports; nothing runs yet."""
        self.data = data
        self.smtp_port, self.http_port = free_ports(2)
        self.process: subprocess.Popen[bytes] | None = None
        super().__init__(f"http://{LOOPBACK}:{self.http_port}")

    @property
    def smtp_url(self) -> str:
        """What SMTP_URL takes."""
        return f"smtp://{LOOPBACK}:{self.smtp_port}"

    def start(self) -> "SinkProcess":
        """Start and return once it answers."""
        self.data.mkdir(parents=True, exist_ok=True)
        output = self.data / "sink.log"
        self.process = leash.spawn(
            command(self.data, smtp_port=self.smtp_port, http_port=self.http_port), stdout=output, stderr=output
        )
        ends = time.monotonic() + START_SECONDS
        while not self.is_healthy():
            if self.process.poll() is not None or time.monotonic() > ends:
                self.kill9()
                raise RuntimeError(f"The mail sink did not start; see {output}")
            time.sleep(0.05)
        return self

    def stop(self) -> None:
        """End it in order; messages stay."""
        if self.process is not None:
            leash.stop(self.process, 10.0)
            self.process = None

    def kill9(self) -> None:
        """End it without warning; what it had answered for stays."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def command(data: Path, *, smtp_port: int, http_port: int) -> list[str]:
    """Return the command line of a sink."""
    ports = ("--smtp-port", str(smtp_port), "--http-port", str(http_port))
    return [sys.executable, "-m", "deploy.local.sink", "--data", str(data), *ports]
