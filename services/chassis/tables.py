"""Reads the tables that people bring: CSV, or the first sheet of an Excel workbook."""

import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from itertools import zip_longest
from lzma import LZMAError
from typing import Any
from zipfile import BadZipFile, ZipFile

from services.chassis.cells import from_csv
from services.chassis.csv_rows import MOST_BYTES, CsvTooLarge, Row, named_header, read_rows
from services.chassis.errors import DomainError, Kind

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MOST_UNPACKED = 200 * 1024 * 1024
"""A workbook is a ZIP: a small one may unpack to gigabytes."""
_MOST_HELD = 64 * 1024 * 1024
"""Sheets are read row by row; the texts that they share are held whole, in ten times the room. 100,000 rows of 16
columns that never repeat one come to about this much."""
_SHEETS, _PICTURES = "xl/worksheets/", "xl/media/"
_FORMULA = (b"<f>", b"<f ", b"<f/")
_BLOCK = 1 << 20
_DAMAGED = (
    *(BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError),
    *(zlib.error, LZMAError),  # what unpacks a part raises its own
)
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})


class XlsxMalformed(DomainError):
    """The file begins like a workbook but cannot be read as one."""

    kind, reason = Kind.INVALID, "XLSX_MALFORMED"


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: those that must be there, and those that may."""

    required: Sequence[str]
    optional: Sequence[str] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """Where the file calls a column otherwise: the file's word by ours. Then columns of its own are passed over."""


class FileTables:
    """Tells the form of a file by how it begins."""

    def rows(self, content: bytes, columns: Columns) -> Iterator[Row]:
        if content.startswith(_ZIP):
            return _sheet_rows(content, columns)
        if content.startswith(_OLE):
            raise XlsxMalformed("The file is an old .xls or has a password. Save it as .xlsx without one, or as CSV.")
        read = read_rows(content, required=columns.required, optional=columns.optional, names=columns.names)
        return (replace(row, values={name: from_csv(cell) for name, cell in row.values.items()}) for row in read)


def _sheet_rows(content: bytes, columns: Columns) -> Iterator[Row]:
    has_formulas = _check_archive(content)
    shown = _lines(content, computed=True)
    written = _lines(content, computed=False) if has_formulas else None
    first = next(shown, None)
    if first is None or not any(first):
        raise XlsxMalformed("The first sheet is empty: a header row is needed.")
    if written is not None:
        next(written, None)
    cells = [_text(cell) for cell in _trimmed(first)]
    header = named_header(cells, columns.required, optional=columns.optional, names=columns.names)
    return _rows(header, shown, written=written, known=frozenset({*columns.required, *columns.optional}))


def _check_archive(content: bytes) -> bool:
    """Refuse what is no archive or unpacks to too much; say whether any sheet holds formulas."""
    if len(content) > MOST_BYTES:
        raise CsvTooLarge(f"The file has {len(content)} bytes; at most {MOST_BYTES} are allowed. Split it.")
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            sizes = {part.filename: part.file_size for part in archive.infolist()}
            held = sum(size for name, size in sizes.items() if not name.startswith((_SHEETS, _PICTURES)))
            if sum(sizes.values()) > _MOST_UNPACKED or held > _MOST_HELD:
                raise CsvTooLarge("The workbook unpacks to too much. Split it, or save it as CSV.")
            sheets = [name for name in sizes if name.startswith(_SHEETS)]
            return any(_has_formula(archive, name) for name in sheets)
    except _DAMAGED as error:
        raise XlsxMalformed("The file is damaged: it begins like a workbook and is none.") from error


def _has_formula(archive: ZipFile, name: str) -> bool:
    tail = b""
    with archive.open(name) as part:
        while block := part.read(_BLOCK):
            seen = tail + block
            if any(mark in seen for mark in _FORMULA):
                return True
            tail = seen[-4:]
    return False


def _lines(content: bytes, *, computed: bool) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the first sheet, with formulas as what they came to, or as written."""
    import openpyxl  # noqa: PLC0415  # it loads numpy where that is installed: not in every process, at every start

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=computed, keep_links=False)
        if not book.worksheets:
            return
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # programs write wrong ones, and what lies outside would be passed over
        yield from sheet.iter_rows(values_only=True)
    except Exception as error:  # openpyxl has no exception of its own for a damaged file
        raise XlsxMalformed("The workbook cannot be read. Save it again as .xlsx, or as CSV.") from error


def _rows(
    header: Sequence[str],
    shown: Iterator[tuple[Any, ...]],
    *,
    written: Iterator[tuple[Any, ...]] | None,
    known: frozenset[str],
) -> Iterator[Row]:
    width = len(header)
    for line, cells in enumerate(shown, start=2):
        formulas = next(written, ()) if written is not None else ()
        if not any(cell not in (None, "") for cell in (*cells, *formulas)):
            continue
        broken = _broken(header, cells, formulas=formulas, known=known)
        texts = [_text(cell) for cell in _trimmed(cells)]
        values = dict(zip(header, [*texts, *[""] * (width - len(texts))], strict=False))
        yield Row(line, values, max(width, len(texts)), broken=broken)


def _broken(header: Sequence[str], cells: Sequence[Any], *, formulas: Sequence[Any], known: frozenset[str]) -> str:
    """Say why a row cannot be taken: a cell that is read shows an error, or a formula that nobody has computed."""
    for name, cell, formula in zip_longest(header, cells[: len(header)], formulas[: len(header)]):
        if name not in known:
            continue
        if isinstance(cell, str) and cell in _ERRORS:
            return f"{name} shows {cell}. Correct the formula, or type the value."
        if formula is not None and cell is None:
            return f"{name} is a formula without a result. Open the file in a spreadsheet program and save it."
    return ""


def _trimmed(cells: Sequence[Any]) -> list[Any]:
    """Return the cells without the empty ones at the end, which a sheet has where only a format was set."""
    kept = list(cells)
    while kept and kept[-1] in (None, ""):
        kept.pop()
    return kept


def _text(cell: Any) -> str:
    """Return a cell as it would stand in a CSV file: dates as YYYY-MM-DD, whole numbers without a point."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(cell, ".15g")  # as many digits as a sheet keeps
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="seconds")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)
