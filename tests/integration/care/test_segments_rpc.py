"""Segments over the wire: written, counted, listed, explained, taken out of use."""

from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from pymongo.database import Database

from membercare.care.v1 import care_service_pb2 as care_pb
from membercare.care.v1 import member_pb2
from membercare.care.v1 import segment_pb2 as rules
from membercare.care.v1 import segments_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.segments_service_pb2_grpc import SegmentsServiceStub
from services.chassis.errors import Kind
from services.chassis.ids import derived_id
from tests.integration.calling import Calling, refused

NO_SEGMENT = "seg_00000000000000000000000000"
NO_MEMBER = "mem_00000000000000000000000000"
Documents = Database[dict[str, Any]]


def tags(*any_of: str) -> rules.SegmentRule:
    return rules.SegmentRule(tag=rules.WordList(any_of=any_of))


def within(segment: rules.Segment) -> rules.SegmentRule:
    return rules.SegmentRule(segment_id=segment.id)


VIP = tags("vip")
ENGLISH = rules.SegmentRule(profile=rules.ProfileRule(field=rules.PROFILE_FIELD_LANGUAGE, any_of=["LANGUAGE_EN"]))


@pytest.fixture
def ops(calling: Calling) -> SegmentsServiceStub:
    return calling.as_role(SegmentsServiceStub, "ops")


def a_segment(ops: SegmentsServiceStub, *, name: str = "VIP", rule: rules.SegmentRule = VIP) -> rules.Segment:
    return ops.CreateSegment(pb.CreateSegmentRequest(segment=rules.Segment(name=name, rule=rule))).segment


def a_member(calling: Calling, **fields: Any) -> str:
    told: dict[str, Any] = {"name": "Anna Smith", "language": member_pb2.LANGUAGE_EN}
    request = care_pb.CreateMemberRequest(member=member_pb2.Member(**told | fields))
    return calling.as_role(CareServiceStub, "ops").CreateMember(request).member.id


def test_a_segment_is_kept_as_written_and_told_in_words_also_before_it_is_stored(ops: SegmentsServiceStub) -> None:
    vip = a_segment(ops)
    both = rules.SegmentRule(all=rules.RuleGroup(rules=[within(vip), ENGLISH]))
    foreseen = ops.PreviewSegment(pb.PreviewSegmentRequest(rule=both))
    stored = a_segment(ops, name="English VIP", rule=both)
    assert stored.rule == both
    assert (stored.author, stored.etag, stored.archived) == ("somebody", "1", False)
    assert stored.rule_en == "all of these hold:\n  is in the segment “VIP”\n  language: English"
    assert stored.rule_zh == "以下全部满足：\n  属于分群“VIP”\n  语言：英文"
    assert (foreseen.rule_en, foreseen.rule_zh) == (stored.rule_en, stored.rule_zh)
    assert ops.PreviewSegment(pb.PreviewSegmentRequest(segment_id=stored.id)) == foreseen
    assert ops.GetSegment(pb.GetSegmentRequest(segment_id=stored.id)).segment == stored
    assert list(ops.BatchGetSegments(pb.BatchGetSegmentsRequest(segment_ids=[stored.id, NO_SEGMENT])).segments) == [
        stored
    ]


def test_a_repeated_request_writes_one_segment(ops: SegmentsServiceStub, database: Documents) -> None:
    request = pb.CreateSegmentRequest(segment=rules.Segment(name="VIP", rule=VIP), request_id="r-1")
    assert ops.CreateSegment(request).segment.id == ops.CreateSegment(request).segment.id
    assert database["segments"].count_documents({}) == 1


