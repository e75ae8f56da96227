"""The company's own fields, and households."""

from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from pymongo.database import Database

from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import member_pb2
from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from tests.integration.calling import Calling, refused
from tests.integration.care.people import NOBODY, attribute, define, read, registered

SHOE = pb.AttributeDefinition(name="shoe_size", type=pb.ATTRIBUTE_TYPE_NUMBER, label_en="Shoe size", label_zh="鞋码")


@pytest.fixture
def ops(calling: Calling) -> CareServiceStub:
    return calling.as_role(CareServiceStub, "ops")


@pytest.fixture
def people(calling: Calling) -> MembersServiceStub:
    return calling.as_role(MembersServiceStub, "ops")


def test_own_fields_are_defined_held_and_changed(ops: CareServiceStub, people: MembersServiceStub) -> None:
    define(people, name="shoe_size", type=pb.ATTRIBUTE_TYPE_NUMBER)
    define(people, name="vip", type=pb.ATTRIBUTE_TYPE_FLAG)
    define(people, name="since", type=pb.ATTRIBUTE_TYPE_DATE)
    stored = people.DefineAttribute(pb.DefineAttributeRequest(attribute=SHOE)).attribute
    assert stored == SHOE
    listed = people.ListAttributes(pb.ListAttributesRequest()).attributes
    assert [each.name for each in listed] == ["shoe_size", "since", "vip"]
    told = [attribute("shoe_size", number=43), attribute("since", text="2026-01-31"), attribute("vip", flag=False)]
    member = registered(ops, attributes=told)
    assert list(read(ops, member.id).attributes) == told
    patch = care.UpdateMemberRequest(
        member=member_pb2.Member(id=member.id, attributes=[attribute("vip", flag=True)]),
        update_mask=FieldMask(paths=["attributes"]),
    )
    assert list(ops.UpdateMember(patch).member.attributes) == [attribute("vip", flag=True)]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        (attribute("hat_size", number=60), "attributes.hat_size"),
        (attribute("shoe_size", text="43"), "attributes.shoe_size"),
        (attribute("shoe_size", flag=True), "attributes.shoe_size"),
        (attribute("shoe_size", number=float("nan")), "attributes.shoe_size"),
        (attribute("shoe_size"), "attributes.shoe_size"),
        (attribute("since", text="31.1.2026"), "attributes.since"),
        (attribute("since", text="2026-02-30"), "attributes.since"),
    ],
)
def test_a_field_that_is_not_defined_or_of_another_type_is_refused_by_its_path(
    ops: CareServiceStub,
    people: MembersServiceStub,
    database: Database[dict[str, Any]],
    told: member_pb2.MemberAttribute,
    field: str,
) -> None:
    define(people, name="shoe_size", type=pb.ATTRIBUTE_TYPE_NUMBER)
    define(people, name="since", type=pb.ATTRIBUTE_TYPE_DATE)
    request = care.CreateMemberRequest(member=member_pb2.Member(name="王", attributes=[told]))
    refusal = refused(ops.CreateMember, request)
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", field)
    assert database["members"].count_documents({}) == 0


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({"name": "Shoe"}, "INVALID_FIELD", "attribute.name"),
        ({"name": ""}, "INVALID_FIELD", "attribute.name"),
        ({"name": "a" * 51}, "INVALID_FIELD", "attribute.name"),
        ({"type": 0}, "INVALID_FIELD", "attribute.type"),
        ({"label_zh": ""}, "INVALID_FIELD", "attribute.label_zh"),
        ({"label_en": "a\nb"}, "INVALID_FIELD", "attribute.label_en"),
        ({"type": pb.ATTRIBUTE_TYPE_TEXT}, "ATTRIBUTE_TYPE_FIXED", "attribute.type"),
    ],
)
def test_a_wrong_definition_is_refused_and_the_first_stays(
    people: MembersServiceStub, fields: dict[str, Any], reason: str, field: str
) -> None:
    people.DefineAttribute(pb.DefineAttributeRequest(attribute=SHOE))
    told: dict[str, Any] = {"name": SHOE.name, "type": SHOE.type, "label_en": "Shoe", "label_zh": "鞋"} | fields
    request = pb.DefineAttributeRequest(attribute=pb.AttributeDefinition(**told))
    refusal = refused(people.DefineAttribute, request)
    assert (refusal.reason, refusal.field) == (reason, field)
    assert list(people.ListAttributes(pb.ListAttributesRequest()).attributes) == [SHOE]


def test_a_household_is_formed_and_joined(ops: CareServiceStub, people: MembersServiceStub) -> None:
    first, second, third = (registered(ops) for _ in range(3))
    formed = people.FormHousehold(pb.FormHouseholdRequest(member_ids=[first.id, second.id]))
    joined = people.FormHousehold(pb.FormHouseholdRequest(member_ids=[third.id, second.id]))
    assert formed.household_id == joined.household_id
    wanted = care.MemberFilter(household_id=formed.household_id)
    found = ops.ListMembers(care.ListMembersRequest(filter=wanted)).members
    assert [member.id for member in found] == [first.id, second.id, third.id]


def test_a_household_of_one_or_with_a_stranger_is_refused_and_nobody_moves(
    ops: CareServiceStub, people: MembersServiceStub
) -> None:
    member = registered(ops)
    alone = pb.FormHouseholdRequest(member_ids=[member.id, member.id])
    assert refused(people.FormHousehold, alone).field == "member_ids"
    stranger = pb.FormHouseholdRequest(member_ids=[member.id, NOBODY])
    assert refused(people.FormHousehold, stranger).reason == "MEMBER_NOT_FOUND"
    assert read(ops, member.id) == member
