import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused

HEADER = "external_ref,name,birthday,birthday_calendar,email,phone,time_zone,email_consent"
ALL_OR_NOTHING = pb.IMPORT_MODE_ALL_OR_NOTHING


@pytest.fixture
def ops(calling: Calling) -> CareServiceStub:
    return calling.as_role(CareServiceStub, "ops")


def file_of(*rows: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *rows]).encode()


def rows_of(numbers: Iterable[int], *, name: str = "王") -> list[str]:
    return [
        f"R{number},{name}{number},19{number % 90 + 10}-{number % 12 + 1:02d}-{number % 28 + 1:02d},"
        f"{'lunar' if number % 3 else 'solar'},a{number}@example.com,138{number:08d},Asia/Shanghai,yes"
        for number in numbers
    ]


def imported(stub: CareServiceStub, content: bytes, **options: Any) -> dict[str, Any]:
    reply = stub.ImportMembers(pb.ImportMembersRequest(content=content, **options), timeout=60)
    figures = {
        field: getattr(reply, field) for field in ("rows", "created", "updated", "unchanged", "failed", "stored")
    }
    return figures | {"errors": [(error.line, error.column, error.code) for error in reply.errors]}


def report(*, rows: int, stored: bool = True, **figures: Any) -> dict[str, Any]:
    nothing = {"created": 0, "updated": 0, "unchanged": 0, "failed": 0, "errors": []}
    return nothing | {"rows": rows, "stored": stored} | figures