@pytest.mark.parametrize(
    ("segment", "reason", "field"),
    [
        (rules.Segment(name="", rule=VIP), "INVALID_FIELD", "name"),
        (rules.Segment(name="x"), "INVALID_FIELD", "rule"),
        (rules.Segment(name="x", rule=tags()), "INVALID_FIELD", "rule.tag.any_of"),
        (
            rules.Segment(name="x", rule=rules.SegmentRule(any=rules.RuleGroup(rules=[VIP, rules.SegmentRule()]))),
            "INVALID_FIELD",
            "rule.any[1]",
        ),
        (
            rules.Segment(name="x", rule=rules.SegmentRule(profile=rules.ProfileRule())),
            "INVALID_FIELD",
            "rule.profile.field",
        ),
        (
            rules.Segment(name="x", rule=rules.SegmentRule(flag=rules.FlagRule(flag=99))),  # type: ignore[arg-type]
            "INVALID_FIELD",
            "rule.flag",
        ),
        (
            rules.Segment(
                name="x",
                rule=rules.SegmentRule(
                    birthday=rules.DateWindow(range=rules.DateRange(from_date="2026-02-30", to_date="2026-03-01"))
                ),
            ),
            "INVALID_FIELD",
            "rule.birthday.range.from_date",
        ),
        (rules.Segment(name="x", rule=rules.SegmentRule(segment_id="vip")), "INVALID_ID", "rule.segment_id"),
        (rules.Segment(name="x", rule=rules.SegmentRule(segment_id=NO_SEGMENT)), "SEGMENT_NOT_FOUND", ""),
    ],
)
def test_a_segment_that_means_nothing_is_refused_and_nothing_is_stored(
    ops: SegmentsServiceStub, database: Documents, *, segment: rules.Segment, reason: str, field: str
) -> None:
    refusal = refused(ops.CreateSegment, pb.CreateSegmentRequest(segment=segment))
    assert (refusal.reason, refusal.field) == (reason, field)
    assert database["segments"].count_documents({}) == 0


def test_a_change_takes_over_what_the_mask_names(ops: SegmentsServiceStub) -> None:
    vip = a_segment(ops)
    changed = ops.UpdateSegment(
        pb.UpdateSegmentRequest(
            segment=rules.Segment(id=vip.id, name="Gold", rule=tags("gold"), etag=vip.etag),
            update_mask=FieldMask(paths=["rule"]),
        )
    ).segment
    assert (changed.name, changed.rule, changed.etag) == ("VIP", tags("gold"), "2")


@pytest.mark.parametrize(
    ("attribute", "field"),
    [
        (rules.AttributeRule(name="shoe_sise"), "rule.none[0].attribute.name"),
        (rules.AttributeRule(name="shoe_size", yes=True), "rule.none[0].attribute"),
    ],
)
def test_an_attribute_that_is_not_defined_or_of_another_type_is_refused(
    ops: SegmentsServiceStub, database: Documents, *, attribute: rules.AttributeRule, field: str
) -> None:
    database["member_attributes"].insert_one({"_id": "shoe_size", "type": "number", "label_en": "x", "label_zh": "x"})
    rule = rules.SegmentRule(none=rules.RuleGroup(rules=[rules.SegmentRule(attribute=attribute)]))
    refusal = refused(ops.CreateSegment, pb.CreateSegmentRequest(segment=rules.Segment(name="x", rule=rule)))
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", field)
    assert refused(ops.PreviewSegment, pb.PreviewSegmentRequest(rule=rule)).field == field
    assert database["segments"].count_documents({}) == 0


@pytest.mark.parametrize("paths", [[], ["author"]])
def test_a_mask_that_names_nothing_to_change_is_refused(ops: SegmentsServiceStub, paths: list[str]) -> None:
    vip = a_segment(ops)
    request = pb.UpdateSegmentRequest(segment=vip, update_mask=FieldMask(paths=paths))
    refusal = refused(ops.UpdateSegment, request)
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", "update_mask")
    assert ops.GetSegment(pb.GetSegmentRequest(segment_id=vip.id)).segment == vip


def test_a_stale_version_is_refused_and_the_first_change_stays(ops: SegmentsServiceStub) -> None:
    vip = a_segment(ops)

    def request(name: str) -> pb.UpdateSegmentRequest:
        changed = rules.Segment(id=vip.id, name=name, etag=vip.etag)
        return pb.UpdateSegmentRequest(segment=changed, update_mask=FieldMask(paths=["name"]))

    ops.UpdateSegment(request("first"))
    assert refused(ops.UpdateSegment, request("second")).reason == "STALE_VERSION"
    assert ops.GetSegment(pb.GetSegmentRequest(segment_id=vip.id)).segment.name == "first"


