"""Tables as people bring and take them, as the use cases need them."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Protocol

from services.chassis.csv_rows import Row
from services.chassis.tables import Columns


class TableFormat(StrEnum):
    """The form of a file that is written."""

    CSV = "csv"
    XLSX = "xlsx"


class Tables(Protocol):
    """Reads the tables that people bring."""

    def rows(self, content: bytes, columns: Columns) -> Iterator[Row]:
        """Check the file as a whole, then yield its rows; blank ones are passed over.

        Refuses with CSV_TOO_LARGE, CSV_ENCODING, CSV_MALFORMED, XLSX_MALFORMED, CSV_COLUMN_MISSING, CSV_COLUMN_UNKNOWN.
        """


class Sheets(Protocol):
    """Writes the tables that people take."""

    def written(self, header: Sequence[str], rows: Iterable[Sequence[str]], *, form: TableFormat) -> bytes:
        """Return the file; every cell is text, and none is computed by the program that opens it."""
