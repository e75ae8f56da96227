from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import contracts_service_pb2, customer_pb2, imports_pb2
from membercare.contracts.v1 import customers_service_pb2 as pb
from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from membercare.contracts.v1.customers_service_pb2_grpc import CustomersServiceStub
from services.chassis.errors import Kind
from services.contracts.usecases.customers import export_customers
from tests.integration.calling import Calling, refused
from tests.integration.contracts.builders import a_customer
from tests.integration.contracts.customers_builders import (
    ALL_OR_NOTHING,
    csv_of,
    report,
    sheet_rows,
    told,
    upload,
    xlsx_of,
)

HEADER = "external_ref,kind,name,tags,time_zone,stage"


@pytest.fixture
def ops(calling: Calling) -> CustomersServiceStub:
    return calling.as_subject(CustomersServiceStub, "wang", "ops")


@pytest.fixture
def sales(calling: Calling) -> ContractsServiceStub:
    return calling.as_role(ContractsServiceStub, "sales")


def imported(ops: CustomersServiceStub, content: bytes, **options: Any) -> dict[str, Any]:
    request = pb.ImportCustomersRequest(upload=upload(content, **options))
    return told(ops.ImportCustomers(request, timeout=60).report)


def rows_of(count: int, *, name: str = "北方") -> list[str]:
    return [f"K-{number},organisation,{name} {number},a;b,Asia/Shanghai,stable" for number in range(count)]


def test_a_table_is_stored_and_the_same_table_again_changes_nothing(
    ops: CustomersServiceStub, database: Database[dict[str, Any]]
) -> None:
    content = csv_of(HEADER, *rows_of(50))
    assert imported(ops, content) == report(rows=50, created=50)
    before = list(database["customers"].find().sort("_id", 1))
    assert imported(ops, content) == report(rows=50, unchanged=50)
    assert list(database["customers"].find().sort("_id", 1)) == before
    assert (before[0]["tags"], before[0]["stage"], before[0]["version"]) == (["a", "b"], "stable", 1)
    assert [event["type"] for event in before[0]["outbox"]] == ["customer_registered"]


def test_a_changed_row_changes_its_customer_and_moves_its_stage_with_a_reason(
    ops: CustomersServiceStub, database: Database[dict[str, Any]]
) -> None:
    imported(ops, csv_of(HEADER, *rows_of(3)))
    changed = csv_of(HEADER, *rows_of(2), "K-2,单位,New,,,风险", "K-3,个人,Li,,,")
    assert imported(ops, changed) == report(rows=4, created=1, updated=1, unchanged=2)
    stored = database["customers"].find_one({"external_ref": "K-2"})
    assert stored is not None
    assert (stored["name"], stored["tags"], stored["time_zone"], stored["version"]) == ("New", [], "", 2)
    assert [(each["stage"], each["reason"], each["author"]) for each in stored["stage_changes"]] == [
        ("at_risk", "Imported. 导入。", "wang")
    ]


def test_a_column_that_is_missing_changes_nothing_and_an_empty_cell_clears(
    ops: CustomersServiceStub, database: Database[dict[str, Any]]
) -> None:
    imported(ops, csv_of(HEADER, *rows_of(1)))
    assert imported(ops, b"external_ref,kind,name,time_zone\nK-0,organisation,New,\n") == report(rows=1, updated=1)
    (stored,) = database["customers"].find()
    assert (stored["name"], stored["time_zone"], stored["tags"], stored["stage"]) == ("New", "", ["a", "b"], "stable")


BAD_ROWS = [
    ",person,Li,,,",
    "B1,,Li,,,",
    "B2,alien,Li,,,",
    "B3,person,,,,",
    f"B4,person,{'x' * 201},,,",
    f"{'x' * 101},person,Li,,,",
    f"B5,person,Li,{'x' * 41},,",
    "B6,person,Li,,Mars,",
    "B7,person,Li,,,dreaming",
    "B8,person,Li,,",
    "G1,person,Again,,,",
]
FAULTS = [
    (3, "external_ref", "INVALID_FIELD"),
    (4, "kind", "INVALID_FIELD"),
    (5, "kind", "INVALID_FIELD"),
    (6, "name", "INVALID_FIELD"),
    (7, "name", "INVALID_FIELD"),
    (8, "external_ref", "INVALID_FIELD"),
    (9, "tags", "INVALID_FIELD"),
    (10, "time_zone", "INVALID_FIELD"),
    (11, "stage", "INVALID_FIELD"),
    (12, "", "CSV_ROW_BROKEN"),
    (13, "external_ref", "DUPLICATE_REFERENCE"),
]


def test_bad_rows_are_reported_by_line_and_column_and_good_ones_are_stored(
    ops: CustomersServiceStub, database: Database[dict[str, Any]]
) -> None:
    content = csv_of(HEADER, "G1,person,Li,,,", *BAD_ROWS, "G2,household,Wang,,,")
    expected = report(rows=13, created=2, failed=11, errors=FAULTS)
    assert imported(ops, content, dry_run=True) == {**expected, "stored": False}
    assert database["customers"].count_documents({}) == 0
    assert imported(ops, content) == expected
    assert sorted(each["external_ref"] for each in database["customers"].find()) == ["G1", "G2"]


