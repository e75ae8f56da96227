from collections.abc import Mapping

import pytest

from services.chassis.csv_rows import (
    MOST_BYTES,
    MOST_ROWS,
    CsvColumnMissing,
    CsvColumnUnknown,
    CsvEncoding,
    CsvMalformed,
    CsvTooLarge,
    Row,
    RowError,
    check_rows,
    read_rows,
)
from services.chassis.errors import InvalidField

HEADER = "ref,name\n"


def rows_of(text: str) -> list[Row]:
    return list(read_rows(text.encode(), required=["ref"], optional=["name"]))


def name_of(cells: Mapping[str, str]) -> str:
    if cells["name"] == "bad":
        raise InvalidField("name", "name is bad.")
    return cells["name"]


def test_rows_keep_the_line_they_begin_on_across_quoted_line_breaks_and_blank_lines() -> None:
    rows = rows_of(HEADER + '1,"two\nlines"\n\n , \n 2 ,"said ""yes"""\n')
    assert [(row.line, row.values) for row in rows] == [
        (2, {"ref": "1", "name": "two\nlines"}),
        (6, {"ref": "2", "name": 'said "yes"'}),
    ]


def test_a_byte_order_mark_and_the_letter_case_of_the_header_make_no_difference() -> None:
    rows = list(read_rows("\ufeffREF, Name\n1,a\n".encode(), required=["ref"], optional=["name"]))
    assert rows[0].values == {"ref": "1", "name": "a"}


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_another_encoding_is_refused_with_what_to_do(encoding: str) -> None:
    with pytest.raises(CsvEncoding, match="Save it again as CSV UTF-8"):
        read_rows((HEADER + "1,王小明\n").encode(encoding), required=["ref"], optional=["name"])


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", CsvMalformed),
        ("name\nx\n", CsvColumnMissing),
        ("ref,nmae\n1,x\n", CsvColumnUnknown),
        ("ref,ref\n1,2\n", CsvMalformed),
        (HEADER + '1,"never closed\n2,b\n', CsvMalformed),
    ],
)
def test_a_file_that_is_no_table_of_known_columns_is_refused(text: str, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rows_of(text)


def test_a_file_beyond_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(CsvTooLarge, match="Split it"):
        read_rows(b"\xff" * (MOST_BYTES + 1), required=["ref"])


def test_bad_rows_are_reported_by_line_and_column_and_the_others_are_good() -> None:
    text = HEADER + '1,a\n2,bad\n3\n4,d,e\n1,again\n5,"x"y\n6,f\n'
    checked = check_rows(rows_of(text), key="ref", check=name_of)
    assert checked.rows == 7
    assert [(row.line, row.key, row.told) for row in checked.good] == [(2, "1", "a"), (8, "6", "f")]
    assert checked.errors == [
        RowError(3, "name", "INVALID_FIELD", "name is bad."),
        RowError(4, "", "CSV_ROW_BROKEN", "The row has 1 cells, the header has 2."),
        RowError(5, "", "CSV_ROW_BROKEN", "The row has 3 cells, the header has 2."),
        RowError(6, "ref", "DUPLICATE_REFERENCE", "1 was already on line 2. Keep one of the two rows."),
        RowError(7, "", "CSV_ROW_BROKEN", "A quote is in the wrong place. Write a quote inside of quotes twice."),
    ]


def test_lines_of_a_slice_are_reported_as_lines_of_the_whole_file() -> None:
    checked = check_rows(rows_of(HEADER + "1,bad\n1,b\n"), key="ref", check=name_of, line_offset=1000)
    assert [error.line for error in checked.errors] == [1002, 1003]
    assert checked.errors[1].message == "1 was already on line 1002. Keep one of the two rows."


def test_more_rows_than_fit_are_refused_instead_of_filling_the_memory() -> None:
    rows = (Row(line, {"ref": ""}, 1) for line in range(2, MOST_ROWS + 3))
    with pytest.raises(CsvTooLarge, match="Split it"):
        check_rows(rows, key="ref", check=len)
