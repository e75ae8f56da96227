"""The tests of a rule that many members fail are answered by an index, and not by reading every member."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from services.care.domain.channels import Channel, Purpose
from services.care.domain.segments.evaluate import Asked
from services.care.domain.segments.rules import (
    ActRule,
    AllOf,
    AnswerRule,
    AnyOf,
    BirthdayRule,
    ConsentRule,
    ContractRule,
    ContractState,
    DateAttribute,
    Flag,
    FlagRule,
    MomentField,
    MomentRule,
    NoneOf,
    NumberAttribute,
    NumberField,
    NumberRule,
    ProfileField,
    ProfileRule,
    Rule,
    TagRule,
    TextAttribute,
    TierRule,
    ValueRule,
    ValueTier,
)
from services.care.domain.segments.windows import DateWindow, Today
from services.care.store.segments.compiler import audience_query

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
ASKED = Asked(Today(NOW, "Asia/Shanghai"), {})
CROWD = 400
SOON = DateWindow(next_days=10)
Documents = Database[dict[str, Any]]


@pytest.fixture
def crowd(database: Documents) -> Documents:
    """Many members of whom little is known, and one of whom everything is."""
    plain = [{"_id": f"mem_{number:04d}", "create_time": NOW - timedelta(days=900)} for number in range(CROWD)]
    known = {
        "_id": "mem_known",
        "birthday": {"calendar": "BIRTHDAY_CALENDAR_SOLAR", "month": 11, "day": 25},
        "birthday_key": 1125,
        "create_time": NOW,
        "update_time": NOW,
        "tags": ["vip"],
        "tier": "gold",
        "points": 900,
        "owner_id": "emp_1",
        "household_id": "hsh_1",
        "customer_id": "cus_1",
        "complaints": ["cas_1"],
        "cheerless_until": "2026-12-01",
        "attributes": {"car": "X5", "km": 9_000, "bought": "2026-11-30"},
        "acts": {"visit_completed": [NOW, NOW - timedelta(days=1)]},
        "answers": [{"survey": "visit", "score": 1, "at": NOW}],
        "contracts": [{"id": "con_1", "state": "active", "end_date": "2026-11-30"}],
        "customer_value": {"customer_id": "cus_1", "tier": "high_value", "currency_code": "CNY", "minor_units": 1},
    }
    database["members"].insert_many([*plain, known])
    return database


INDEXED: list[tuple[Rule, str]] = [
    (TagRule(("vip",)), "by_tag"),
    (TierRule(("gold", "platinum")), "segments_tier"),
    (NumberRule(NumberField.POINTS, 500), "segments_points"),
    (ProfileRule(ProfileField.OWNER, ("emp_1",)), "by_owner_id"),
    (ProfileRule(ProfileField.HOUSEHOLD), "by_household_id"),
    (ProfileRule(ProfileField.CUSTOMER, ("cus_1",)), "by_customer"),
    (BirthdayRule(SOON), "by_birthday"),
    (MomentRule(MomentField.REGISTERED, DateWindow(last_days=30)), "segments_create_time"),
    (MomentRule(MomentField.CHANGED, DateWindow(last_days=30)), "segments_update_time"),
    (FlagRule(Flag.COMPLAINT_OPEN), "segments_complaints"),
    (FlagRule(Flag.NO_CHEER), "segments_cheerless_until"),
    (TextAttribute("car", ("X5",)), "segments_attributes"),
    (NumberAttribute("km", 8_000), "segments_attributes"),
    (DateAttribute("bought", SOON), "segments_attributes"),
    (ActRule("visit_completed", 2, days=30), "segments_acts"),
    (ActRule("visit_completed", 1), "segments_acts"),
    (AnswerRule("visit", at_most=2, days=30), "segments_answers_survey"),
    (ContractRule((ContractState.ACTIVE,), SOON), "segments_contracts_state"),
    (ValueRule((ValueTier.HIGH_VALUE,), "CNY", 1), "segments_customer_value_tier"),
]


@pytest.mark.parametrize(("rule", "index"), INDEXED, ids=[f"{index}-{type(rule).__name__}" for rule, index in INDEXED])
def test_a_rare_fact_is_found_by_its_index(crowd: Documents, *, rule: Rule, index: str) -> None:
    assert _explained(crowd, rule) == ({index}, 1, ["mem_known"])


def test_a_group_is_found_by_its_rarest_test(crowd: Documents) -> None:
    rule = AllOf(
        (
            NoneOf((ConsentRule(Channel.SMS, Purpose.MARKETING),)),
            TierRule(("gold",)),
            NoneOf((ActRule("case_opened", 1, days=90),)),
        )
    )
    assert _explained(crowd, rule) == ({"segments_tier"}, 1, ["mem_known"])


def test_either_of_two_facts_is_found_by_both_indexes(crowd: Documents) -> None:
    rule = AnyOf((TagRule(("vip",)), TierRule(("gold",))))
    assert _explained(crowd, rule) == ({"by_tag", "segments_tier"}, 1, ["mem_known"])


def test_what_only_few_are_is_not_asked_of_an_index_the_other_way_round(crowd: Documents) -> None:
    assert _explained(crowd, NoneOf((TagRule(("vip",)), ActRule("visit_completed", 1))))[:2] == (set(), CROWD + 1)
    assert _explained(crowd, ActRule("visit_completed", at_most=0, days=30))[:2] == (set(), CROWD + 1)


def _explained(database: Documents, rule: Rule) -> tuple[set[str], int, list[str]]:
    """Return the indexes that the database chose, how many members it read, and whom it found."""
    query = audience_query(rule, ASKED)
    told = database.command(
        "explain", {"find": "members", "filter": query, "projection": {"_id": 1}}, verbosity="executionStats"
    )
    found = [each["_id"] for each in database["members"].find(query, {"_id": 1})]
    return set(_indexes(told["queryPlanner"]["winningPlan"])), told["executionStats"]["totalDocsExamined"], found


def _indexes(stage: Any) -> Iterator[str]:
    if isinstance(stage, dict):
        if "indexName" in stage:
            yield stage["indexName"]
        for each in stage.values():
            yield from _indexes(each)
    if isinstance(stage, list):
        for each in stage:
            yield from _indexes(each)
