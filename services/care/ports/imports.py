"""What an import of members needs beside the members: the table, and the rows seen."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Protocol

from services.chassis.csv_rows import Row
from services.chassis.tables import Columns


class Tables(Protocol):
    """Reads the tables that people bring."""

    def rows(self, content: bytes, columns: Columns) -> Iterator[Row]:
        """Check the file as a whole, then yield its rows; refuses with CSV_... and XLSX_MALFORMED."""


class FileRows(Protocol):
    """Which line of a file each reference stands on, over all its slices; forgotten after some days."""

    def first_lines(self, file_key: str, lines: Mapping[str, int], *, store: bool, now: datetime) -> Mapping[str, int]:
        """Return the first line of each reference: one stored before, else the one given, which is then stored."""
