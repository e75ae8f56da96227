import io
import zipfile
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis import tables
from services.chassis.cells import from_csv, to_csv
from services.chassis.csv_rows import CsvTooLarge, Row
from services.chassis.tables import Columns, FileTables, XlsxMalformed
from services.contracts.clients.sheets import FileSheets
from services.contracts.ports.tables import TableFormat

COLUMNS = Columns(("ref",), ("name", "note"))
PRINTED = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


def workbook(*rows: Sequence[Any]) -> bytes:
    """As openpyxl writes it: a formula has no result."""
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(content)
    return content.getvalue()


def read(content: bytes) -> list[Row]:
    return list(FileTables().rows(content, COLUMNS))


def changed(content: bytes, name: str, *swap: bytes) -> bytes:
    """Return the workbook with some bytes of one part replaced."""
    old, new = swap
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for part in source.namelist():
            copy.writestr(part, source.read(part).replace(old, new) if part == name else source.read(part))
    return target.getvalue()


@given(st.text(max_size=20))
def test_a_cell_that_was_written_for_spreadsheets_is_read_as_it_was_and_never_computed(cell: str) -> None:
    assert from_csv(to_csv(cell)) == cell
    assert not to_csv(cell).startswith(("=", "+", "-", "@", "\t", "\r", "|", "＝", "＋", "－", "＠"))


@settings(max_examples=30, deadline=None)  # a workbook is a file
@given(st.lists(st.tuples(PRINTED.filter(bool), PRINTED), min_size=1, max_size=5), st.sampled_from(TableFormat))
def test_a_table_that_is_written_is_read_back_in_either_form(rows: list[tuple[str, str]], form: TableFormat) -> None:
    content = FileSheets().written(["ref", "name"], rows, form=form)
    assert [(row.values["ref"], row.values["name"]) for row in read(content)] == rows


def test_a_formula_that_nobody_has_computed_is_a_mistake_of_its_row() -> None:
    first, second, third = read(workbook(["ref", "name"], ["K-1", "=1+1"], ["K-2", "Li"], ["=A1", None]))
    assert (first.line, first.broken) == (
        2,
        "name is a formula without a result. Open the file in a spreadsheet program and save it.",
    )
    assert (second.broken, second.values) == ("", {"ref": "K-2", "name": "Li"})
    assert third.broken.startswith("ref is a formula")


def test_a_formula_that_was_computed_is_what_it_came_to() -> None:
    content = changed(workbook(["ref", "name"], ["K-1", "=1+1"]), "xl/worksheets/sheet1.xml", b"<v></v>", b"<v>2</v>")
    content = changed(content, "xl/worksheets/sheet1.xml", b"<v />", b"<v>2</v>")
    (row,) = read(content)
    assert (row.broken, row.values["name"]) == ("", "2")


@pytest.mark.parametrize("shown", ["#N/A", "#REF!", "#DIV/0!"])
def test_a_cell_that_shows_an_error_is_a_mistake_of_its_row(shown: str) -> None:
    (row,) = read(workbook(["ref", "name"], ["K-1", shown]))
    assert row.broken == f"name shows {shown}. Correct the formula, or type the value."


def test_a_mistake_in_a_column_that_is_passed_over_costs_no_row() -> None:
    content = workbook(["Number", "Called", "Total"], ["K-1", "Li", "#N/A"], ["K-2", "=1+1", "=2+2"])
    first, second = FileTables().rows(content, Columns(("ref",), ("name",), {"ref": "Number", "name": "Called"}))
    assert (first.values["ref"], first.values["name"], first.broken) == ("K-1", "Li", "")
    assert second.broken.startswith("name is a formula without a result.")


def test_moments_and_numbers_are_read_as_people_see_them() -> None:
    (row,) = read(
        workbook(["ref", "name", "note"], [0.1 + 0.2, datetime.fromisoformat("2026-05-04T08:30"), time(9, 5)])
    )
    assert row.values == {"ref": "0.3", "name": "2026-05-04 08:30:00", "note": "09:05:00"}


def test_what_lies_outside_of_a_wrong_dimension_is_not_lost() -> None:
    content = workbook(["ref", "name"], ["K-1", "Li"], ["K-2", "Wang"])
    lied = changed(content, "xl/worksheets/sheet1.xml", b'ref="A1:B3"', b'ref="A1"')
    assert lied != content
    assert [row.values["name"] for row in read(lied)] == ["Li", "Wang"]


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_MOST_UNPACKED", 5_000)
    with pytest.raises(CsvTooLarge):
        read(workbook(["ref", "name"], *(["K", "x" * 100] for _ in range(200))))


def test_a_workbook_whose_shared_texts_unpack_to_more_than_can_be_held_is_refused_and_a_long_sheet_is_not() -> None:
    room = b" " * (65 * 1024 * 1024)
    content = FileSheets().written(["ref"], [("K-1",)], form=TableFormat.XLSX)
    with pytest.raises(CsvTooLarge):
        read(changed(content, "xl/sharedStrings.xml", b"</sst>", room + b"</sst>"))
    long = changed(content, "xl/worksheets/sheet1.xml", b"</sheetData>", room + b"</sheetData>")
    assert [row.values["ref"] for row in read(long)] == ["K-1"]


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_damaged_workbook_is_refused(part: str) -> None:
    content = changed(workbook(["ref"], ["K-1"]), part, b"<", b"&")
    with pytest.raises(XlsxMalformed):
        read(content)


@pytest.mark.parametrize(("packed", "head"), [(zipfile.ZIP_DEFLATED, 0), (zipfile.ZIP_BZIP2, 0), (zipfile.ZIP_LZMA, 9)])
def test_a_workbook_whose_parts_cannot_be_unpacked_is_refused(packed: int, head: int) -> None:
    target, name = io.BytesIO(), "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(target, "w", packed) as archive:
        archive.writestr(name, b"<worksheet/>" * 100)
    content, begins = bytearray(target.getvalue()), 30 + len(name) + head  # the header of a part is 30 bytes
    content[begins : begins + 10] = b"\xff" * 10
    with pytest.raises(XlsxMalformed):
        read(bytes(content))


def test_rows_without_any_cell_are_passed_over_and_lines_still_count() -> None:
    rows = read(workbook(["ref"], [None], ["K-1"], [], [" "], ["K-2"]))
    assert [(row.line, row.values["ref"]) for row in rows if row.values["ref"]] == [(3, "K-1"), (6, "K-2")]


def test_a_workbook_whose_words_grow_by_themselves_is_refused_at_once() -> None:
    grown = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    bomb = b'<!DOCTYPE x [<!ENTITY a0 "aaaaaaaaaa">' + grown + b"]><worksheet "
    content = changed(workbook(["ref"], ["K-1"]), "xl/worksheets/sheet1.xml", b"<worksheet ", bomb)
    content = changed(content, "xl/worksheets/sheet1.xml", b'<c r="A2" t="inlineStr"><is><t>K-1', b"<c><is><t>&a9;")
    content = changed(content, "xl/worksheets/sheet1.xml", b"<v>1</v>", b"<v>&a9;</v>")
    with pytest.raises(XlsxMalformed):
        read(content)