def test_all_or_nothing_stores_nothing_beside_one_bad_row(
    ops: CustomersServiceStub, database: Database[dict[str, Any]]
) -> None:
    content = csv_of(HEADER, *rows_of(20), "K-20,alien,X,,,")
    assert imported(ops, content, mode=ALL_OR_NOTHING) == report(
        rows=21, created=20, failed=1, errors=[(22, "kind", "INVALID_FIELD")], stored=False
    )
    assert database["customers"].count_documents({}) == 0
    assert imported(ops, csv_of(HEADER, *rows_of(20)), mode=ALL_OR_NOTHING) == report(rows=20, created=20)


def test_a_row_of_a_doublet_is_refused_with_the_customer_to_use_and_spoils_all_or_nothing(
    ops: CustomersServiceStub, sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    doublet, survivor = a_customer(sales, external_ref="K-0"), a_customer(sales)
    ops.MergeCustomers(pb.MergeCustomersRequest(customer_id=doublet.id, into_id=survivor.id))
    before = list(database["customers"].find())
    answer = imported(ops, csv_of(HEADER, *rows_of(2)), mode=ALL_OR_NOTHING)
    assert (answer["errors"], answer["stored"]) == ([(2, "customer_id", "CUSTOMER_MERGED")], False)
    assert list(database["customers"].find()) == before


@pytest.mark.parametrize(
    ("content", "reason", "field"),
    [
        ("external_ref,kind,name\nK,person,王\n".encode("gb18030"), "CSV_ENCODING", ""),
        ("external_ref,kind,name\nK,person,王\n".encode("utf-16"), "CSV_ENCODING", ""),
        (b"external_ref,name\nK,Li\n", "CSV_COLUMN_MISSING", "kind"),
        (b"external_ref,kind,name,colour\nK,person,Li,red\n", "CSV_COLUMN_UNKNOWN", "colour"),
        (b"external_ref,kind,name,name\nK,person,Li,Li\n", "CSV_MALFORMED", "name"),
        (b"", "CSV_MALFORMED", ""),
        (b"PK\x03\x04 this is no archive", "XLSX_MALFORMED", ""),
        (b"\xd0\xcf\x11\xe0 an old one", "XLSX_MALFORMED", ""),
        (xlsx_of(["external_ref", "name"], ["K", "Li"]), "CSV_COLUMN_MISSING", "kind"),
        (xlsx_of(["external_ref", "kind", "name", "colour"]), "CSV_COLUMN_UNKNOWN", "colour"),
        (xlsx_of(), "XLSX_MALFORMED", ""),
        (xlsx_of(["external_ref", "kind", "name"])[:900], "XLSX_MALFORMED", ""),
        (b"x" * (20 * 1024 * 1024 + 1), "CSV_TOO_LARGE", ""),
        (b"PK\x03\x04" + b"x" * (20 * 1024 * 1024), "CSV_TOO_LARGE", ""),
    ],
)
def test_a_file_that_is_no_table_of_customers_is_refused_whole(
    ops: CustomersServiceStub, database: Database[dict[str, Any]], content: bytes, reason: str, field: str
) -> None:
    refusal = refused(ops.ImportCustomers, pb.ImportCustomersRequest(upload=upload(content)))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, reason, field)
    assert database["customers"].count_documents({}) == 0


def test_a_workbook_is_read_as_people_see_it(ops: CustomersServiceStub, database: Database[dict[str, Any]]) -> None:
    content = xlsx_of(
        ["External_Ref ", "kind", "name", "tax_id", None],
        [1017, "个人", " 王芳 ", 9131000012345678.0],
        [None, None, None, None],
        ["K-2", "person", date(2026, 5, 4), 1.5],
        ["K-3", "person", True, ""],
    )
    assert imported(ops, content) == report(rows=3, created=3)
    stored = {each["external_ref"]: (each["name"], each["tax_id"]) for each in database["customers"].find()}
    assert stored == {"1017": ("王芳", "9131000012345678"), "K-2": ("2026-05-04", "1.5"), "K-3": ("true", "")}
    assert imported(ops, content) == report(rows=3, unchanged=3)


def test_a_row_of_a_workbook_is_named_by_the_line_that_the_sheet_shows(ops: CustomersServiceStub) -> None:
    content = xlsx_of(
        ["external_ref", "kind", "name"],
        ["K-1", "person", "Li"],
        [],
        ["K-2", "alien", "Li"],
        ["K-3", "person", "#N/A"],
        ["K-4", "person", "Li", "too much"],
        ["K-1", "person", "Li"],
    )
    assert imported(ops, content, line_offset=1000) == report(
        rows=5,
        created=1,
        failed=4,
        errors=[
            (1004, "kind", "INVALID_FIELD"),
            (1005, "", "CSV_ROW_BROKEN"),
            (1006, "", "CSV_ROW_BROKEN"),
            (1007, "external_ref", "DUPLICATE_REFERENCE"),
        ],
    )


