"""The profile beyond name and birthday: tags, household, owner, ids of messengers, what a channel may be used for."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import channel_pb2
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from tests.integration.calling import Calling, refused
from tests.integration.care.test_members import NO_CUSTOMER, a_member, new_member, update


@pytest.fixture
def ops(calling: Calling) -> CareServiceStub:
    return calling.as_role(CareServiceStub, "ops")


def test_the_whole_profile_is_registered_changed_and_read_back(ops: CareServiceStub) -> None:
    told: dict[str, Any] = {
        "tags": ["金卡", "north"],
        "household_id": "hsh_00000000000000000000000000",
        "owner_id": "emp_00000000000000000000000000",
        "wecom_id": "wmAbC",
        "wechat_id": "oXyZ",
        "preferred_channel": channel_pb2.CHANNEL_SMS,
        "cheerless_until": "2027-01-31",
    }
    member = a_member(ops, **told)
    assert {field: getattr(member, field) for field in told} == told
    cleared = ops.UpdateMember(update(member, *told)).member
    assert [getattr(cleared, field) for field in told] == [[], "", "", "", "", 0, ""]


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"tags": [""]}, "INVALID_FIELD", "tags"),
        ({"tags": [str(number) for number in range(51)]}, "INVALID_FIELD", "tags"),
        ({"household_id": NO_CUSTOMER}, "INVALID_ID", "household_id"),
        ({"owner_id": "li"}, "INVALID_ID", "owner_id"),
        ({"wecom_id": "x" * 129}, "INVALID_FIELD", "wecom_id"),
        ({"wechat_id": "a\nb"}, "INVALID_FIELD", "wechat_id"),
        ({"preferred_channel": 9}, "INVALID_FIELD", "preferred_channel"),
        ({"cheerless_until": "2027-02-30"}, "INVALID_FIELD", "cheerless_until"),
    ],
)
def test_a_wrong_profile_is_refused_and_nothing_is_stored(
    ops: CareServiceStub, database: Database[dict[str, Any]], fields: dict[str, Any], reason: str, at_fault: str
) -> None:
    refusal = refused(ops.CreateMember, new_member(**fields))
    assert (refusal.reason, refusal.field) == (reason, at_fault)
    assert database["members"].count_documents({}) == 0


def test_every_word_on_consent_is_filed_and_the_newest_stands_with_the_member(
    ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    member = a_member(ops, email_consent=True)
    ops.UpdateMember(update(member, "email_consent", email_consent=False))
    (stored,) = database["members"].find()
    assert (stored["consents"], stored["consent_facts"][0]["source"]) == ({"email": {"care": False}}, "staff")
    filed = database["consents"].find({"member_id": member.id}).sort("recorded_time", 1)
    assert [(each["granted"], each["source"]) for each in filed] == [(True, "staff"), (False, "staff")]