def test_a_file_is_stored_and_the_same_file_again_changes_nothing(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    content = file_of(*rows_of(range(50)))
    assert imported(ops, content) == report(rows=50, created=50)
    before = list(database["members"].find().sort("_id", 1))
    assert imported(ops, content) == report(rows=50, unchanged=50)
    assert list(database["members"].find().sort("_id", 1)) == before
    assert [event["type"] for event in before[0]["outbox"]] == ["member_registered"]
    assert before[0]["version"] == 1


def test_a_changed_row_changes_its_member_and_says_so(ops: CareServiceStub, database: Database[dict[str, Any]]) -> None:
    imported(ops, file_of(*rows_of(range(10))))
    assert imported(ops, file_of(*rows_of(range(9)), *rows_of([9], name="李"), *rows_of([10]))) == report(
        rows=11, created=1, updated=1, unchanged=9
    )
    (changed,) = database["members"].find({"external_ref": "R9"})
    assert (changed["name"], changed["version"]) == ("李9", 2)
    assert [event["type"] for event in changed["outbox"]] == ["member_registered", "member_changed"]
    assert changed["outbox"][1]["data"]["member_version"] == "2"


def test_a_column_that_the_file_does_not_have_is_left_as_it_is_and_an_empty_cell_clears(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    imported(ops, file_of(*rows_of([1])))
    assert imported(ops, b"external_ref,name,phone\nR1,New,\n") == report(rows=1, updated=1)
    (member,) = database["members"].find()
    assert (member["name"], member["phone"], member["email"]) == ("New", "", "a1@example.com")


def test_a_dry_run_tells_everything_and_writes_nothing(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    imported(ops, file_of(*rows_of(range(5))))
    before = list(database["members"].find())
    content = file_of(*rows_of(range(4)), *rows_of([4], name="李"), *rows_of([5]), "R6,,,,,,,")
    expected = report(
        rows=7, created=1, updated=1, unchanged=4, failed=1, errors=[(8, "name", "INVALID_FIELD")], stored=False
    )
    assert imported(ops, content, dry_run=True) == expected
    assert list(database["members"].find()) == before
    assert imported(ops, content) == {**expected, "stored": True}


BAD_ROWS = [
    "R1,王,1990-02-30,solar,,,,",
    "R2,王,1990-L04-15,lunar,,,,",
    "R3,王,,,no at,,,",
    "R4,王,,,,123,,",
    "R5,王,,,,,Beijing,",
    ",王,,,,,,",
    "R6,,,,,,,",
    "R7,王,,,,,,perhaps",
    "R8,王,,,,,",
    "G1,again,,,,,,",
]


def test_bad_rows_are_reported_by_line_and_column_and_good_ones_are_stored(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    answer = imported(ops, file_of("G1,王,,,,,,", *BAD_ROWS, "G2,王,,,,,,"))
    assert answer == report(
        rows=12,
        created=2,
        failed=10,
        errors=[
            (3, "birthday", "INVALID_FIELD"),
            (4, "birthday", "INVALID_FIELD"),
            (5, "email", "INVALID_FIELD"),
            (6, "phone", "INVALID_FIELD"),
            (7, "time_zone", "INVALID_FIELD"),
            (8, "external_ref", "INVALID_FIELD"),
            (9, "name", "INVALID_FIELD"),
            (10, "email_consent", "INVALID_FIELD"),
            (11, "", "CSV_ROW_BROKEN"),
            (12, "external_ref", "DUPLICATE_REFERENCE"),
        ],
    )
    assert sorted(member["external_ref"] for member in database["members"].find()) == ["G1", "G2"]


def test_all_or_nothing_stores_nothing_beside_one_bad_row(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    content = file_of(*rows_of(range(20)), "R20,王,1990-02-30,solar,,,,")
    assert imported(ops, content, mode=ALL_OR_NOTHING) == report(
        rows=21, created=20, failed=1, errors=[(22, "birthday", "INVALID_FIELD")], stored=False
    )
    assert database["members"].count_documents({}) == 0
    assert imported(ops, file_of(*rows_of(range(20))), mode=ALL_OR_NOTHING) == report(rows=20, created=20)


def test_one_broken_row_in_5000_costs_one_row_and_the_file_takes_seconds(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    rows = rows_of(range(5_000))
    rows[2_500] = 'R2500,"broken"quote,,,,,,'
    began = time.process_time()
    assert imported(ops, file_of(*rows)) == report(
        rows=5_000, created=4_999, failed=1, errors=[(2_502, "", "CSV_ROW_BROKEN")]
    )
    assert time.process_time() - began < 20  # no figure, only a fence against one save per row
    assert database["members"].count_documents({}) == 4_999


def test_no_more_than_1000_errors_are_listed_and_all_are_counted(ops: CareServiceStub) -> None:
    answer = imported(ops, file_of(*(f"R{number},,,,,,," for number in range(1_500))))
    assert (answer["failed"], len(answer["errors"])) == (1_500, 1_000)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (file_of("R1,王小明,,,,,,").decode().encode("gb18030"), "CSV_ENCODING"),
        (b"external_ref\nR1\n", "CSV_COLUMN_MISSING"),
        (b"external_ref,name,emial\nR1,A,\n", "CSV_COLUMN_UNKNOWN"),
        (b"", "CSV_MALFORMED"),
        (file_of(*rows_of(range(3_000)), 'R,"never closed'), "CSV_MALFORMED"),
        (b"x" * (20 * 1024 * 1024 + 1), "CSV_TOO_LARGE"),
    ],
)
def test_a_file_that_is_no_table_of_members_is_refused_whole(
    ops: CareServiceStub, database: Database[dict[str, Any]], content: bytes, reason: str
) -> None:
    refusal = refused(ops.ImportMembers, pb.ImportMembersRequest(content=content))
    assert (refusal.kind, refusal.reason) == (Kind.INVALID, reason)
    assert database["members"].count_documents({}) == 0


def test_a_file_in_a_chinese_encoding_is_refused_with_what_to_do(ops: CareServiceStub) -> None:
    content = "external_ref,name\nR1,王小明\n".encode("gb18030")
    refusal = refused(ops.ImportMembers, pb.ImportMembersRequest(content=content))
    assert "Save it again as CSV UTF-8" in refusal.message


def test_an_unknown_mode_is_refused(ops: CareServiceStub, database: Database[dict[str, Any]]) -> None:
    request = pb.ImportMembersRequest(content=file_of(*rows_of([1])))
    request.mode = 7  # type: ignore[assignment]
    assert refused(ops.ImportMembers, request).field == "mode"
    assert database["members"].count_documents({}) == 0


def test_lines_of_a_slice_are_lines_of_the_whole_file(ops: CareServiceStub) -> None:
    answer = imported(ops, file_of("R1,,,,,,,"), line_offset=3_000)
    assert answer["errors"] == [(3_002, "name", "INVALID_FIELD")]


def test_the_same_file_from_many_at_once_makes_no_doubles(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    content = file_of(*rows_of(range(1_500)))
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: imported(ops, content), range(4)))
    assert database["members"].count_documents({}) == 1_500
    assert sum(answer["created"] for answer in answers) == 1_500
    assert sum(answer["unchanged"] for answer in answers) == 4_500


def test_different_files_for_the_same_members_at_once_end_in_one_of_them(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    imported(ops, file_of(*rows_of(range(300))))
    files = [file_of(*rows_of(range(300), name=name)) for name in ("李", "张", "赵", "钱")]
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda content: imported(ops, content), files))
    assert [answer["updated"] for answer in answers] == [300] * 4
    for member in database["members"].find():
        versions = range(2, member["version"] + 1)
        assert len(versions) >= 4  # whoever was overtaken before it could look writes once more
        assert [event["data"].get("member_version") for event in member["outbox"]] == [None, *map(str, versions)]


@pytest.mark.parametrize("offset", [-1, -(2**31), 2**31 - 1])
def test_an_offset_that_no_file_has_is_refused_and_nothing_is_stored(
    ops: CareServiceStub, database: Database[dict[str, Any]], offset: int
) -> None:
    request = pb.ImportMembersRequest(content=file_of(*rows_of([1])), line_offset=offset)
    refusal = refused(ops.ImportMembers, request)
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, "INVALID_FIELD", "line_offset")
    assert database["members"].count_documents({}) == 0
