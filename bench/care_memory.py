"""P10: what a dispatcher process holds in memory while it sends 100,000 touches, above what it holds when idle."""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from pymongo.database import Database

from bench.care_dispatch import plant, sink, with_birthday
from bench.measure import Figure
from deploy.local import leash
from services.care.domain.sending.touch import TouchState
from services.care.usecases.campaigns.plan_campaign import BATCH

_ROOT = Path(__file__).parent.parent
_MEBIBYTE = 2**20
_MOST_ABOVE_IDLE = 150
_IDLE_SAMPLES, _SAMPLE_SECONDS, _PATIENCE_SECONDS = 20, 0.25, 600.0


def dispatcher(database: Database[dict[str, Any]], mongo_url: str, *, count: int) -> Figure:
    """Measure P10."""
    members = with_birthday(database, count)
    count = len(members)
    with sink() as port, _dispatching(mongo_url, database.name, port=port) as resident:
        _sent(database, members[:BATCH], resident=resident)  # it has begun, and has done everything once
        idle = max(resident() for _ in range(_IDLE_SAMPLES))
        began = time.monotonic()
        samples = _sent(database, members, resident=resident)
        seconds = time.monotonic() - began
    middle, most = (max(each) - idle for each in (samples[: len(samples) // 2], samples))
    speed = count / seconds
    return Figure(
        "P10",
        f"memory of a dispatcher while it sends {count:,} touches, in MiB",
        "the same process when it is idle",
        f"<= {_MOST_ABOVE_IDLE} MiB above idle",
        [idle + most],
        [idle],
        notes=f"{most:.0f} above idle, {middle:.0f} in the first half; {speed:,.0f} sent a second",
        holds=most <= _MOST_ABOVE_IDLE,
    )


def _sent(database: Database[dict[str, Any]], members: Sequence[str], *, resident: Callable[[], float]) -> list[float]:
    """Plant touches and return what the process held, again and again, until all of them have left."""
    plant(database, members)
    began, samples = time.monotonic(), [resident()]
    while database["batches"].find_one({"state": "ready"}, {"_id": 1}):
        samples.append(resident())
        assert time.monotonic() - began < _PATIENCE_SECONDS, "The dispatcher does not come to an end."
    assert not database["touches"].find_one({"state": {"$ne": TouchState.SENT.value}})
    return samples


@contextmanager
def _dispatching(mongo_url: str, database: str, *, port: int) -> Iterator[Callable[[], float]]:
    """Run the dispatch role, and yield what tells what it holds, in MiB, after a moment."""
    settings = {"MONGO_URL": mongo_url, "CARE_DATABASE": database, "SMTP_URL": f"smtp://127.0.0.1:{port}"}
    paths = {"PYTHONPATH": os.pathsep.join([str(_ROOT), str(_ROOT / "protos/gen")])}
    command = [sys.executable, "-m", "services.care", "dispatch"]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        process = leash.spawn(command, env={**os.environ, **paths, **settings}, stdout=log, stderr=log, cwd=_ROOT)

        def resident() -> float:
            time.sleep(_SAMPLE_SECONDS)
            assert process.poll() is None, log.read_text()[-500:]
            return psutil.Process(process.pid).memory_info().rss / _MEBIBYTE

        try:
            yield resident
        finally:
            process.terminate()
            process.wait()
