"""Rows of a CSV file that a person sends: strict about the file, gentle about one bad row."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from services.chassis.errors import DomainError, InvalidField, Kind

Told = TypeVar("Told")

MOST_BYTES = 20 * 1024 * 1024
MOST_ROWS = 200_000
"""A file is checked whole before its first row is stored, so it must fit into memory."""
MOST_OFFSET = 1_000_000_000
"""No file that is sent in slices has more lines."""
_STRAY_QUOTE = "expected after"  # the one mistake that ends with its line: "','' expected after '"'"


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
    """One for each column of the header; empty where the row is too short."""
    cells: int
    """How many cells the row really had; a row with more or fewer than the header is a mistake of the row."""
    broken: str = ""
    """Why the row could not be read at all; then it has no values."""


@dataclass(frozen=True, slots=True)
class RowError:
    """Why a row cannot be taken."""

    line: int
    column: str
    code: str
    message: str


class ImportMode(StrEnum):
    """What happens to the good rows of a file that has bad ones."""

    GOOD_ROWS = "good_rows"
    ALL_OR_NOTHING = "all_or_nothing"


class RowOutcome(StrEnum):
    """What became of a good row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of a file. Without `stored`, what would have become of it."""

    rows: int
    outcomes: Mapping[RowOutcome, int]
    errors: Sequence[RowError]
    stored: bool


@dataclass(frozen=True, slots=True)
class CheckedRow(Generic[Told]):
    """A row that may be stored."""

    line: int
    key: str
    told: Told


@dataclass(slots=True)
class CheckedRows(Generic[Told]):
    """What a file holds: how many rows, which of them are good, and what is wrong with the others."""

    rows: int = 0
    good: list[CheckedRow[Told]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def checked_offset(value: int, field: str = "line_offset") -> int:
    """Return what is added to reported line numbers, or refuse with INVALID_FIELD: no file begins before its line 1."""
    if not 0 <= value <= MOST_OFFSET:
        raise InvalidField(field, f"{field} must be 0 to {MOST_OFFSET}.")
    return value


def overtaken(row: CheckedRow[Told], column: str) -> RowError:
    """Return the error of a row that somebody else wrote again and again while it was to be stored."""
    return RowError(row.line, column, "CONCURRENT_CHANGE", "Somebody else keeps changing it. Import the file again.")


def check_rows(
    rows: Iterable[Row],
    *,
    key: str,
    check: Callable[[Mapping[str, str]], Told],
    line_offset: int = 0,
    key_of: Callable[[Mapping[str, str]], str] | None = None,
) -> CheckedRows[Told]:
    """Check every row; a refusal of `check` becomes the error of its row, and so does a key that came before.

    The key is what stands in the column `key`, or what `key_of` makes of several.
    Refuses with CSV_TOO_LARGE more rows than MOST_ROWS.
    """
    checked: CheckedRows[Told] = CheckedRows()
    first_lines: dict[str, int] = {}
    for row in rows:
        checked.rows += 1
        if checked.rows > MOST_ROWS:
            raise CsvTooLarge(f"The file has more than {MOST_ROWS} rows. Split it.")
        line = row.line + line_offset
        if row.broken or row.cells != len(row.values):
            wrong = row.broken or f"The row has {row.cells} cells, the header has {len(row.values)}."
            checked.errors.append(RowError(line, "", "CSV_ROW_BROKEN", wrong))
            continue
        value = key_of(row.values) if key_of else row.values[key]
        first = first_lines.setdefault(value, line)
        if value and first != line:
            wrong = f"{value} was already on line {first}. Keep one of the two rows."
            checked.errors.append(RowError(line, key, "DUPLICATE_REFERENCE", wrong))
            continue
        try:
            checked.good.append(CheckedRow(line, value, check(row.values)))
        except DomainError as refusal:
            checked.errors.append(RowError(line, refusal.field, refusal.code, refusal.message))
    return checked


def read_rows(
    content: bytes, *, required: Sequence[str], optional: Sequence[str] = (), names: Mapping[str, str] | None = None
) -> Iterator[Row]:
    """Check the file as a whole, then yield its rows; blank lines are passed over.

    Refuses with CSV_TOO_LARGE, CSV_ENCODING, CSV_MALFORMED, CSV_COLUMN_MISSING, CSV_COLUMN_UNKNOWN; CSV_MALFORMED
    may come late, for a quote that is never closed, so read all rows before the first is stored.
    """
    if len(content) > MOST_BYTES:
        raise CsvTooLarge(f"The file has {len(content)} bytes; at most {MOST_BYTES} are allowed. Split it.")
    lines = _decode(content)
    reader = csv.reader(io.StringIO(lines), strict=True)
    try:
        cells = next(reader)
    except StopIteration:
        raise CsvMalformed("The file is empty: a header line is needed.") from None
    except csv.Error as error:
        raise CsvMalformed(f"The header is no CSV: {error}.") from error
    return _rows(reader, named_header(cells, required, optional=optional, names=names or {}))


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


def named_header(
    cells: Sequence[str], required: Sequence[str], *, optional: Sequence[str], names: Mapping[str, str]
) -> list[str]:
    """Return the columns of a header by our names, or refuse as `check_header` does.

    `names` holds the file's word by ours. With any, a column that nobody named is passed over, under a name that is
    none of ours; a word that the header lacks is refused with CSV_COLUMN_MISSING.
    """
    header = [cell.strip().lower() for cell in cells]
    if not names:
        check_header(header, required, optional=optional)
        return header
    ours = {theirs.strip().lower(): column for column, theirs in names.items()}
    lacking = [theirs for theirs in ours if theirs not in header]
    if lacking:
        raise CsvColumnMissing(f"The header lacks {', '.join(lacking)}.", field=lacking[0], columns=",".join(lacking))
    known = {*required, *optional}
    taken = [ours.get(cell, "" if cell in names else cell) for cell in header]
    named = [name if name in known else f"({place})" for place, name in enumerate(taken)]
    check_header([name for name in named if name in known], required, optional=optional)
    return named


def check_header(header: Sequence[str], required: Sequence[str], *, optional: Sequence[str]) -> None:
    """Refuse with CSV_COLUMN_MISSING, CSV_COLUMN_UNKNOWN or CSV_MALFORMED (one twice) a header of other columns."""
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
            columns=",".join(unknown),
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
            if _STRAY_QUOTE not in str(error):
                raise CsvMalformed(f"Line {begins} is no CSV: {error}.", line=str(begins)) from error
            yield Row(begins, {}, 0, broken="A quote is in the wrong place. Write a quote inside of quotes twice.")
            cells = []
        if any(cell.strip() for cell in cells):
            values = dict.fromkeys(header, "")
            values.update((name, cell.strip()) for name, cell in zip(header, cells, strict=False))
            yield Row(begins, values, len(cells))
        begins = reader.line_num + 1  # type: ignore[attr-defined]  # a csv.reader counts lines
