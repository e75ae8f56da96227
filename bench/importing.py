"""Files of many rows over gRPC, beside plain pymongo that writes the same documents."""

import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import psutil
from pymongo.collection import Collection

from bench.measure import Figure, alternate
from deploy.local import keys
from services.chassis.clock import SystemClock
from services.chassis.identity import TokenIssuer

PATIENCE = 600.0
"""Seconds that a file may take on a busy machine."""
_BATCH, _ROUNDS = 1_000, 3


@dataclass(frozen=True, kw_only=True)
class Import:
    """A file, where it goes, and how much more than plain inserts it may cost."""

    key: str
    noun: str
    rows: int
    collection: Collection[dict[str, Any]]
    bring: Callable[[], int]
    """Bring the file, and return how many rows were stored."""
    at_most: float


def beside_pymongo(file: Import, *, pids: Sequence[int]) -> Figure:
    """Measure a file again and again, each time into an empty collection."""
    seconds = list[float]()

    def ours() -> int:
        began = time.monotonic()
        assert file.bring() == file.rows
        seconds.append(time.monotonic() - began)
        return file.rows

    before = psutil.Process().memory_info().rss
    ours()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before
    written = list(file.collection.find())

    def reference() -> int:
        for first in range(0, len(written), _BATCH):
            file.collection.insert_many(written[first : first + _BATCH], ordered=False)
        return file.rows

    def prepare() -> None:
        file.collection.delete_many({})

    ours_us, reference_us = alternate(ours, reference, pids=pids, prepare=prepare, rounds=_ROUNDS)
    return Figure(
        file.key,
        f"import {file.rows:,} rows of {file.noun}, CSV over gRPC",
        "pymongo insert_many(ordered=False), the same documents",
        f"<= {file.at_most:g}x",
        ours_us,
        reference_us,
        notes=f"{statistics.median(seconds):.0f} s, {memory / 2**20:.0f} MiB more while it runs",
        at_most=file.at_most,
    )


def tokens(made: keys.Keys) -> Callable[[], str]:
    """Return what signs somebody in who may import everything."""
    issuer = TokenIssuer(made.internal_private.read_bytes())
    return lambda: issuer.issue(subject="bench", roles=("admin",), request_id="bench", now=SystemClock().now())
