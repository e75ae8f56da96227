"""How far the import of a file is, for whoever waits for it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

MOST_KEY = 100
"""Characters of the key that a caller gives a file."""


class ImportPhase(StrEnum):
    """What is being done with the rows."""

    CHECKING = "checking"
    STORING = "storing"
    FINISHED = "finished"


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

    def get(self, file_key: str) -> Progress:
        """Return it, or refuse with IMPORT_NOT_FOUND."""
