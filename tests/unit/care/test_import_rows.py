from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.calendars.birthday import Birthday, BirthdayCalendar
from services.care.domain.language import Language
from services.care.domain.members.details import Gender
from services.care.domain.members.rows import OPTIONAL, REQUIRED, check_row
from services.chassis import csv_rows
from services.chassis.errors import DomainError

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
ROW = {"external_ref": "A1", "name": "王小明"}


def test_a_row_tells_only_what_the_file_has_columns_for() -> None:
    assert check_row(ROW, now=NOON) == {"external_ref": "A1", "name": "王小明", "name_search": "王小明"}


@pytest.mark.parametrize(
    ("column", "cell", "field", "value"),
    [
        ("gender", "女", "gender", Gender.FEMALE),
        ("gender", "Male", "gender", Gender.MALE),
        ("gender", "", "gender", None),
        ("language", "zh-CN", "language", Language.ZH_HANS),
        ("language", "EN", "language", Language.EN),
        ("language", "", "language", Language.ZH_HANS),
        ("email_consent", "是", "email_consent", True),
        ("email_consent", "TRUE", "email_consent", True),
        ("email_consent", "", "email_consent", False),
        ("do_not_contact", "no", "do_not_contact", False),
        ("phone", "13800138000", "phone", "+8613800138000"),
        ("birthday", "--02-29", "birthday_key", 229),
        ("birthday", "", "birthday", None),
    ],
)
def test_a_cell_is_read_as_companies_write_it(column: str, cell: str, field: str, value: object) -> None:
    assert check_row({**ROW, column: cell}, now=NOON)[field] == value


@pytest.mark.parametrize("calendar", ["lunar", "Lunar", "农历", "阴历"])
def test_a_lunar_birthday_is_told_by_the_column_beside_it(calendar: str) -> None:
    told = check_row({**ROW, "birthday": "1990-L05-01", "birthday_calendar": calendar}, now=NOON)
    assert told["birthday"] == Birthday(BirthdayCalendar.LUNAR, 5, 1, leap_month=True, year=1990)
    assert told["birthday_key"] == 20501


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("external_ref", ""),
        ("name", ""),
        ("gender", "yes"),
        ("language", "fr"),
        ("time_zone", "UTC+8"),
        ("birthday", "1990-02-30"),
        ("birthday", "30.1.1990"),
        ("birthday_calendar", "julian"),
        ("email", "anna at example.com"),
        ("phone", "110"),
        ("customer_id", "con_01J9Z3N5XK8QJ7V2M4T6R8W0YA"),
        ("email_consent", "maybe"),
        ("do_not_contact", "2"),
    ],
)
def test_a_wrong_cell_is_refused_by_its_column(column: str, cell: str) -> None:
    with pytest.raises(DomainError) as refusal:
        check_row({**ROW, "birthday": "", column: cell}, now=NOON)
    assert refusal.value.field == column


CELLS = st.text(max_size=40) | st.from_regex(r"[+0-9 ()x;,-]{0,20}", fullmatch=True) | st.from_regex(
    r"[^\s@]{0,8}@[^\s@]{0,20}", fullmatch=True
) | st.from_regex(r"[0-9L-]{0,12}", fullmatch=True)  # fmt: skip


@given(row=st.fixed_dictionaries(dict.fromkeys((*REQUIRED, *OPTIONAL), CELLS)))
def test_whatever_a_row_holds_it_is_taken_or_refused_by_one_of_its_columns(row: dict[str, str]) -> None:
    field = "name"
    try:
        check_row(row, now=NOON)
    except DomainError as refusal:
        field = refusal.field
    assert field in row


@given(content=st.binary(max_size=200) | st.text(max_size=200).map(lambda rows: f"external_ref,name\n{rows}".encode()))
def test_whatever_a_file_holds_it_is_read_or_refused(content: bytes) -> None:
    code = "CSV_READ"
    try:
        rows = csv_rows.read_rows(content, required=REQUIRED, optional=OPTIONAL)
        checked = csv_rows.check_rows(rows, key="external_ref", check=lambda cells: check_row(cells, now=NOON))
        assert len(checked.good) + len(checked.errors) == checked.rows
    except DomainError as refusal:
        code = refusal.code
    assert code.startswith("CSV_")
