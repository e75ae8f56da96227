"""How far the import of a file is, for whoever waits for it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from services.chassis.clock import Clock

MOST_KEY = 100
"""Characters of the key that a caller gives a file."""
SILENT_AT_MOST = timedelta(minutes=10)
"""An import that runs tells how far it is at least this often; of one that is silent for longer, the process has died.

Each thousand rows tell, and take seconds. The longest silence is before the first row of a workbook, whose texts are
unpacked all at once: measured at five minutes for three times as many as may be in one. Twice that leaves room for
what runs beside it; an import that is slower still is seen to go on as soon as it tells again.
"""
ROWS_BETWEEN = 1_000
"""Rows that are checked before an import tells how far it is."""

Item = TypeVar("Item")


class ImportPhase(StrEnum):
    """What is being done with the rows."""

    CHECKING = "checking"
    STORING = "storing"
    FINISHED = "finished"
    FAILED = "failed"
    """The file was refused as a whole, and nothing of it is stored; or a fault ended it, and what was stored stays.

    An import whose process died can tell nothing: it is seen as failed once it has been silent for SILENT_AT_MOST.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far the newest slice of a file is."""

    id: str
    """The key of the file."""
    phase: ImportPhase
    rows: int
    """Rows of the slice; 0 while it is being checked."""
    done: int
    update_time: datetime
    """When that was told."""

    def seen_at(self, now: datetime) -> "Progress":
        """Return it as it is to be seen at this moment: failed, as far as it was, if it has been silent too long."""
        runs = self.phase in {ImportPhase.CHECKING, ImportPhase.STORING}
        silent = now - self.update_time > SILENT_AT_MOST
        return replace(self, phase=ImportPhase.FAILED) if runs and silent else self


class ImportProgress(Protocol):
    """How far imports are."""

    def tell(self, file_key: str, phase: ImportPhase, *, rows: int, done: int, now: datetime) -> None:
        """Store it in place of what was told before."""

    def fail(self, file_key: str, *, now: datetime) -> None:
        """Store that it failed, as far as it was."""

    def get(self, file_key: str, *, now: datetime) -> Progress:
        """Return it as it is to be seen at this moment, or refuse with IMPORT_NOT_FOUND."""


@contextmanager
def failure_told(progress: ImportProgress, file_key: str, *, clock: Clock) -> Iterator[None]:
    """Tell that the import failed if a refusal or a fault ends it: nobody is to wait for what will never go on."""
    try:
        yield
    except BaseException:
        if file_key:
            progress.fail(file_key, now=clock.now())
        raise


def counted(rows: Iterable[Item], tell: Callable[[int], None]) -> Iterator[Item]:
    """Yield the rows, and tell after each thousand how many they are: half of the time goes into checking them."""
    for number, row in enumerate(rows, start=1):
        yield row
        if number % ROWS_BETWEEN == 0:
            tell(number)
