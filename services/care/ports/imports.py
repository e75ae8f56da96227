"""What an import of members needs beside the members: the table, the rows seen, and somebody to tell how far it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from services.chassis.csv_rows import Row
from services.chassis.tables import Columns


class ImportPhase(StrEnum):
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


class Tables(Protocol):
    """Reads the tables that people bring."""

    def rows(self, content: bytes, columns: Columns) -> Iterator[Row]:
        """Check the file as a whole, then yield its rows; refuses with CSV_... and XLSX_MALFORMED."""


class FileRows(Protocol):
    """Which line of a file each reference stands on, over all its slices; forgotten after some days."""

    def first_lines(self, file_key: str, lines: Mapping[str, int], *, store: bool, now: datetime) -> Mapping[str, int]:
        """Return the first line of each reference: one stored before, else the one given, which is then stored."""


class ImportProgress(Protocol):
    """How far imports are."""

    def tell(self, file_key: str, phase: ImportPhase, *, rows: int, done: int, now: datetime) -> None:
        """Store it in place of what was told before."""

    def get(self, file_key: str) -> Progress:
        """Return it, or refuse with IMPORT_NOT_FOUND."""
