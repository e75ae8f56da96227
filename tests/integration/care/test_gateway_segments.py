"""Segments as a front end writes them, through the real gateway and the real service."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import channel_pb2, member_pb2
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from tests.fakes.suite import Client
from tests.integration.calling import Calling
from tests.integration.care.people import registered

COUNT = '{ previewSegment(rule: {profile: {field: %s, anyOf: ["%s"]}}) { count ruleEn } }'
CREATE = 'mutation { createSegment(input: {name: "x", rule: %s}) { ... on UserError { code field message } } }'


@pytest.fixture
def anna(calling: Calling) -> member_pb2.Member:
    """One of two members; the other one differs from her in everything that is asked."""
    ops = calling.as_role(CareServiceStub, "ops")
    registered(ops, name="Bo", gender=member_pb2.GENDER_MALE, language=member_pb2.LANGUAGE_EN)
    chosen = channel_pb2.CHANNEL_SMS
    told = {"gender": member_pb2.GENDER_FEMALE, "language": member_pb2.LANGUAGE_ZH_HANS, "preferred_channel": chosen}
    return registered(ops, name="Anna", **told)


@pytest.mark.parametrize(
    ("field", "word", "shown"),
    [
        ("GENDER", "FEMALE", "gender: female"),
        ("GENDER", "female", "gender: female"),
        ("GENDER", "GENDER_FEMALE", "gender: female"),
        ("LANGUAGE", "ZH_HANS", "language: Simplified Chinese"),
        ("LANGUAGE", "zh-Hans", "language: Simplified Chinese"),
        ("PREFERRED_CHANNEL", "SMS", "preferred channel: text message"),
        ("PREFERRED_CHANNEL", "sms", "preferred channel: text message"),
    ],
)
async def test_a_rule_finds_members_by_the_words_of_the_schema(
    gateway: Client, anna: member_pb2.Member, *, field: str, word: str, shown: str
) -> None:
    found = (await gateway.data(COUNT % (field, word), roles=("ops",)))["previewSegment"]
    assert (found["count"], found["ruleEn"]) == ("1", shown)
    assert anna.id


@pytest.mark.parametrize(
    ("rule", "field", "message"),
    [
        (
            '{profile: {field: LANGUAGE, anyOf: ["fr"]}}',
            "rule.profile.anyOf",
            "rule.profile.anyOf: 'fr' is no language; one of EN, ZH_HANS is needed.",
        ),
        (
            '{none: [{profile: {field: GENDER, anyOf: ["FEMALE", "woman"]}}]}',
            "rule.none[0].profile.anyOf",
            "rule.none[0].profile.anyOf: 'woman' is no gender; one of FEMALE, MALE is needed.",
        ),
        ("{tag: []}", "rule.tag", "rule.tag needs 1 to 100 values."),
        ("{all: [{tier: []}]}", "rule.all[0].tier", "rule.all[0].tier needs 1 to 100 values."),
    ],
)
async def test_a_word_that_no_record_can_say_is_refused_where_it_was_written_and_nothing_is_stored(
    gateway: Client, database: Database[dict[str, Any]], *, rule: str, field: str, message: str
) -> None:
    refused = (await gateway.data(CREATE % rule, roles=("ops",)))["createSegment"]
    assert refused == {"code": "INVALID_FIELD", "field": field, "message": message}
    assert database["segments"].count_documents({}) == 0
