"""Members, and calls about them, for the tests of the room of members."""

from typing import Any

from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import channel_pb2, member_pb2
from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.domain.channels import Channel, Purpose
from services.care.domain.members.links import Link, SignedLinks

NOBODY = "mem_00000000000000000000000000"
TOUCH = "tch_01JTDB8D40CQS3K9Q8YV1H2T3F"
LINKS = SignedLinks("https://care.example", (b"k" * 32,))
"""Signs as the service of these tests does."""


def registered(stub: CareServiceStub, **fields: Any) -> member_pb2.Member:
    told = member_pb2.Member(**{"name": "王小明"} | fields)
    return stub.CreateMember(care.CreateMemberRequest(member=told)).member


def read(stub: CareServiceStub, member_id: str) -> member_pb2.Member:
    return stub.GetMember(care.GetMemberRequest(member_id=member_id)).member


def a_word(member_id: str, granted: bool, **fields: Any) -> pb.RecordConsentRequest:
    told: dict[str, Any] = {
        "channel": channel_pb2.CHANNEL_EMAIL,
        "purpose": channel_pb2.PURPOSE_CARE,
        "source": member_pb2.CONSENT_SOURCE_PERSON,
        "proof": "signed form 17" if granted else "",
    }
    return pb.RecordConsentRequest(member_id=member_id, granted=granted, **told | fields)


def allowed(member: member_pb2.Member) -> dict[str, bool]:
    return {
        f"{channel_pb2.Channel.Name(each.channel)[8:]}/{channel_pb2.Purpose.Name(each.purpose)[8:]}": each.granted
        for each in member.consents
    }


def token_of(member_id: str, *, channel: Channel = Channel.EMAIL, purpose: Purpose = Purpose.CARE) -> str:
    return LINKS.token(Link(member_id, TOUCH, channel, purpose))


def attribute(name: str, **value: Any) -> member_pb2.MemberAttribute:
    return member_pb2.MemberAttribute(name=name, **value)


def define(people: MembersServiceStub, **fields: Any) -> pb.AttributeDefinition:
    told = pb.AttributeDefinition(**{"label_en": "L", "label_zh": "标"} | fields)
    return people.DefineAttribute(pb.DefineAttributeRequest(attribute=told)).attribute
