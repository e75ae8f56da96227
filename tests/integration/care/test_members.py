from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from pymongo.database import Database

from membercare.care.v1 import care_service_pb2 as pb
from membercare.care.v1 import member_pb2
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.chassis.errors import Kind
from services.chassis.timestamps import to_datetime
from tests.integration.calling import Calling, refused

NO_CUSTOMER = "cus_00000000000000000000000000"
OTHER_CUSTOMER = "cus_11111111111111111111111111"
NO_MEMBER = "mem_00000000000000000000000000"
LUNAR_LEAP_4_15 = member_pb2.Birthday(
    calendar=member_pb2.BIRTHDAY_CALENDAR_LUNAR, month=4, day=15, leap_month=True, year=2020
)


def born(**fields: Any) -> member_pb2.Birthday:
    return member_pb2.Birthday(**fields)


@pytest.fixture
def ops(calling: Calling) -> CareServiceStub:
    return calling.as_role(CareServiceStub, "ops")


@pytest.fixture
def auditor(calling: Calling) -> CareServiceStub:
    return calling.as_role(CareServiceStub, "auditor")


def new_member(*, request_id: str = "", **fields: Any) -> pb.CreateMemberRequest:
    return pb.CreateMemberRequest(member=member_pb2.Member(**{"name": "王小明"} | fields), request_id=request_id)


def a_member(stub: CareServiceStub, **fields: Any) -> member_pb2.Member:
    return stub.CreateMember(new_member(**fields)).member


def update(member: member_pb2.Member, *paths: str, request_id: str = "", **fields: Any) -> pb.UpdateMemberRequest:
    told = member_pb2.Member(id=member.id, **fields)
    return pb.UpdateMemberRequest(member=told, update_mask=FieldMask(paths=paths), request_id=request_id)


def names(stub: CareServiceStub, **wanted: Any) -> list[str]:
    found, token = [], ""
    while True:
        request = pb.ListMembersRequest(filter=pb.MemberFilter(**wanted), page_size=2, page_token=token)
        page = stub.ListMembers(request)
        found += [member.name for member in page.members]
        token = page.next_page_token
        if not token:
            return found


def test_a_member_is_registered_and_read_back_as_told(ops: CareServiceStub, database: Database[dict[str, Any]]) -> None:
    told: dict[str, Any] = {
        "external_ref": "M-17",
        "customer_id": NO_CUSTOMER,
        "gender": member_pb2.GENDER_FEMALE,
        "language": member_pb2.LANGUAGE_EN,
        "time_zone": "Asia/Shanghai",
        "birthday": LUNAR_LEAP_4_15,
        "email": "wang@example.com",
        "phone": "+8613800138000",
        "email_consent": True,
        "do_not_contact": True,
    }
    member = a_member(ops, **told)
    assert member.id.startswith("mem_")
    assert (member.name, member.etag) == ("王小明", "1")
    assert {field: getattr(member, field) for field in told} == told
    assert ops.GetMember(pb.GetMemberRequest(member_id=member.id)).member == member
    (stored,) = database["members"].find()
    assert (stored["birthday_key"], stored["create_time"]) == (20415, to_datetime(member.create_time))
    (event,) = stored["outbox"]
    assert (event["type"], event["source"], event["subject"]) == ("member_registered", "care", member.id)
    assert event["data"]["customer_id"] == NO_CUSTOMER


def test_unset_fields_mean_chinese_no_consent_and_nothing_else(ops: CareServiceStub) -> None:
    member = a_member(ops)
    assert member.language == member_pb2.LANGUAGE_ZH_HANS
    assert (member.email_consent, member.time_zone, member.gender) == (False, "", 0)
    assert not member.HasField("birthday")


def test_a_repeated_request_returns_the_first_member_and_stores_no_second(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    first = ops.CreateMember(new_member(request_id="r-1"))
    assert ops.CreateMember(new_member(request_id="r-1", name="Another")) == first
    assert database["members"].count_documents({}) == 1


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"name": ""}, "INVALID_FIELD", "name"),
        ({"name": "x" * 101}, "INVALID_FIELD", "name"),
        ({"email": "no at"}, "INVALID_FIELD", "email"),
        ({"phone": "123"}, "INVALID_FIELD", "phone"),
        ({"time_zone": "Mars/Base"}, "INVALID_FIELD", "time_zone"),
        ({"gender": 7}, "INVALID_FIELD", "gender"),
        ({"language": 7}, "INVALID_FIELD", "language"),
        ({"customer_id": NO_MEMBER}, "INVALID_ID", "customer_id"),
        ({"birthday": born(month=2, day=30)}, "INVALID_FIELD", "birthday.calendar"),
        ({"birthday": born(calendar=1, month=2, day=30)}, "INVALID_FIELD", "birthday"),
        ({"birthday": born(calendar=2, month=1, day=31)}, "INVALID_FIELD", "birthday"),
        ({"birthday": born(calendar=9, month=1, day=1)}, "INVALID_FIELD", "birthday.calendar"),
        ({"birthday": born(calendar=1, month=1, day=1, year=-5)}, "INVALID_FIELD", "birthday"),
    ],
)
def test_a_wrong_member_is_refused_and_nothing_is_stored(
    ops: CareServiceStub, database: Database[dict[str, Any]], fields: dict[str, Any], reason: str, at_fault: str
) -> None:
    refusal = refused(ops.CreateMember, new_member(**fields))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, reason, at_fault)
    assert database["members"].count_documents({}) == 0


