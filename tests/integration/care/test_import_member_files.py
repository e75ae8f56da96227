"""Files of members as companies have them: workbooks, other headers, slices, words on consent, own fields."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import grpc
import openpyxl
import pytest
from pymongo.database import Database

from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1 import member_pb2
from membercare.care.v1 import members_service_pb2 as members_pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.chassis.clock import SystemClock
from services.chassis.csv_rows import MOST_BYTES
from services.chassis.import_progress import SILENT_AT_MOST
from services.chassis.timestamps import to_timestamp
from tests.integration.calling import Calling, refused
from tests.integration.care.people import a_word, allowed, attribute, define, registered
from tests.integration.storing import taking_only

TODAY = datetime.now(UTC)
LAST_YEAR, TOMORROW = (TODAY - timedelta(days=365)).date(), (TODAY + timedelta(days=1)).date()


@pytest.fixture
def ops(calling: Calling) -> CareServiceStub:
    return calling.as_role(CareServiceStub, "ops")


@pytest.fixture
def people(calling: Calling) -> MembersServiceStub:
    return calling.as_role(MembersServiceStub, "ops")


def imported(stub: CareServiceStub, *lines: str, **fields: Any) -> pb.ImportMembersResponse:
    return stub.ImportMembers(pb.ImportMembersRequest(content="\n".join(lines).encode(), **fields))


def only(stub: CareServiceStub) -> member_pb2.Member:
    (member,) = stub.ListMembers(pb.ListMembersRequest()).members
    return member


def workbook(*rows: list[Any]) -> bytes:
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def named(**columns: str) -> list[pb.ImportColumn]:
    return [pb.ImportColumn(column=column, header=header) for column, header in columns.items()]


def test_a_workbook_with_headers_of_its_own_is_imported(ops: CareServiceStub) -> None:
    content = workbook(
        ["会员编号", "姓名", "内部备注", "出生日期", "Name"],
        ["M1", "王小明", "x", datetime(1990, 3, 5), "ignored"],  # noqa: DTZ001  # a sheet knows no zones
        [17, "李", None, None, None],
    )
    columns = named(external_ref="会员编号", name="姓名", birthday="出生日期")
    report = ops.ImportMembers(pb.ImportMembersRequest(content=content, columns=columns))
    assert (report.rows, report.created, report.failed) == (2, 2, 0)
    found = ops.ListMembers(pb.ListMembersRequest()).members
    assert [(member.external_ref, member.name, member.birthday.day) for member in found] == [
        ("M1", "王小明", 5),
        ("17", "李", 0),
    ]


def test_an_error_names_the_files_own_column_in_two_languages(ops: CareServiceStub) -> None:
    report = imported(
        ops, "编号,姓名,邮箱", "M1,王,no at", columns=named(external_ref="编号", name="姓名", email="邮箱")
    )
    (error,) = report.errors
    assert (error.line, error.column, error.code) == (2, "邮箱", "INVALID_FIELD")
    assert error.message.startswith("This is no e-mail address")
    assert error.message_zh == "电子邮箱地址无效。"


@pytest.mark.parametrize(
    ("columns", "reason", "field"),
    [
        (named(external_ref="编号", shoe="鞋"), "INVALID_FIELD", "columns"),
        ([*named(name="姓名"), *named(name="名字")], "INVALID_FIELD", "columns"),
        (named(name=" "), "INVALID_FIELD", "columns"),
        (named(external_ref="编号", name="名字"), "CSV_COLUMN_MISSING", "名字"),
        (named(external_ref="编号"), "CSV_COLUMN_MISSING", "name"),
    ],
)
def test_a_wrong_naming_is_refused_and_nothing_is_stored(
    ops: CareServiceStub,
    database: Database[dict[str, Any]],
    columns: list[pb.ImportColumn],
    reason: str,
    field: str,
) -> None:
    request = pb.ImportMembersRequest(content="编号,姓名\nM1,王".encode(), columns=columns)
    refusal = refused(ops.ImportMembers, request)
    assert (refusal.reason, refusal.field) == (reason, field)
    assert database["members"].count_documents({}) == 0


def test_a_reference_that_stood_in_another_slice_is_refused_and_a_repeat_of_a_slice_is_not(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    head = "external_ref,name"
    first = imported(ops, head, "M1,王", "M2,李", file_key="f-1")
    second = imported(ops, head, "M3,张", "M1,赵", file_key="f-1", line_offset=2)
    assert (first.created, second.created) == (2, 1)
    assert [(each.line, each.code) for each in second.errors] == [(5, "DUPLICATE_REFERENCE")]
    assert second.errors[0].message == "M1 was already on line 2. Keep one of the two rows."
    again = imported(ops, head, "M3,张", "M1,赵", file_key="f-1", line_offset=2)
    assert (again.unchanged, again.failed) == (1, 1)
    other_file = imported(ops, head, "M1,赵", file_key="f-2")
    assert other_file.updated == 1
    assert database["members"].count_documents({}) == 3


def test_all_or_nothing_stores_nothing_for_a_doublet_of_another_slice(ops: CareServiceStub) -> None:
    imported(ops, "external_ref,name", "M1,王", file_key="f-1")
    report = imported(
        ops, "external_ref,name", "M2,李", "M1,赵", file_key="f-1", line_offset=1, mode=pb.IMPORT_MODE_ALL_OR_NOTHING
    )
    assert (report.stored, report.failed) == (False, 1)
    assert only(ops).name == "王"


def test_an_import_tells_how_far_it_is(ops: CareServiceStub, people: MembersServiceStub) -> None:
    rows = [f"M{number},王{number}" for number in range(1_500)]
    imported(ops, "external_ref,name", *rows, file_key="f-1")
    progress = people.GetImportProgress(members_pb.GetImportProgressRequest(file_key="f-1"))
    assert (progress.phase, progress.rows, progress.done) == ("finished", 1_500, 1_500)
    broken = "\n".join(["external_ref,name", *rows, 'M1501,"never closed']).encode()
    request = pb.ImportMembersRequest(content=broken, file_key="f-3")
    assert refused(ops.ImportMembers, request).reason == "CSV_MALFORMED"
    checked = people.GetImportProgress(members_pb.GetImportProgressRequest(file_key="f-3"))
    assert (checked.phase, checked.rows, checked.done) == ("failed", 0, 1_000)
    unknown = members_pb.GetImportProgressRequest(file_key="f-2")
    assert refused(people.GetImportProgress, unknown).reason == "IMPORT_NOT_FOUND"
    assert refused(people.GetImportProgress, members_pb.GetImportProgressRequest()).field == "file_key"


def progress_of(people: MembersServiceStub, file_key: str) -> tuple[str, int, int]:
    told = people.GetImportProgress(members_pb.GetImportProgressRequest(file_key=file_key))
    return told.phase, told.rows, told.done


@pytest.mark.parametrize(
    ("content", "fields", "reason"),
    [
        (b"external_ref\nM1", {}, "CSV_COLUMN_MISSING"),
        (b"PK\x03\x04 no workbook", {}, "XLSX_MALFORMED"),
        (b"external_ref,name\n" + b"x" * MOST_BYTES, {}, "CSV_TOO_LARGE"),
        (b"external_ref,name\nM1,W", {"columns": named(shoe="shoe")}, "INVALID_FIELD"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nobody_waits_for_a_file_that_was_refused_as_a_whole(
    ops: CareServiceStub,
    people: MembersServiceStub,
    database: Database[dict[str, Any]],
    content: bytes,
    fields: dict[str, Any],
    reason: str,
) -> None:
    request = pb.ImportMembersRequest(content=content, file_key="f-1", **fields)
    assert refused(ops.ImportMembers, request).reason == reason
    assert progress_of(people, "f-1") == ("failed", 0, 0)
    assert database["members"].count_documents({}) == 0
    assert imported(ops, "external_ref,name", "M1,王", file_key="f-1").created == 1
    assert progress_of(people, "f-1") == ("finished", 1, 1)


def test_all_or_nothing_with_a_bad_row_has_failed_and_a_dry_run_of_it_is_finished(
    ops: CareServiceStub, people: MembersServiceStub
) -> None:
    sent = ("external_ref,name", "M1,王", "M2,")
    assert not imported(ops, *sent, file_key="f-1", mode=pb.IMPORT_MODE_ALL_OR_NOTHING).stored
    assert progress_of(people, "f-1") == ("failed", 2, 2)
    assert not imported(ops, *sent, file_key="f-1", mode=pb.IMPORT_MODE_ALL_OR_NOTHING, dry_run=True).stored
    assert progress_of(people, "f-1") == ("finished", 2, 2)


def test_a_fault_in_the_middle_of_a_file_ends_its_progress_where_it_was(
    ops: CareServiceStub, people: MembersServiceStub, database: Database[dict[str, Any]]
) -> None:
    content = "\n".join(["external_ref,name", *(f"M{number},王{number}" for number in range(1_500))]).encode()
    rule = {"external_ref": {"$ne": "M1200"}}
    with taking_only(database, "members", rule=rule), pytest.raises(grpc.RpcError) as caught:
        ops.ImportMembers(pb.ImportMembersRequest(content=content, file_key="f-1"), timeout=60)
    assert caught.value.code() is grpc.StatusCode.INTERNAL
    assert progress_of(people, "f-1") == ("failed", 1_500, 1_000)


@pytest.mark.parametrize(
    ("phase", "age", "seen"),
    [
        ("checking", SILENT_AT_MOST / 2, "checking"),
        ("checking", SILENT_AT_MOST, "failed"),
        ("storing", SILENT_AT_MOST / 2, "storing"),
        ("storing", SILENT_AT_MOST, "failed"),
        ("finished", timedelta(days=6), "finished"),
    ],
)
def test_nobody_waits_for_an_import_whose_process_was_killed(
    people: MembersServiceStub, database: Database[dict[str, Any]], phase: str, age: timedelta, seen: str
) -> None:
    told = SystemClock().now() - age - timedelta(milliseconds=1)
    left = {"_id": "f-1", "phase": phase, "rows": 3_000, "done": 1_000, "update_time": told}
    database["import_progress"].insert_one(left)
    progress = people.GetImportProgress(members_pb.GetImportProgressRequest(file_key="f-1"))
    assert (progress.phase, progress.rows, progress.done) == (seen, 3_000, 1_000)
    assert progress.update_time == to_timestamp(told)
    assert database["import_progress"].count_documents({"phase": phase, "update_time": told}) == 1


def test_own_fields_tags_and_ids_are_imported_and_others_stay(ops: CareServiceStub, people: MembersServiceStub) -> None:
    define(people, name="shoe_size", type=members_pb.ATTRIBUTE_TYPE_NUMBER)
    define(people, name="vip", type=members_pb.ATTRIBUTE_TYPE_FLAG)
    registered(ops, external_ref="M1", attributes=[attribute("vip", flag=True)])
    head = "external_ref,name,tags,wecom_id,preferred_channel,attributes.shoe_size"
    report = imported(ops, head, "M1,王,金卡；北方,wm1,sms,43", "M2,李,,,,big", "M3,张,,,fax,")
    assert [(each.line, each.column) for each in report.errors] == [
        (3, "attributes.shoe_size"),
        (4, "preferred_channel"),
    ]
    member = only(ops)
    assert (list(member.tags), member.wecom_id, member.preferred_channel) == (["金卡", "北方"], "wm1", 2)
    assert list(member.attributes) == [attribute("shoe_size", number=43), attribute("vip", flag=True)]


def test_a_dated_word_of_the_person_opens_what_the_person_closed_before_and_an_older_one_does_not(
    ops: CareServiceStub, people: MembersServiceStub
) -> None:
    member = registered(ops, external_ref="M1", email_consent=True)
    people.RecordConsent(a_word(member.id, False))
    head = "external_ref,name,email_consent,consent_time,consent_source,consent_proof"
    older = imported(ops, head, f"M1,王小明,yes,{LAST_YEAR},person,form 3")
    by_file = imported(ops, head, f"M1,王小明,yes,{datetime.now(UTC).isoformat()},,")
    assert [(each.unchanged, each.consents_kept) for each in (older, by_file)] == [(1, 1), (1, 1)]
    assert allowed(only(ops)) == {"EMAIL/CARE": False}
    newer = imported(ops, head, f"M1,王小明,yes,{datetime.now(UTC).isoformat()},本人,form 4")
    assert (newer.updated, newer.consents_kept) == (1, 0), newer
    (word,) = only(ops).consents
    assert (word.granted, word.source, word.proof) == (True, member_pb2.CONSENT_SOURCE_PERSON, "form 4")


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (f"yes,{TOMORROW},,", "consent_time"),
        ("yes,soon,,", "consent_time"),
        ("yes,,person,form", "consent_time"),
        (f"yes,{LAST_YEAR},person,", "consent_proof"),
        (f"yes,{LAST_YEAR},nobody,", "consent_source"),
        ("perhaps,,,", "sms_marketing"),
    ],
)
def test_a_wrong_word_is_refused_by_its_column(ops: CareServiceStub, cells: str, column: str) -> None:
    head = "external_ref,name,sms_marketing,consent_time,consent_source,consent_proof"
    report = imported(ops, head, f"M1,王,{cells}")
    (error,) = report.errors
    assert (error.column, error.code, report.created) == (column, "INVALID_FIELD", 0)
    assert error.message_zh


def test_a_file_opens_nobody_who_must_not_be_contacted(ops: CareServiceStub) -> None:
    registered(ops, external_ref="M1", do_not_contact=True)
    imported(ops, "external_ref,name,do_not_contact", "M1,王小明,no")
    assert only(ops).do_not_contact
