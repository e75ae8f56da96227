"""A person as a whole: doublets, export and erasure."""

import json
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import member_pb2
from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.chassis.errors import Kind
from tests.integration.calling import Calling, refused
from tests.integration.care.people import NOBODY, a_word, allowed, attribute, define, read, registered


@pytest.fixture
def ops(calling: Calling) -> CareServiceStub:
    return calling.as_role(CareServiceStub, "ops")


@pytest.fixture
def people(calling: Calling) -> MembersServiceStub:
    return calling.as_role(MembersServiceStub, "admin")


def merge(people: MembersServiceStub, doublet: str, *, into: str, **fields: Any) -> pb.MergeMembersResponse:
    return people.MergeMembers(pb.MergeMembersRequest(member_id=doublet, into_id=into, **fields))


def with_touch_and_visit(database: Database[dict[str, Any]], member_id: str, *, number: int) -> None:
    database["touches"].insert_one(
        {
            "_id": f"tch_0000000000000000000000000{number}",
            "campaign_id": "cmp_00000000000000000000000001",
            "member_id": member_id,
            "occurrence": f"birthday/202{number}",
            "channel": "email",
            "date": f"202{number}-03-03",
            "due_at": None,
            "batch_id": "b",
            "updated_at": None,
            "state": "TOUCH_STATE_SENT",
            "reason": "",
            "attempts": 1,
        }
    )
    database["visits"].insert_one(
        {
            "_id": f"vis_0000000000000000000000000{number}",
            "version": 1,
            "contract_id": "",
            "customer_id": "",
            "member_id": member_id,
            "owner_id": "",
            "due_date": f"202{number}-04-01",
            "state": "VISIT_STATE_DUE",
            "outcome": None,
            "satisfaction": 0,
            "words": "她说很好",
            "completed_at": None,
            "create_time": None,
            "created_at": None,
        }
    )


def test_a_merge_keeps_both_histories_and_lists_by_member_find_both(
    ops: CareServiceStub, people: MembersServiceStub, database: Database[dict[str, Any]]
) -> None:
    doublet = registered(ops, external_ref="A", email="a@example.com", tags=["x"], email_consent=True)
    survivor = registered(ops, external_ref="B", phone="+8613800138000", tags=["y"])
    people.RecordConsent(a_word(survivor.id, False))
    for number, member in enumerate((doublet, survivor), start=1):
        with_touch_and_visit(database, member.id, number=number)
    reply = merge(people, doublet.id, into=survivor.id)
    assert (reply.merged.merged_into_id, list(reply.member.merged_ids)) == (survivor.id, [doublet.id])
    assert (reply.member.email, reply.member.phone, list(reply.member.tags)) == (
        "a@example.com",
        "+8613800138000",
        ["y", "x"],
    )
    assert allowed(reply.member) == {"EMAIL/CARE": False}
    words = people.ListConsents(pb.ListConsentsRequest(member_id=survivor.id)).consents
    assert {(word.member_id, word.granted) for word in words} == {(doublet.id, True), (survivor.id, False)}
    asked = care.BatchListTouchesByMemberRequest(member_ids=[survivor.id])
    (entry,) = ops.BatchListTouchesByMember(asked).results
    assert sorted(touch.member_id for touch in entry.touches) == sorted([doublet.id, survivor.id])
    listed = ops.ListTouches(care.ListTouchesRequest(filter=care.TouchFilter(member_id=survivor.id))).touches
    assert len(listed) == 2
    visits = ops.BatchListVisitsByMember(care.BatchListVisitsByMemberRequest(member_ids=[survivor.id])).results
    assert [len(each.visits) for each in visits] == [2]
    assert [member.id for member in ops.ListMembers(care.ListMembersRequest()).members] == [survivor.id]
    all_members = ops.ListMembers(care.ListMembersRequest(filter=care.MemberFilter(include_ended=True))).members
    assert len(all_members) == 2


def test_a_merge_told_twice_is_made_once_and_chains_lead_to_the_last(
    ops: CareServiceStub, people: MembersServiceStub
) -> None:
    first, second, third = (registered(ops) for _ in range(3))
    once = merge(people, first.id, into=second.id)
    assert merge(people, first.id, into=second.id) == once
    last = merge(people, second.id, into=third.id).member
    assert list(last.merged_ids) == [second.id, first.id]
    assert read(ops, first.id).merged_into_id == third.id


def test_a_merge_that_cannot_be_is_refused_and_nothing_changes(
    ops: CareServiceStub, people: MembersServiceStub
) -> None:
    first, second, third = (registered(ops) for _ in range(3))
    merge(people, first.id, into=second.id)
    before = [read(ops, each.id) for each in (first, second, third)]
    itself = pb.MergeMembersRequest(member_id=third.id, into_id=third.id)
    assert refused(people.MergeMembers, itself).field == "into_id"
    elsewhere = pb.MergeMembersRequest(member_id=first.id, into_id=third.id)
    assert refused(people.MergeMembers, elsewhere).reason == "MEMBER_MERGED"
    into_doublet = refused(people.MergeMembers, pb.MergeMembersRequest(member_id=third.id, into_id=first.id))
    assert (into_doublet.reason, into_doublet.field) == ("MEMBER_MERGED", "into_id")
    stale = pb.MergeMembersRequest(member_id=third.id, into_id=second.id, etag="9")
    assert refused(people.MergeMembers, stale).kind is Kind.STALE
    nobody = pb.MergeMembersRequest(member_id=NOBODY, into_id=second.id)
    assert refused(people.MergeMembers, nobody).reason == "MEMBER_NOT_FOUND"
    assert [read(ops, each.id) for each in (first, second, third)] == before