def test_an_external_reference_that_is_taken_is_refused_on_create_and_on_update(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    a_member(ops, external_ref="M-1")
    other = a_member(ops, external_ref="M-2")
    created = refused(ops.CreateMember, new_member(external_ref="M-1"))
    updated = refused(ops.UpdateMember, update(other, "external_ref", external_ref="M-1"))
    for refusal in (created, updated):
        assert (refusal.kind, refusal.reason) == (Kind.ALREADY_EXISTS, "MEMBER_EXTERNAL_REF_TAKEN")
        assert refusal.metadata == {"field": "external_ref", "external_ref": "M-1"}
    assert sorted(member["external_ref"] for member in database["members"].find()) == ["M-1", "M-2"]


def test_an_update_changes_what_the_mask_names_and_says_so(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    member = a_member(ops, email="wang@example.com", birthday=LUNAR_LEAP_4_15)
    changed = ops.UpdateMember(update(member, "phone", "birthday", phone="13800138000")).member
    assert (changed.phone, changed.email, changed.name) == ("+8613800138000", "wang@example.com", "王小明")
    assert (changed.etag, changed.HasField("birthday")) == ("2", False)
    (stored,) = database["members"].find()
    assert stored["birthday_key"] is None
    assert [event["type"] for event in stored["outbox"]] == ["member_registered", "member_changed"]
    assert stored["outbox"][1]["data"]["member_version"] == "2"


def test_an_update_that_changes_nothing_writes_nothing(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    member = a_member(ops)
    assert ops.UpdateMember(update(member, "name", name=" 王小明 ")).member == member
    (stored,) = database["members"].find()
    assert len(stored["outbox"]) == 1


def test_a_repeated_update_is_made_once(ops: CareServiceStub) -> None:
    member = a_member(ops)
    ops.UpdateMember(update(member, "name", name="B", request_id="r-1"))
    ops.UpdateMember(update(member, "name", name="C"))
    repeated = ops.UpdateMember(update(member, "name", name="B", request_id="r-1")).member
    assert (repeated.name, repeated.etag) == ("C", "3")


def test_an_update_on_a_stale_version_is_refused(ops: CareServiceStub) -> None:
    member = a_member(ops)
    ops.UpdateMember(update(member, "name", name="B", etag="1"))
    refusal = refused(ops.UpdateMember, update(member, "name", name="C", etag="1"))
    assert (refusal.kind, refusal.reason) == (Kind.STALE, "STALE_VERSION")
    assert ops.GetMember(pb.GetMemberRequest(member_id=member.id)).member.name == "B"


@pytest.mark.parametrize("paths", [(), ("id",), ("nmae",), ("birthday.month",)])
def test_an_update_without_a_known_mask_is_refused(ops: CareServiceStub, paths: tuple[str, ...]) -> None:
    member = a_member(ops)
    refusal = refused(ops.UpdateMember, update(member, *paths, name="B"))
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", "update_mask")
    assert ops.GetMember(pb.GetMemberRequest(member_id=member.id)).member == member


def test_an_unknown_member_is_not_found_and_a_foreign_id_is_no_id(ops: CareServiceStub) -> None:
    assert refused(ops.GetMember, pb.GetMemberRequest(member_id=NO_MEMBER)).reason == "MEMBER_NOT_FOUND"
    nobody = member_pb2.Member(id=NO_MEMBER)
    assert refused(ops.UpdateMember, update(nobody, "name", name="B")).reason == "MEMBER_NOT_FOUND"
    for wrong in (NO_CUSTOMER, "", "mem_", "mem_0000000000000000000000000U"):
        refusal = refused(ops.GetMember, pb.GetMemberRequest(member_id=wrong))
        assert (refusal.reason, refusal.field) == ("INVALID_ID", "member_id")


def test_a_batch_returns_those_that_exist_and_refuses_more_than_500(ops: CareServiceStub) -> None:
    first, second = a_member(ops), a_member(ops)
    reply = ops.BatchGetMembers(pb.BatchGetMembersRequest(member_ids=[first.id, NO_MEMBER, second.id, first.id]))
    assert sorted(member.id for member in reply.members) == sorted([first.id, second.id])
    too_many = [f"mem_{number:026d}" for number in range(501)]
    assert refused(ops.BatchGetMembers, pb.BatchGetMembersRequest(member_ids=too_many)).field == "member_ids"
    assert refused(ops.BatchGetMembers, pb.BatchGetMembersRequest()).field == "member_ids"


def test_members_are_listed_in_pages_by_each_filter(ops: CareServiceStub) -> None:
    for name in ("Anna", "anton", "ＡＮＮＡ B", "Bert", "王"):
        a_member(ops, name=name, external_ref=f"R-{name}", customer_id=NO_CUSTOMER if name != "Bert" else "")
    a_member(ops, name="Lu", birthday=LUNAR_LEAP_4_15, customer_id=OTHER_CUSTOMER)
    assert sorted(names(ops)) == sorted(["Anna", "anton", "ＡＮＮＡ B", "Bert", "王", "Lu"])
    assert sorted(names(ops, name_prefix="ann")) == ["Anna", "ＡＮＮＡ B"]
    assert names(ops, name_prefix="ａＮt") == ["anton"]
    assert names(ops, name_prefix="王") == ["王"]
    assert names(ops, name_prefix=".*") == []
    assert names(ops, external_ref="R-Bert") == ["Bert"]
    assert names(ops, customer_id=OTHER_CUSTOMER) == ["Lu"]
    assert names(ops, birthday_calendar=member_pb2.BIRTHDAY_CALENDAR_LUNAR) == ["Lu"]
    assert names(ops, birthday_calendar=member_pb2.BIRTHDAY_CALENDAR_SOLAR) == []


def test_wrong_pages_are_refused(ops: CareServiceStub) -> None:
    assert refused(ops.ListMembers, pb.ListMembersRequest(page_size=-1)).field == "page_size"
    assert refused(ops.ListMembers, pb.ListMembersRequest(page_token="x")).field == "page_token"


def test_members_of_many_customers_come_in_one_call_newest_first(ops: CareServiceStub) -> None:
    ids = [a_member(ops, customer_id=NO_CUSTOMER).id for _ in range(3)]
    request = pb.BatchListMembersByCustomerRequest(customer_ids=[NO_CUSTOMER, OTHER_CUSTOMER], limit_per_customer=2)
    (entry,) = ops.BatchListMembersByCustomer(request).results
    assert entry.customer_id == NO_CUSTOMER
    assert [member.id for member in entry.members] == sorted(ids, reverse=True)[:2]


def test_who_does_not_work_with_persons_sees_them_masked_everywhere(
    ops: CareServiceStub, auditor: CareServiceStub
) -> None:
    member = a_member(ops, email="wang@example.com", customer_id=NO_CUSTOMER, birthday=LUNAR_LEAP_4_15)
    seen = [
        auditor.GetMember(pb.GetMemberRequest(member_id=member.id)).member,
        *auditor.BatchGetMembers(pb.BatchGetMembersRequest(member_ids=[member.id])).members,
        *auditor.ListMembers(pb.ListMembersRequest()).members,
        *auditor.BatchListMembersByCustomer(
            pb.BatchListMembersByCustomerRequest(customer_ids=[NO_CUSTOMER])
        ).results[0].members,
    ]  # fmt: skip
    assert [(each.name, each.email, each.birthday.year) for each in seen] == [("王***", "w***@example.com", 0)] * 4
    refusal = refused(auditor.ListMembers, pb.ListMembersRequest(filter=pb.MemberFilter(name_prefix="王")))
    assert (refusal.kind, refusal.field) == (Kind.FORBIDDEN, "filter.name_prefix")


def test_a_role_without_the_right_changes_nothing(
    ops: CareServiceStub, auditor: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    member = a_member(ops)
    assert refused(auditor.CreateMember, new_member()).reason == "FORBIDDEN"
    assert refused(auditor.UpdateMember, update(member, "name", name="B")).reason == "FORBIDDEN"
    assert refused(auditor.ImportMembers, pb.ImportMembersRequest(content=b"external_ref,name\n1,B\n")).reason == (
        "FORBIDDEN"
    )
    assert [stored["name"] for stored in database["members"].find()] == ["王小明"]


def test_the_planner_reads_by_index_and_only_who_is_due(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    for day in range(1, 29):
        a_member(ops, birthday=born(calendar=1, month=5, day=day))
    due = database["members"].find({"birthday_key": {"$in": [501, 10501, 20501]}}, {"_id": 1, "time_zone": 1})
    figures = due.explain()["executionStats"]
    assert (figures["nReturned"], figures["totalDocsExamined"]) == (1, 1)