def test_a_change_that_makes_a_segment_part_of_itself_is_refused(ops: SegmentsServiceStub) -> None:
    vip = a_segment(ops)
    middle = a_segment(ops, name="middle", rule=within(vip))
    top = a_segment(ops, name="top", rule=rules.SegmentRule(none=rules.RuleGroup(rules=[within(middle)])))
    loop = rules.Segment(id=vip.id, rule=within(top))
    refusal = refused(ops.UpdateSegment, pb.UpdateSegmentRequest(segment=loop, update_mask=FieldMask(paths=["rule"])))
    assert refusal.reason == "SEGMENT_CYCLE"
    assert ops.GetSegment(pb.GetSegmentRequest(segment_id=vip.id)).segment == vip


def test_a_change_that_would_make_a_segment_above_too_large_is_refused(ops: SegmentsServiceStub) -> None:
    below = a_segment(ops)
    many = rules.SegmentRule(any=rules.RuleGroup(rules=[within(below)] * 100))
    above = a_segment(ops, name="above", rule=many)
    large = rules.Segment(id=below.id, rule=rules.SegmentRule(any=rules.RuleGroup(rules=[VIP] * 20)))
    refusal = refused(ops.UpdateSegment, pb.UpdateSegmentRequest(segment=large, update_mask=FieldMask(paths=["rule"])))
    assert (refusal.reason, refusal.metadata["segment_id"]) == ("SEGMENT_TOO_LARGE", above.id)
    assert ops.GetSegment(pb.GetSegmentRequest(segment_id=below.id)).segment == below


def test_a_segment_in_use_is_not_archived_and_says_what_uses_it(ops: SegmentsServiceStub, database: Documents) -> None:
    vip = a_segment(ops)
    above = a_segment(ops, name="Above", rule=within(vip))
    campaign = derived_id("cmp", "birthdays")
    database["campaigns"].insert_many(
        [
            {
                "_id": campaign,
                "name": "Birthdays",
                "state": "CAMPAIGN_STATE_RUNNING",
                "plan": {"audience": {"segment_id": "", "exclude_segment_ids": [vip.id]}},
            },
            {
                "_id": derived_id("cmp", "over"),
                "name": "Over",
                "state": "CAMPAIGN_STATE_ARCHIVED",
                "plan": {"audience": {"segment_id": vip.id}},
            },
        ]
    )
    refusal = refused(ops.ArchiveSegment, pb.ArchiveSegmentRequest(segment_id=vip.id))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "SEGMENT_IN_USE")
    assert refusal.metadata["used_by"] == f"{campaign},{above.id}"
    assert f"campaign {campaign} (Birthdays), segment {above.id} (Above)" in refusal.message
    assert not ops.GetSegment(pb.GetSegmentRequest(segment_id=vip.id)).segment.archived


def test_an_archived_segment_leaves_the_list_and_is_not_changed_any_more(ops: SegmentsServiceStub) -> None:
    vip, gold = a_segment(ops), a_segment(ops, name="Gold")
    archived = ops.ArchiveSegment(pb.ArchiveSegmentRequest(segment_id=vip.id, etag=vip.etag)).segment
    assert archived.archived
    assert [each.id for each in ops.ListSegments(pb.ListSegmentsRequest()).segments] == [gold.id]
    everything = pb.ListSegmentsRequest(filter=pb.SegmentFilter(include_archived=True, name_prefix="V"))
    assert [each.id for each in ops.ListSegments(everything).segments] == [vip.id]
    change = pb.UpdateSegmentRequest(segment=archived, update_mask=FieldMask(paths=["rule"]))
    assert refused(ops.UpdateSegment, change).reason == "SEGMENT_ARCHIVED"


def test_a_preview_counts_and_shows_some_without_storing_anything(
    calling: Calling, ops: SegmentsServiceStub, database: Documents
) -> None:
    for tag in ("vip", "vip", "vip", "other"):
        a_member(calling, tags=[tag])
    found = ops.PreviewSegment(pb.PreviewSegmentRequest(rule=VIP, sample_size=2))
    assert (found.count, [member.name for member in found.sample]) == (3, ["Anna Smith", "Anna Smith"])
    stored = a_segment(ops)
    assert ops.PreviewSegment(pb.PreviewSegmentRequest(segment_id=stored.id)).count == 3
    assert database["segments"].count_documents({}) == 1


