"""How far the import of a file is, for whoever waits for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from services.chassis.clock import Clock

MOST_KEY = 100
"""Characters of the key that a caller gives a file."""


class ImportPhase(StrEnum):
    """What is being done with the rows."""

    CHECKING = "checking"
    STORING = "storing"
    FINISHED = "finished"
    FAILED = "failed"
    """The file was refused as a whole, and nothing of it is stored; or a fault ended it, and what was stored stays."""


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


class ImportProgress(Protocol):
    """How far imports are."""

    def tell(self, file_key: str, phase: ImportPhase, *, rows: int, done: int, now: datetime) -> None:
        """Store it in place of what was told before."""

    def fail(self, file_key: str, *, now: datetime) -> None:
        """Store that it failed, as far as it was."""

    def get(self, file_key: str) -> Progress:
        """Return it, or refuse with IMPORT_NOT_FOUND."""


@contextmanager
def failure_told(progress: ImportProgress, file_key: str, *, clock: Clock) -> Iterator[None]:
    """Tell that the import failed if a refusal or a fault ends it: nobody is to wait for what will never go on."""
    try:
        yield
    except BaseException:
        if file_key:
            progress.fail(file_key, now=clock.now())
        raise
