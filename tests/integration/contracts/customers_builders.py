"""Files and requests of customers' upkeep that name only what matters to a test."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import xlsxwriter

from membercare.contracts.v1 import imports_pb2

ALL_OR_NOTHING = imports_pb2.IMPORT_MODE_ALL_OR_NOTHING


def csv_of(header: str, *rows: str) -> bytes:
    return "\n".join([header, *rows]).encode()


def xlsx_of(*rows: Sequence[Any]) -> bytes:
    """Write a workbook; dates, numbers and formulas as what they are."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(line, place, cell)
    return content.getvalue()


def sheet_rows(content: bytes) -> list[list[Any]]:
    """Read a workbook back, as a spreadsheet program would."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]


def upload(content: bytes, **options: Any) -> imports_pb2.Upload:
    return imports_pb2.Upload(content=content, **options)


def told(report: imports_pb2.ImportReport) -> dict[str, Any]:
    """Return a report in a form that is easily compared."""
    figures = {name: getattr(report, name) for name in ("rows", "created", "updated", "unchanged", "failed", "stored")}
    return figures | {"errors": [(error.line, error.column, error.code) for error in report.errors]}


def report(*, rows: int, stored: bool = True, **figures: Any) -> dict[str, Any]:
    nothing = {"created": 0, "updated": 0, "unchanged": 0, "failed": 0, "errors": []}
    return nothing | {"rows": rows, "stored": stored} | figures
