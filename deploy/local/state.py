"""What a running suite tells others about itself: DATA/suite.json, and a lock that dies with it."""

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE, LOCK = "suite.json", "suite.lock"


class NotRunning(RuntimeError):
    """There is no suite on this data directory."""

    def __init__(self, data: Path) -> None:
        """Say how to start one."""
        where = "" if data.name == ".run" else f" DATA={data}"
        super().__init__(f"No suite runs on {data}. Start one in another terminal: make run{where}")


class AlreadyRunning(RuntimeError):
    """Another supervisor holds this data directory."""


@dataclass(frozen=True)
class Hold:
    """The lock of the one supervisor of a data directory; the kernel frees it however that process ends."""

    descriptor: int

    def release(self) -> None:
        """Let another take it."""
        os.close(self.descriptor)


def hold(data: Path) -> Hold:
    """Take the data directory, or raise AlreadyRunning."""
    data.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(data / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise AlreadyRunning(_whose(data)) from None
    return Hold(descriptor)


def is_running(data: Path) -> bool:
    """Say whether a supervisor holds this data directory."""
    if not (data / LOCK).exists():
        return False
    try:
        hold(data).release()
    except AlreadyRunning:
        return True
    return False


def write(data: Path, suite: dict[str, Any]) -> None:
    """Publish what others need, whole or not at all."""
    draft = data / f".{FILE}"
    draft.write_text(json.dumps(suite, indent=2) + "\n")
    draft.replace(data / FILE)


def remove(data: Path) -> None:
    """Say that nothing runs any more."""
    (data / FILE).unlink(missing_ok=True)


def read(data: Path) -> dict[str, Any]:
    """Return what the running suite published, or raise NotRunning."""
    if not is_running(data):
        raise NotRunning(data)
    try:
        suite: dict[str, Any] = json.loads((data / FILE).read_text())
    except (OSError, ValueError):
        raise NotRunning(data) from None
    return suite


def _whose(data: Path) -> str:
    try:
        suite = json.loads((data / FILE).read_text())
        at = f" at {suite['gateway']} (process {suite['supervisor_pid']})"
    except (OSError, ValueError, KeyError):
        at = ", still starting"
    stop = "make stop" if data.name == ".run" else f"make stop DATA={data}"
    return (
        f"A suite already runs on {data}{at}. Use it, end it with `{stop}`, or start another on other data:"
        f" make run DATA=other GATEWAY_ADDRESS=127.0.0.1:8001"
    )
