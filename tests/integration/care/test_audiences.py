"""Who is in a stored segment, as campaigns and journeys ask."""

from typing import Any

import pytest
from pymongo.database import Database

from services.care.domain.segments.rules import (
    AllOf,
    NoneOf,
    ProfileField,
    ProfileRule,
    Rule,
    SegmentRule,
    TagRule,
    TierRule,
)
from services.care.domain.segments.segment import Segment, SegmentArchived, SegmentCycle
from services.care.store.segments.audiences import MongoAudiences
from services.care.store.segments.segments import MongoSegments
from services.chassis.errors import NotFound
from services.chassis.ids import new_id
from tests.fakes.clock import FrozenClock
from tests.integration.care.greetings import utc

NOW = utc("2026-11-22 02:00")


@pytest.fixture
def segments(database: Database[dict[str, Any]]) -> MongoSegments:
    return MongoSegments.of(FrozenClock(NOW))


@pytest.fixture
def audiences(segments: MongoSegments) -> MongoAudiences:
    return MongoAudiences(segments, "Asia/Shanghai")


def _segment(segments: MongoSegments, rule: Rule) -> str:
    written = Segment.written(new_id("seg", NOW), name="Gold", description="", rule=rule, author="olga", now=NOW)
    return segments.add(written, request_key="").id


def test_an_audience_is_who_the_rule_holds_for(
    database: Database[dict[str, Any]], segments: MongoSegments, audiences: MongoAudiences
) -> None:
    database["members"].insert_many(
        [
            {"_id": "mem_a", "tier": "gold", "language": "LANGUAGE_EN"},
            {"_id": "mem_b", "tier": "gold", "language": "LANGUAGE_ZH_HANS"},
            {"_id": "mem_c", "language": "LANGUAGE_EN"},
        ]
    )
    gold = _segment(segments, TierRule(("gold",)))
    speaks_english = ProfileRule(ProfileField.LANGUAGE, ("LANGUAGE_EN",))
    english_gold = _segment(segments, AllOf((SegmentRule(gold), speaks_english)))

    assert [each["_id"] for each in database["members"].find(audiences.filter(english_gold, NOW))] == ["mem_a"]
    assert audiences.among(gold, ["mem_b", "mem_c", "mem_unheard_of"], now=NOW) == {"mem_b"}


def test_an_archived_segment_goes_on_answering_but_is_refused_for_new_use(
    database: Database[dict[str, Any]], segments: MongoSegments, audiences: MongoAudiences
) -> None:
    database["members"].insert_one({"_id": "mem_a", "tags": ["vip"]})
    vip = _segment(segments, TagRule(("vip",)))
    audiences.require([vip], field="plan.audience.segment_id")
    segments.change(vip, lambda segment: segment.archive(now=NOW), etag="", request_key="")

    assert audiences.among(vip, ["mem_a"], now=NOW) == {"mem_a"}
    with pytest.raises(SegmentArchived) as refused:
        audiences.require([vip], field="plan.audience.segment_id")
    assert refused.value.field == "plan.audience.segment_id"


def test_a_segment_that_does_not_exist_is_refused(audiences: MongoAudiences) -> None:
    nowhere = new_id("seg", NOW)
    for ask in (
        lambda: audiences.filter(nowhere, NOW),
        lambda: audiences.among(nowhere, [], now=NOW),
        lambda: audiences.require([nowhere], field="segment_id"),
    ):
        with pytest.raises(NotFound) as refused:
            ask()
        assert refused.value.code == "SEGMENT_NOT_FOUND"


def test_a_cycle_that_two_people_wrote_at_the_same_moment_is_refused_instead_of_followed_for_ever(
    segments: MongoSegments, audiences: MongoAudiences
) -> None:
    first = _segment(segments, TagRule(("vip",)))
    second = _segment(segments, NoneOf((SegmentRule(first),)))
    loop = SegmentRule(second)
    segments.change(
        first,
        lambda segment: segment.rewritten(name=None, description=None, rule=loop, now=NOW),
        etag="",
        request_key="",
    )
    with pytest.raises(SegmentCycle):
        audiences.filter(second, NOW)
