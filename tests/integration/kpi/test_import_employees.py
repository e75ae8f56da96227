from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.kpi.v1 import kpi_service_pb2 as pb
from membercare.kpi.v1.kpi_service_pb2_grpc import KpiServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import refused
from tests.integration.kpi.builders import file_of, imported, report, staff

TOMORROW = (date.today() + timedelta(days=2)).isoformat()  # noqa: DTZ011  # a day that has not begun anywhere


def test_a_file_is_stored_and_the_same_file_again_changes_nothing(
    hr: KpiServiceStub, database: Database[dict[str, Any]]
) -> None:
    content = file_of("1,Anna,Head,Care,anna,,", "2,Bert,Agent,Care,,1,2026-01-01")
    assert imported(hr, content) == report(rows=2, created=2)
    before = list(database["employees"].find())
    assert imported(hr, content) == report(rows=2, unchanged=2)
    assert list(database["employees"].find()) == before
    anna, bert = staff(hr)["1"], staff(hr)["2"]
    assert (anna.name, anna.position, anna.unit, anna.subject, anna.manager_id) == ("Anna", "Head", "Care", "anna", "")
    assert (bert.manager_id, bert.etag) == (anna.id, "1")


def test_a_changed_row_changes_its_employee(hr: KpiServiceStub) -> None:
    imported(hr, file_of("1,Anna,Head,Care,,,", "2,Bert,,,,1,"))
    assert imported(hr, file_of("1,Anna,Chief,Care,,,", "2,Bert,,,,1,", "3,Carl,,,,2,")) == report(
        rows=3, created=1, updated=1, unchanged=1
    )
    assert (staff(hr)["1"].position, staff(hr)["1"].etag) == ("Chief", "2")


def test_a_manager_of_tomorrow_is_not_the_manager_of_today(hr: KpiServiceStub) -> None:
    imported(hr, file_of("1,Anna,,,,,", "2,Bert,,,,1,", "3,Carl,,,,,"))
    assert imported(hr, file_of(f"2,Bert,,,,3,{TOMORROW}")) == report(rows=1, updated=1)
    people = staff(hr)
    assert people["2"].manager_id == people["1"].id
    assert list(staff(hr, manager_id=people["1"].id)) == ["2"]
    assert staff(hr, manager_id=people["3"].id) == {}


def test_a_dry_run_and_all_or_nothing_write_nothing(hr: KpiServiceStub, database: Database[dict[str, Any]]) -> None:
    content = file_of("1,Anna,,,,,", "2,Bert,,,,9,")
    errors = [(3, "manager_ref", "MANAGER_NOT_FOUND")]
    assert imported(hr, content, dry_run=True) == report(rows=2, created=1, failed=1, errors=errors, stored=False)
    all_or_nothing = imported(hr, content, mode=pb.IMPORT_MODE_ALL_OR_NOTHING)
    assert all_or_nothing == report(rows=2, created=1, failed=1, errors=errors, stored=False)
    assert database["employees"].count_documents({}) == 0


def test_bad_rows_are_reported_by_line_and_column_and_good_ones_are_stored(hr: KpiServiceStub) -> None:
    answer = imported(
        hr,
        file_of(
            "1,Anna,,,,,",
            ",Nobody,,,,,",
            "2,,,,,,",
            "3,Carl,,,,1,2026-02-30",
            "1,Again,,,,,",
            "4,Dora,,,,5,",
            "5,Emil,,,,4,",
            "6,Fritz,,,,6,",
            "7,Gabi,,,,404,",
            '8,"Hans" x,,,,,',
            "9,Ida,,,,1,",
        ),
    )
    assert answer == report(
        rows=11,
        created=2,
        failed=9,
        errors=[
            (3, "external_ref", "INVALID_FIELD"),
            (4, "name", "INVALID_FIELD"),
            (5, "manager_since", "INVALID_FIELD"),
            (6, "external_ref", "DUPLICATE_REFERENCE"),
            (7, "manager_ref", "REPORTING_CYCLE"),
            (8, "manager_ref", "REPORTING_CYCLE"),
            (9, "manager_ref", "REPORTING_CYCLE"),
            (10, "manager_ref", "MANAGER_NOT_FOUND"),
            (11, "", "CSV_ROW_BROKEN"),
        ],
    )
    assert sorted(staff(hr)) == ["1", "9"]


def test_a_cycle_with_people_on_record_leaves_the_line_as_it_was(hr: KpiServiceStub) -> None:
    imported(hr, file_of("1,Anna,,,,,", "2,Bert,,,,1,"))
    before = staff(hr)
    assert imported(hr, file_of("1,Anna,,,,2,"))["errors"] == [(2, "manager_ref", "REPORTING_CYCLE")]
    assert staff(hr) == before


def test_a_sign_in_subject_cannot_be_given_twice(hr: KpiServiceStub) -> None:
    imported(hr, file_of("1,Anna,,,anna,,"))
    assert imported(hr, file_of("2,Bert,,,anna,,"))["errors"] == [(2, "subject", "SUBJECT_TAKEN")]
    assert imported(hr, file_of("1,Anna,,,,,", "2,Bert,,,anna,,"))["failed"] == 0
    assert staff(hr)["2"].subject == "anna"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("external_ref,name\n1,王小明\n".encode("gb18030"), "CSV_ENCODING"),
        (b"name\nAnna\n", "CSV_COLUMN_MISSING"),
        (b"external_ref,name,manger_ref\n1,Anna,\n", "CSV_COLUMN_UNKNOWN"),
        (b"", "CSV_MALFORMED"),
        (b"x" * (20 * 1024 * 1024 + 1), "CSV_TOO_LARGE"),
    ],
)
def test_a_file_that_is_no_table_of_employees_is_refused_whole(
    hr: KpiServiceStub, database: Database[dict[str, Any]], content: bytes, reason: str
) -> None:
    refusal = refused(hr.ImportEmployees, pb.ImportEmployeesRequest(content=content))
    assert (refusal.kind, refusal.reason) == (Kind.INVALID, reason)
    assert database["employees"].count_documents({}) == 0


def test_the_same_file_from_many_at_once_makes_no_doubles_and_every_manager_exists(
    hr: KpiServiceStub, database: Database[dict[str, Any]]
) -> None:
    content = file_of(*(f"{number},E{number},,,,{number // 5 or ''}," for number in range(1, 400)))
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: imported(hr, content), range(4)))
    assert sum(answer["created"] for answer in answers) == 399
    assert all(not answer["errors"] for answer in answers)
    people = staff(hr)
    assert len(people) == database["employees"].count_documents({}) == 399
    for number in range(5, 400):
        assert people[str(number)].manager_id == people[str(number // 5)].id


@pytest.mark.parametrize("offset", [-1, 2**31 - 1])
def test_an_offset_that_no_file_has_is_refused_and_nothing_is_stored(
    hr: KpiServiceStub, database: Database[dict[str, Any]], offset: int
) -> None:
    request = pb.ImportEmployeesRequest(content=file_of("1,Anna,,,,,"), line_offset=offset)
    refusal = refused(hr.ImportEmployees, request)
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, "INVALID_FIELD", "line_offset")
    assert database["employees"].count_documents({}) == 0
