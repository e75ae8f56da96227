"""Rows of a CSV file that a person sends: strict about the file, gentle about one bad row."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.chassis.errors import DomainError, Kind

MOST_BYTES = 20 * 1024 * 1024


class CsvEncoding(DomainError):
    """The bytes are not UTF-8."""

    kind, reason = Kind.INVALID, "CSV_ENCODING"


class CsvColumnMissing(DomainError):
    """The header lacks a column, repeats one or has one that nobody knows."""

    kind, reason = Kind.INVALID, "CSV_COLUMN_MISSING"


class CsvColumnUnknown(DomainError):
    """The header has a column that nobody knows: most likely a typing error that would lose data."""

    kind, reason = Kind.INVALID, "CSV_COLUMN_UNKNOWN"


class CsvMalformed(DomainError):
    """The file is no CSV table."""

    kind, reason = Kind.INVALID, "CSV_MALFORMED"


class CsvTooLarge(DomainError):
    """The file is larger than one request may be."""

    kind, reason = Kind.INVALID, "CSV_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it begins on (the header is line 1) and its cells by column, without outer white space."""

    line: int
    values: dict[str, str]
    cells: int
    """How many cells the row really had; a row with more or fewer than the header is a mistake of the row."""


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row cannot be taken."""

    line: int
    column: str
    code: str
    message: str


def read_rows(content: bytes, *, required: Sequence[str], optional: Sequence[str] = ()) -> Iterator[Row]:
    """Check the file as a whole, then yield its rows; blank lines are passed over.

    Refuses with CSV_TOO_LARGE, CSV_ENCODING, CSV_MALFORMED, CSV_COLUMN_MISSING, CSV_COLUMN_UNKNOWN before the first
    row, so that nothing is half-read.
    """
    if len(content) > MOST_BYTES:
        raise CsvTooLarge(f"The file has {len(content)} bytes; at most {MOST_BYTES} are allowed. Split it.")
    lines = _decode(content)
    reader = csv.reader(io.StringIO(lines), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(reader)]
    except StopIteration:
        raise CsvMalformed("The file is empty: a header line is needed.") from None
    except csv.Error as error:
        raise CsvMalformed(f"The header is no CSV: {error}.") from error
    _check_header(header, required, optional)
    return _rows(reader, header)


def _decode(content: bytes) -> str:
    try:
        decoded = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CsvEncoding(
            f"The file is not UTF-8 (byte {error.start + 1}). Save it again as CSV UTF-8; "
            "spreadsheets in Chinese often write GBK by default."
        ) from error
    if "\x00" in decoded:
        raise CsvEncoding("The file contains zero bytes: it is UTF-16 or no text. Save it again as CSV UTF-8.")
    return decoded


def _check_header(header: list[str], required: Sequence[str], optional: Sequence[str]) -> None:
    missing = [name for name in required if name not in header]
    if missing:
        raise CsvColumnMissing(f"The header lacks {', '.join(missing)}.", field=missing[0], columns=",".join(missing))
    known = {*required, *optional}
    unknown = [name for name in header if name not in known]
    if unknown:
        raise CsvColumnUnknown(
            f"The header has a column that is not known: {', '.join(unknown) or '(empty)'}. "
            f"Known are {', '.join([*required, *optional])}.",
            field=unknown[0],
        )
    twice = [name for name in known if header.count(name) > 1]
    if twice:
        raise CsvMalformed(f"The header has {twice[0]} more than once.", field=twice[0])


def _rows(reader: Iterator[list[str]], header: list[str]) -> Iterator[Row]:
    begins = 2
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise CsvMalformed(f"Line {begins} is no CSV: {error}.", line=str(begins)) from error
        if any(cell.strip() for cell in cells):
            values = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
            yield Row(begins, values, len(cells))
        begins = reader.line_num + 1  # type: ignore[attr-defined]  # a csv.reader counts lines
