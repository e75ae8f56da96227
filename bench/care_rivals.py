"""P7, P8, P9: what one message costs from its planning to its record, against what others send such messages with."""

import asyncio
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from pymongo.database import Database

from bench.care_dispatch import BODY, planned, sending, sink, with_birthday
from bench.measure import ROUNDS, Figure, alternate_async
from bench.reference_program import Program, ReferenceMissing, program
from deploy.local.rabbitmq import RabbitMQ, is_installed
from services.care.domain.sending.touch import Touch
from services.care.store.sending.touches import MongoTouches

OURS, POST_OFFICE, CELERY, TRYTON = 5_000, 1_000, 1_000, 60
_WHAT = "one message: planned, leased, policy, words, sent, recorded"


@dataclass(frozen=True, slots=True)
class Place:
    """Where ours is measured."""

    database: Database[dict[str, Any]]
    mongo_url: str
    pids: Sequence[int]
    count: int = OURS


def post_office(place: Place) -> Figure:
    """Measure P7."""
    with _words() as words, sink() as port, _post_office(port, words) as other:
        ours, reference = _side_by_side(place, other, port=port, each=POST_OFFICE)
    what = "django-post_office: send_many, then send_queued, on SQLite"
    return _figure("P7", what, times=10, ours=ours, reference_us=reference)


def _post_office(port: int, words: str) -> AbstractContextManager[Program]:
    return program("post_office_mail.py", "post_office.txt", str(port), words)


def celery(place: Place) -> Figure:
    """Measure P8."""
    if not is_installed():
        raise ReferenceMissing("no RabbitMQ program on this machine")
    with tempfile.TemporaryDirectory() as folder, _words() as words, sink() as port:
        broker = RabbitMQ(Path(folder)).start()
        try:
            arguments = (str(port), broker.url(), words)
            with program("celery_mail.py", "celery.txt", *arguments, beside=[broker.pid]) as other:
                ours, reference = _side_by_side(place, other, port=port, each=CELERY)
        finally:
            broker.stop()
    what = "a Celery task for each mail on RabbitMQ, which stores nothing"
    return _figure("P8", what, times=15, ours=ours, reference_us=reference)


def tryton(place: Place) -> Figure:
    """Measure P9."""
    with sink() as port:
        arguments = (str(port), str(TRYTON), str(ROUNDS + 1))
        with program("tryton_mail.py", "tryton.txt", *arguments) as other:
            ours, reference = _side_by_side(place, other, port=port, each=TRYTON)
    what = f"Tryton marketing_automation on SQLite, {TRYTON} in a transaction"
    return _figure("P9", what, times=100, ours=ours, reference_us=reference)


def _side_by_side(place: Place, other: Program, *, port: int, each: int) -> tuple[list[float], list[float]]:
    return uvloop.run(_measure(place, other, port=port, each=each))


async def _measure(place: Place, other: Program, *, port: int, each: int) -> tuple[list[float], list[float]]:
    members, ledger = with_birthday(place.database, place.count), MongoTouches()
    batches: list[list[Touch]] = []

    def prepare() -> None:
        batches[:] = planned(place.database, members)

    async with sending(place.database, place.mongo_url, port=port) as (_, send_all):

        async def ours() -> int:
            for batch in batches:
                ledger.plan(batch)
            done = await send_all()
            assert done == len(members), done
            return done

        async def reference() -> int:
            return await asyncio.to_thread(other.send, each)

        return await alternate_async(ours, reference, pids=[*place.pids, *other.pids], prepare=prepare)


def _figure(key: str, reference: str, *, times: int, ours: list[float], reference_us: list[float]) -> Figure:
    cheaper = statistics.median(theirs / own for own, theirs in zip(ours, reference_us, strict=True))
    return Figure(
        key,
        _WHAT,
        reference,
        f"{times} times cheaper",
        ours,
        reference_us,
        notes=f"{cheaper:.1f} times cheaper",
        at_most=1 / times,
    )


@contextmanager
def _words() -> Iterator[str]:
    """Write the words of the message to a file, and yield its name."""
    with tempfile.NamedTemporaryFile("w", suffix=".liquid") as file:
        file.write(BODY)
        file.flush()
        yield file.name
