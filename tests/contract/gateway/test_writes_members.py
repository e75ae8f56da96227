"""What people say of members, and members of themselves, arrives as it was meant."""

from typing import Any
from uuid import UUID

import pytest
from google.protobuf.json_format import MessageToDict

from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import channel_pb2, member_pb2
from membercare.care.v1 import members_service_pb2 as pb
from tests.fakes.company import NOON, a_member, an_id
from tests.fakes.suite import Client, FakeSuite

MEM, OTHER = an_id("mem", 1), an_id("mem", 2)
EMAIL_CARE = {"channel": channel_pb2.CHANNEL_EMAIL, "purpose": channel_pb2.PURPOSE_CARE}


def a_full_member() -> member_pb2.Member:
    member = a_member(1)
    member.tags.append("金卡")
    member.attributes.add(name="shoe_size", number=43)
    member.attributes.add(name="vip", flag=False)
    member.consents.add(
        id=an_id("cns", 1), granted=True, time=NOON, source=member_pb2.CONSENT_SOURCE_PERSON, proof="form",
        recorded_time=NOON, member_id=MEM, channel=channel_pb2.CHANNEL_EMAIL, purpose=channel_pb2.PURPOSE_CARE,
    )  # fmt: skip
    member.suppressed.add(channel=channel_pb2.CHANNEL_SMS, reason="HARD_BOUNCE")
    member.cheerless_until = "2027-01-31"
    return member