def test_the_same_table_from_many_at_once_makes_no_doubles(
    ops: CustomersServiceStub, database: Database[dict[str, Any]]
) -> None:
    content = csv_of(HEADER, *rows_of(1_200))
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: imported(ops, content), range(4)))
    assert database["customers"].count_documents({}) == 1_200
    assert sum(answer["created"] for answer in answers) == 1_200
    assert sum(answer["unchanged"] for answer in answers) == 3_600


def test_a_table_of_5000_is_taken_at_once(ops: CustomersServiceStub, database: Database[dict[str, Any]]) -> None:
    content = csv_of(HEADER, *rows_of(5_000))
    assert imported(ops, content) == report(rows=5_000, created=5_000)
    assert database["customers"].count_documents({}) == 5_000


def exported(ops: CustomersServiceStub, **options: Any) -> pb.ExportCustomersResponse:
    return ops.ExportCustomers(pb.ExportCustomersRequest(**options))


NASTY = ["=1+1", "+86 138", "-5", "@cmd", "'quoted", "'=1", '"a","b"', "王, 芳", "＝SUM(A1)", "|calc"]


def test_what_is_exported_computes_nothing_in_a_spreadsheet_and_can_be_imported_again(
    ops: CustomersServiceStub, sales: ContractsServiceStub, database: Database[dict[str, Any]]
) -> None:
    for number, name in enumerate(NASTY):
        a_customer(sales, name=name, external_ref=f"K-{number}", tags=["a", "b"], time_zone="Europe/Berlin")
    before = list(database["customers"].find())
    file = exported(ops)
    assert (file.media_type, file.file_name, file.rows) == ("text/csv; charset=utf-8", "customers.csv", len(NASTY))
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "external_ref,kind,name,tax_id,owner_id,tags,time_zone,stage"
    assert [line for line in lines[1:] if line.split(",")[2].lstrip('"')[:1] in "=+-@|＝"] == []
    assert imported(ops, file.content) == report(rows=len(NASTY), unchanged=len(NASTY))
    book = exported(ops, format=imports_pb2.TABLE_FORMAT_XLSX)
    assert book.file_name == "customers.xlsx"
    assert sorted(row[2] for row in sheet_rows(book.content)[1:]) == sorted(NASTY)
    assert imported(ops, book.content) == report(rows=len(NASTY), unchanged=len(NASTY))
    assert list(database["customers"].find()) == before


def test_an_export_comes_in_files_of_a_size_and_misses_and_repeats_nobody(
    ops: CustomersServiceStub, sales: ContractsServiceStub
) -> None:
    for number in range(5):
        a_customer(sales, external_ref=f"K-{number}", kind=customer_pb2.CUSTOMER_KIND_PERSON)
    a_customer(sales, external_ref="other")
    wanted = contracts_service_pb2.CustomerFilter(kind=customer_pb2.CUSTOMER_KIND_PERSON)
    refs, token, files = [], "", 0
    while True:
        file = exported(ops, filter=wanted, page_size=2, page_token=token, format=imports_pb2.TABLE_FORMAT_XLSX)
        refs += [row[0] for row in sheet_rows(file.content)[1:]]
        token, files = file.next_page_token, files + 1
        if not token:
            break
    assert (sorted(refs), files) == ([f"K-{number}" for number in range(5)], 3)


@pytest.mark.parametrize(
    ("options", "field"),
    [({"format": 9}, "format"), ({"page_size": -1}, "page_size"), ({"page_token": "con_1"}, "page_token")],
)
def test_a_wrong_export_is_refused(ops: CustomersServiceStub, options: dict[str, Any], field: str) -> None:
    assert refused(ops.ExportCustomers, pb.ExportCustomersRequest(**options)).field == field


def test_a_file_that_is_too_large_for_one_answer_is_refused_with_what_to_do(
    ops: CustomersServiceStub, sales: ContractsServiceStub, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_customer(sales)
    monkeypatch.setattr(export_customers, "MOST_BYTES", 50)
    refusal = refused(ops.ExportCustomers, pb.ExportCustomersRequest())
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", "page_size")


@pytest.mark.parametrize("offset", [-1, 2**31 - 1])
def test_an_offset_that_no_file_has_is_refused_and_nothing_is_stored(
    ops: CustomersServiceStub, database: Database[dict[str, Any]], offset: int
) -> None:
    file = upload(csv_of(HEADER, "K-1,organisation,North,,,"), line_offset=offset)
    refusal = refused(ops.ImportCustomers, pb.ImportCustomersRequest(upload=file))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, "INVALID_FIELD", "upload.line_offset")
    assert database["customers"].count_documents({}) == 0