def test_who_sees_masked_members_gets_a_masked_sample_and_no_rules_of_their_own(
    calling: Calling, ops: SegmentsServiceStub
) -> None:
    a_member(calling, tags=["vip"], email="anna@example.com")
    stored, auditor = a_segment(ops), calling.as_role(SegmentsServiceStub, "auditor")
    sample = auditor.PreviewSegment(pb.PreviewSegmentRequest(segment_id=stored.id)).sample
    assert [(member.name, member.email) for member in sample] == [("A***", "a***@example.com")]
    refusal = refused(auditor.PreviewSegment, pb.PreviewSegmentRequest(rule=VIP))
    assert (refusal.kind, refusal.field) == (Kind.FORBIDDEN, "rule")


def test_a_preview_of_nothing_is_refused(ops: SegmentsServiceStub) -> None:
    refusal = refused(ops.PreviewSegment, pb.PreviewSegmentRequest())
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", "segment_id")


def test_the_members_of_a_segment_are_listed_page_by_page(calling: Calling, ops: SegmentsServiceStub) -> None:
    ids = [a_member(calling, tags=["vip"]) for _ in range(3)]
    stored = a_segment(ops)
    first = ops.ListSegmentMembers(pb.ListSegmentMembersRequest(segment_id=stored.id, page_size=2))
    rest = ops.ListSegmentMembers(
        pb.ListSegmentMembersRequest(segment_id=stored.id, page_size=2, page_token=first.next_page_token)
    )
    assert [member.id for member in [*first.members, *rest.members]] == sorted(ids)
    assert rest.next_page_token == ""


def test_a_member_is_told_test_by_test_why_they_are_out(calling: Calling, ops: SegmentsServiceStub) -> None:
    member = a_member(calling, tags=["gold", "old"])
    vip = a_segment(ops)
    rule = rules.SegmentRule(all=rules.RuleGroup(rules=[ENGLISH, within(vip)]))
    stored = a_segment(ops, name="English VIP", rule=rule)
    told = ops.ExplainMembership(pb.ExplainMembershipRequest(segment_id=stored.id, member_id=member))
    assert not told.holds
    assert [
        (line.path, line.depth, line.holds, line.rule_en, line.found_en, line.found_zh) for line in told.reasons
    ] == [
        ("rule", 1, False, "all of these hold:", "", ""),
        ("rule.all[0].profile", 2, True, "language: English", "English", "英文"),
        ("rule.all[1].segment_id", 2, False, "is in the segment “VIP”", "", ""),
        (f"rule.all[1].{vip.id}.rule.tag", 3, False, "one of the tags: vip", "gold, old", "gold, old"),
    ]


def test_an_erased_member_is_in_no_segment_and_the_reason_says_so(
    calling: Calling, ops: SegmentsServiceStub, database: Documents
) -> None:
    member = a_member(calling)
    database["members"].update_one({"_id": member}, {"$currentDate": {"erased_time": True}})
    everybody = a_segment(ops, name="Everybody", rule=rules.SegmentRule(all=rules.RuleGroup()))
    told = ops.ExplainMembership(pb.ExplainMembershipRequest(segment_id=everybody.id, member_id=member))
    assert (told.holds, [line.path for line in told.reasons]) == (False, ["member"])
    assert ops.PreviewSegment(pb.PreviewSegmentRequest(segment_id=everybody.id)).count == 0


def test_what_does_not_exist_is_refused(ops: SegmentsServiceStub) -> None:
    stored = a_segment(ops)
    assert refused(ops.GetSegment, pb.GetSegmentRequest(segment_id=NO_SEGMENT)).reason == "SEGMENT_NOT_FOUND"
    assert refused(ops.GetSegment, pb.GetSegmentRequest(segment_id=NO_MEMBER)).reason == "INVALID_ID"
    nobody = pb.ExplainMembershipRequest(segment_id=stored.id, member_id=NO_MEMBER)
    assert refused(ops.ExplainMembership, nobody).reason == "MEMBER_NOT_FOUND"
    nowhere = pb.ListSegmentMembersRequest(segment_id=NO_SEGMENT)
    assert refused(ops.ListSegmentMembers, nowhere).reason == "SEGMENT_NOT_FOUND"