def test_a_doublet_is_changed_no_more_and_greeted_no_more(
    ops: CareServiceStub, people: MembersServiceStub, database: Database[dict[str, Any]]
) -> None:
    born = member_pb2.Birthday(calendar=member_pb2.BIRTHDAY_CALENDAR_SOLAR, month=3, day=3)
    doublet, survivor = registered(ops, birthday=born, external_ref="A"), registered(ops)
    merged = merge(people, doublet.id, into=survivor.id)
    assert (merged.member.birthday, merged.merged.do_not_contact) == (born, True)
    keys = {each["_id"]: each["birthday_key"] for each in database["members"].find()}
    assert keys == {doublet.id: None, survivor.id: 303}
    patch = care.UpdateMemberRequest(member=member_pb2.Member(id=doublet.id, name="B"))
    patch.update_mask.paths.append("name")
    assert refused(ops.UpdateMember, patch).reason == "MEMBER_MERGED"
    report = ops.ImportMembers(care.ImportMembersRequest(content=b"external_ref,name\nA,New\n"))
    assert [(error.code, error.line) for error in report.errors] == [("MEMBER_MERGED", 2)]


def test_everything_held_of_a_person_is_exported_and_who_asked_is_noted(
    calling: Calling, ops: CareServiceStub, people: MembersServiceStub, database: Database[dict[str, Any]]
) -> None:
    doublet, member = registered(ops, name="李"), registered(ops, email="wang@example.com", email_consent=True)
    with_touch_and_visit(database, doublet.id, number=1)
    merge(people, doublet.id, into=member.id)
    held = json.loads(people.ExportMember(pb.ExportMemberRequest(member_id=member.id)).json)
    assert (held["member"]["email"], held["merged"][0]["name"]) == ("wang@example.com", "李")
    assert [touch["member_id"] for touch in held["touches"]] == [doublet.id]
    assert [visit["words"] for visit in held["visits"]] == ["她说很好"]
    assert [word["granted"] for word in held["consents"]] == [True]
    auditor = calling.as_role(MembersServiceStub, "auditor")
    acts = auditor.ListPrivacyActs(pb.ListPrivacyActsRequest(member_id=member.id)).acts
    assert [(act.act, act.by) for act in acts] == [("exported", "somebody")]


def test_an_erased_person_leaves_a_ledger_that_adds_up_and_nothing_that_tells_who_it_was(
    calling: Calling, ops: CareServiceStub, people: MembersServiceStub, database: Database[dict[str, Any]]
) -> None:
    define(people, name="shoe_size", type=pb.ATTRIBUTE_TYPE_NUMBER)
    born = member_pb2.Birthday(calendar=member_pb2.BIRTHDAY_CALENDAR_SOLAR, month=3, day=3)
    doublet = registered(ops, name="王大明", email="ming@example.com", wechat_id="openid-ming")
    member = registered(
        ops, email="ming@example.com", phone="+8613800138000", birthday=born, external_ref="VIP-ming",
        attributes=[attribute("shoe_size", number=43)], tags=["ming"],
    )  # fmt: skip
    people.RecordConsent(a_word(member.id, True, proof="ming signed"))
    with_touch_and_visit(database, member.id, number=1)
    merge(people, doublet.id, into=member.id)
    left = people.EraseMember(pb.EraseMemberRequest(member_id=doublet.id, reason="asked by letter")).member
    assert left.HasField("erased_time")
    for collection in ("members", "consents", "touches", "visits", "privacy_acts"):
        for document in database[collection].find():
            assert not [
                trace for trace in ("ming", "明", "+8613800138000", "shoe_size", "很好") if trace in repr(document)
            ], document
    assert database["touches"].count_documents({"member_id": member.id, "state": "TOUCH_STATE_SENT"}) == 1
    survivor = database["members"].find_one({"_id": member.id}) or {}
    assert (survivor["birthday_key"], survivor["do_not_contact"]) == (None, True)
    assert [event["type"] for event in survivor["outbox"]][-1] == "member_erased"
    before = list(database["members"].find())
    people.EraseMember(pb.EraseMemberRequest(member_id=member.id, reason="again"))
    assert list(database["members"].find()) == before
    acts = calling.as_role(MembersServiceStub, "auditor").ListPrivacyActs(pb.ListPrivacyActsRequest()).acts
    assert [(act.act, act.reason) for act in acts if act.act == "erased"] == [("erased", "asked by letter")]
    refusal = refused(people.RecordConsent, a_word(member.id, True))
    assert refusal.reason == "MEMBER_ERASED"


def test_export_and_erasure_are_for_few_and_refuse_strangers(
    calling: Calling, ops: CareServiceStub, people: MembersServiceStub, database: Database[dict[str, Any]]
) -> None:
    member = registered(ops)
    erase = pb.EraseMemberRequest(member_id=member.id, reason="x")
    for role in ("agent", "auditor", "manager", "ops"):
        assert refused(calling.as_role(MembersServiceStub, role).EraseMember, erase).reason == "FORBIDDEN"
    for role in ("agent", "auditor", "manager"):
        stub = calling.as_role(MembersServiceStub, role)
        assert refused(stub.ExportMember, pb.ExportMemberRequest(member_id=member.id)).reason == "FORBIDDEN"
    assert refused(people.EraseMember, pb.EraseMemberRequest(member_id=member.id)).field == "reason"
    assert refused(people.EraseMember, pb.EraseMemberRequest(member_id=NOBODY, reason="x")).reason == "MEMBER_NOT_FOUND"
    assert refused(people.ExportMember, pb.ExportMemberRequest(member_id="x")).reason == "INVALID_ID"
    assert (read(ops, member.id), database["privacy_acts"].count_documents({})) == (member, 0)
