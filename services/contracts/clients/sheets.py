"""Writes the tables that people take: CSV or an Excel workbook, in which nothing is computed."""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from services.chassis.cells import to_csv
from services.contracts.ports.tables import TableFormat


class FileSheets:
    """Writes a table in either form."""

    def written(self, header: Sequence[str], rows: Iterable[Sequence[str]], *, form: TableFormat) -> bytes:
        return _workbook(header, rows) if form is TableFormat.XLSX else _csv(header, rows)


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(header)
    writer.writerows([to_csv(cell) for cell in row] for row in rows)
    return lines.getvalue().encode("utf-8-sig")  # without the mark, spreadsheets in Chinese guess GBK


def _workbook(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for line, row in enumerate([header, *rows]):
            for place, cell in enumerate(row):
                sheet.write_string(line, place, cell)  # a text, whatever it begins with
    return content.getvalue()
