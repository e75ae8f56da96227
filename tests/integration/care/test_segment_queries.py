"""A compiled segment finds exactly the members for whom its rule holds: random trees and members, a real database."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pymongo import MongoClient
from pymongo.collection import Collection

from services.care.domain.segments.evaluate import Asked, holds, living
from services.care.domain.segments.rules import AllOf, NoneOf, ProfileField, ProfileRule, Rule, SegmentRule
from services.care.store.segments.compiler import audience_query
from tests.fakes.segment_trees import TODAY, leaves, members, trees

Members = Collection[dict[str, Any]]


@pytest.fixture(scope="session")
def crowd(care_database_name: str, mongo_client: MongoClient[dict[str, Any]]) -> Members:
    """The members, with the indexes that the service builds."""
    found: Members = mongo_client[care_database_name]["members"]
    return found


def _stored(crowd: Members, facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    documents = [{"_id": f"mem_{number}", **each} for number, each in enumerate(facts)]
    crowd.delete_many({})
    crowd.insert_many(documents)
    return documents


def _found(crowd: Members, rule: Rule, *, asked: Asked) -> set[str]:
    return {each["_id"] for each in crowd.find(audience_query(rule, asked), {"_id": 1})}


class _Many(list[dict[str, Any]]):
    def __repr__(self) -> str:
        return f"{len(self)} members"  # else a failure would print them all


@pytest.fixture(scope="module")
def many(crowd: Members) -> _Many:
    """A few hundred random members, stored: enough that hardly a rule finds nobody, or everybody."""
    made: list[dict[str, Any]] = []

    @settings(max_examples=300, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(members)
    def collect(facts: dict[str, Any]) -> None:
        made.append(facts)

    collect()
    return _Many(_stored(crowd, made))


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(rule=leaves | leaves | trees)
def test_a_compiled_tree_finds_the_members_for_whom_it_holds(crowd: Members, many: _Many, rule: Rule) -> None:
    asked = Asked(TODAY, {})
    wanted = {each["_id"] for each in many if living(each) and holds(rule, each, asked=asked)}
    assert _found(crowd, rule, asked=asked) == wanted


@settings(max_examples=25)
@given(inner=trees, outer=trees, facts=st.lists(members, min_size=1, max_size=12))
def test_a_segment_in_a_segment_means_its_rule(
    crowd: Members, inner: Rule, outer: Rule, facts: list[dict[str, Any]]
) -> None:
    documents, asked = _stored(crowd, facts), Asked(TODAY, {"seg_inner": inner})
    rule = AllOf((outer, NoneOf((SegmentRule("seg_inner"),))))
    wanted = {
        each["_id"]
        for each in documents
        if living(each) and holds(outer, each, asked=asked) and not holds(inner, each, asked=asked)
    }
    assert _found(crowd, rule, asked=asked) == wanted


def test_merged_and_erased_members_are_in_no_segment_not_even_in_that_of_those_who_lack_something(
    crowd: Members,
) -> None:
    _stored(crowd, [{}, {"merged_into_id": "mem_0"}, {"erased_time": datetime(2026, 1, 1, tzinfo=UTC)}])
    nobody_with_a_tier = NoneOf((ProfileRule(ProfileField.OWNER),))
    assert _found(crowd, nobody_with_a_tier, asked=Asked(TODAY, {})) == {"mem_0"}
