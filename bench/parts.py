"""What is measured, by parts that can be run alone; the parts of care share one database with its members."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from pymongo import MongoClient
from rich.console import Console

from bench import (
    care_dispatch,
    care_imports,
    care_memory,
    care_planning,
    care_render,
    care_rivals,
    care_segments,
    care_smtp,
    care_webhook,
    contracts_billing,
    contracts_entitlement,
    contracts_imports,
    contracts_renewals,
    gateway,
    population,
)
from bench.measure import Figure
from deploy.local.mongod import Mongod
from services.care import app
from services.care.config import Settings
from services.chassis import mongo

MEMBERS, TOUCHES, SENT, MAILS, POSTS, MANY_TOUCHES = 1_000_000, 20_000, 5_000, 10_000, 5_000, 100_000
IMPORTED = 100_000


class Bench:
    """What the parts of one run share."""

    def __init__(self, members: int) -> None:
        """Take how many members care's database shall have; it is made when the first part asks for it."""
        self._members = members
        self._server: Mongod | None = None
        self._folder = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._server:
            self._server.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    @cached_property
    def care(self) -> care_rivals.Place:
        """Care's database with its members."""
        self._folder = tempfile.mkdtemp()
        self._server = server = Mongod(Path(self._folder)).start()
        Console().print(f"Loading {self._members:,} members ...")
        with MongoClient[dict[str, Any]](server.url) as client:
            population.fill(client["bench"], self._members)
        app.migrate(Settings(mongo_url=server.url, care_database="bench"))  # indexes built at once cost a third
        return care_rivals.Place(mongo.handle(app.ALIAS), server.url, [server.pid], SENT)


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of the table."""

    room: str
    name: str
    measure: Callable[[Bench], Sequence[Figure]]


def _alone(alias: str, figures: Callable[[], list[Figure]]) -> Callable[[Bench], list[Figure]]:
    """Measure with a database of its own, after those of the room that share one."""

    def measure(bench: Bench) -> list[Figure]:
        mongo.disconnect(alias)
        try:
            return figures()
        finally:
            mongo.disconnect(alias)

    return measure


def _segments(bench: Bench) -> list[Figure]:
    database, pids = bench.care.database, bench.care.pids
    return [care_segments.count(database, pids), care_segments.page(database, pids)]


def _memory(bench: Bench) -> list[Figure]:
    return [care_memory.dispatcher(bench.care.database, bench.care.mongo_url, count=MANY_TOUCHES)]


def _end_to_end(bench: Bench) -> list[Figure]:
    place = bench.care
    return [care_dispatch.end_to_end(place.database, place.mongo_url, pids=place.pids, count=place.count)]


_PARTS = (
    Part("care", "P1", lambda bench: [care_planning.select(bench.care.database, bench.care.pids)]),
    Part("care", "P2", lambda bench: care_planning.materialise(bench.care.database, bench.care.pids, count=TOUCHES)),
    Part("care", "P3", lambda _: [care_render.rendering(count=MAILS)]),
    Part("care", "P4", lambda _: [care_smtp.handing_over(count=MAILS)]),
    Part("care", "P5", lambda _: [care_webhook.posting(count=POSTS)]),
    Part("care", "P6", _end_to_end),
    Part("care", "P7", lambda bench: [care_rivals.post_office(bench.care)]),
    Part("care", "P8", lambda bench: [care_rivals.celery(bench.care)]),
    Part("care", "P9", lambda bench: [care_rivals.tryton(bench.care)]),
    Part("care", "P10", _memory),
    Part("care", "segments", _segments),
    Part("care", "P22", _alone("care", lambda: care_imports.figures(IMPORTED))),
    Part("gateway", "gateway", lambda _: gateway.figures()),
    Part("contracts", "entitlement", _alone("contracts", contracts_entitlement.figures)),
    Part("contracts", "billing", _alone("contracts", contracts_billing.figures)),
    Part("contracts", "renewals", _alone("contracts", contracts_renewals.figures)),
    Part("contracts", "imports", _alone("contracts", contracts_imports.figures)),
)
NAMES = sorted({part.room for part in _PARTS} | {part.name for part in _PARTS})


def chosen(names: Sequence[str] | None) -> list[Part]:
    """Return the parts with these names or of these rooms, or all."""
    return [part for part in _PARTS if not names or part.room in names or part.name in names]