CASES: list[tuple[str, str, Any, dict[str, Any]]] = [
    (
        "RecordConsent",
        (
            f'id: "{MEM}", input: {{channel: EMAIL, purpose: CARE, granted: true, source: PERSON, proof: "form", '
            'time: "2026-11-22T12:00:00Z", confirm: true}, etag: "2", requestId: "r1"'
        ),
        pb.RecordConsentResponse(member=a_full_member()),
        {
            "member_id": MEM, "channel": "CHANNEL_EMAIL", "purpose": "PURPOSE_CARE", "granted": True,
            "source": "CONSENT_SOURCE_PERSON", "proof": "form", "time": "2026-11-22T12:00:00Z", "etag": "2",
            "request_id": "r1", "confirm": True,
        },
    ),
    (
        "DefineAttribute",
        'input: {name: "shoe_size", type: NUMBER, labelEn: "Shoe size", labelZh: "鞋码"}',
        pb.DefineAttributeResponse(),
        {
            "attribute": {
                "name": "shoe_size", "type": "ATTRIBUTE_TYPE_NUMBER", "label_en": "Shoe size", "label_zh": "鞋码",
            }
        },
    ),
    ("FormHousehold", f'memberIds: ["{MEM}", "{OTHER}"]', pb.FormHouseholdResponse(), {"member_ids": [MEM, OTHER]}),
    (
        "MergeMembers",
        f'id: "{MEM}", intoId: "{OTHER}", etag: "3"',
        pb.MergeMembersResponse(),
        {"member_id": MEM, "into_id": OTHER, "etag": "3"},
    ),
    (
        "EraseMember",
        f'id: "{MEM}", reason: "asked by letter"',
        pb.EraseMemberResponse(),
        {"member_id": MEM, "reason": "asked by letter"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rpc", "arguments", "answer", "expected"), CASES, ids=[case[0] for case in CASES])
async def test_what_is_told_arrives(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, answer: Any, expected: dict[str, Any]
) -> None:
    suite.care.answers[rpc] = lambda _: answer
    await gateway.data(f"mutation {{ {rpc[0].lower()}{rpc[1:]}({arguments}) {{ __typename }} }}")
    (request,) = suite.care.asked[rpc]
    assert MessageToDict(request, preserving_proto_field_name=True) == expected


async def test_what_the_holder_of_a_link_says_arrives_and_staff_hold_none(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers |= {
        "ConfirmConsent": lambda _: pb.ConfirmConsentResponse(),
        "ChangePreferences": lambda _: pb.ChangePreferencesResponse(),
    }
    for said in ('confirmConsent(token: "AB")', 'changePreferences(token: "AB", unsubscribeFromAll: true)'):
        query = f"mutation {{ told: {said} {{ ... on UserError {{ code }} }} }}"
        assert await gateway.data(query, roles=("ops",)) == {"told": {"code": "FORBIDDEN"}}
        assert await gateway.data(query, roles=("respondent",)) == {"told": {}}
    assert [each.token for each in suite.care.asked["ConfirmConsent"]] == ["AB"]
    assert [each.unsubscribe_from_all for each in suite.care.asked["ChangePreferences"]] == [True]


async def test_own_fields_of_a_member_arrive_each_with_its_type(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["UpdateMember"] = lambda _: care.UpdateMemberResponse(member=a_full_member())
    query = f"""mutation {{
      updateMember(id: "{MEM}", input: {{
        tags: ["金卡"], preferredChannel: SMS, cheerlessUntil: "2027-01-31",
        attributes: [{{name: "shoe_size", number: 43}}, {{name: "vip", flag: false}}, {{name: "pet", text: "猫"}}]
      }}) {{
        ... on MemberPayload {{ member {{
          tags attributes {{ name text number flag }} consents {{ channel purpose granted source proof }}
          suppressed {{ channel reason }} cheerlessUntil
        }} }}
      }}
    }}"""
    told = await gateway.data(query)
    assert told["updateMember"]["member"] == {
        "tags": ["金卡"],
        "attributes": [
            {"name": "shoe_size", "text": None, "number": 43.0, "flag": None},
            {"name": "vip", "text": None, "number": None, "flag": False},
        ],
        "consents": [{"channel": "EMAIL", "purpose": "CARE", "granted": True, "source": "PERSON", "proof": "form"}],
        "suppressed": [{"channel": "SMS", "reason": "HARD_BOUNCE"}],
        "cheerlessUntil": "2027-01-31",
    }
    (request,) = suite.care.asked["UpdateMember"]
    UUID(request.request_id)
    assert sorted(request.update_mask.paths) == ["attributes", "cheerless_until", "preferred_channel", "tags"]
    values = [(each.name, each.WhichOneof("value")) for each in request.member.attributes]
    assert values == [("shoe_size", "number"), ("vip", "flag"), ("pet", "text")]


async def test_the_history_the_notes_the_fields_and_the_export_are_read(gateway: Client, suite: FakeSuite) -> None:
    word = a_full_member().consents[0]
    act = pb.PrivacyAct(id=an_id("pva", 1), member_id=MEM, act="exported", by="li", time=NOON)
    shoe = pb.AttributeDefinition(name="shoe", type=pb.ATTRIBUTE_TYPE_NUMBER, label_en="Shoe", label_zh="鞋")
    suite.care.answers |= {
        "ListConsents": lambda _: pb.ListConsentsResponse(consents=[word], next_page_token=word.id),
        "ListPrivacyActs": lambda _: pb.ListPrivacyActsResponse(acts=[act]),
        "ListAttributes": lambda _: pb.ListAttributesResponse(attributes=[shoe]),
        "ExportMember": lambda _: pb.ExportMemberResponse(json='{"member": {}}'),
        "BatchGetMembers": lambda _: care.BatchGetMembersResponse(members=[a_member(1)]),
    }
    answer = await gateway.data(
        f"""{{
          consents(memberId: "{MEM}", first: 1) {{ nodes {{ granted memberId }} pageInfo {{ hasNextPage }} }}
          privacyActs {{ nodes {{ act by member {{ name }} }} }}
          memberAttributes {{ attributes {{ name type labelZh }} }}
          exportMember(id: "{MEM}") {{ json }}
        }}"""
    )
    assert answer == {
        "consents": {"nodes": [{"granted": True, "memberId": MEM}], "pageInfo": {"hasNextPage": True}},
        "privacyActs": {"nodes": [{"act": "exported", "by": "li", "member": {"name": "Member 1"}}]},
        "memberAttributes": {"attributes": [{"name": "shoe", "type": "NUMBER", "labelZh": "鞋"}]},
        "exportMember": {"json": '{"member": {}}'},
    }
