"""Tiers: up at once, down only after the protection, and every reason in words."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.care.domain.loyalty.account import Account
from services.care.domain.loyalty.entry import Posting
from services.care.domain.loyalty.explanation import explain_tier
from services.care.domain.loyalty.program import LoyaltyProgram, LoyaltyTerms, Privilege, Tier
from services.care.domain.loyalty.tiers import TierReason, TierState, moved
from services.chassis.errors import InvalidField

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
BASIC = Tier("basic", "Basic", "普通")
SILVER = Tier("silver", "Silver", "银卡", 100)
GOLD = Tier("gold", "Gold", "金卡", 500, ("CUSTOMER_TIER_HIGH_VALUE",))
TERMS = LoyaltyTerms(TODAY, 12, 3, 24, (BASIC, SILVER, GOLD))


def stands(state: TierState, points: int, *, today: date = TODAY, value: str = "") -> TierState:
    return moved(state, TERMS, points=points, value_tier=value, today=today)


def test_a_tier_is_reached_the_moment_its_points_are() -> None:
    assert stands(TierState(), 99).code == "basic"
    assert stands(TierState(), 100) == TierState("silver", TODAY, date(2027, 2, 22), TierReason.POINTS)
    assert stands(stands(TierState(), 100), 700).code == "gold"


def test_the_value_of_the_customer_leads_to_a_tier_too() -> None:
    reached = stands(TierState(), 0, value="CUSTOMER_TIER_HIGH_VALUE")
    assert (reached.code, reached.reason) == ("gold", TierReason.VALUE)
    assert stands(TierState(), 0, value="CUSTOMER_TIER_STABLE").code == "basic"


def test_a_tier_is_kept_through_its_protection_and_ends_the_day_after() -> None:
    gold = stands(TierState(), 500)
    assert stands(gold, 100, today=date(2027, 2, 22)) == gold
    fallen = stands(gold, 100, today=date(2027, 2, 23))
    assert fallen == TierState("silver", date(2027, 2, 23), date(2027, 5, 23), TierReason.FELL_SHORT)


def test_the_protection_counts_from_the_last_day_the_tier_was_deserved() -> None:
    gold = stands(TierState(), 500)
    later = stands(gold, 500, today=date(2027, 2, 1))
    assert (later.since, later.protected_until) == (TODAY, date(2027, 5, 1))


def test_an_account_says_when_its_tier_changes_and_when_to_look_again() -> None:
    account = Account(id="mem_1")
    silver, _ = account.earn(
        100,
        Posting(key="k", reason="r", by="b", today=TODAY, now=NOON),
        terms=TERMS,
        expires_on=None,
    )
    judged = silver.judged(TERMS, today=TODAY, now=NOON)
    (said,) = judged.events
    assert (said.old_tier, said.new_tier, said.reason) == ("", "silver", "points")  # type: ignore[attr-defined]
    assert (judged.next_check, judged.next_expiry) == (date(2027, 2, 23), date(2028, 11, 23))
    again = replace(judged, events=()).judged(TERMS, today=TODAY + timedelta(days=1), now=NOON)
    assert again.events == ()


def test_a_tier_that_new_rules_do_not_know_is_judged_anew() -> None:
    state = TierState("platinum", TODAY, date(2030, 1, 1))
    assert stands(state, 120).code == "silver"


def test_older_news_of_a_value_changes_nothing_and_those_of_another_customer_do() -> None:
    account = Account(id="mem_1").valued("CUSTOMER_TIER_HIGH_VALUE", version=2, customer_id="cus_1")
    assert account.valued("CUSTOMER_TIER_AT_RISK", version=1, customer_id="cus_1") is account
    moved = account.valued("CUSTOMER_TIER_AT_RISK", version=1, customer_id="cus_2")
    assert (moved.value_tier, moved.value_version) == ("CUSTOMER_TIER_AT_RISK", 1)
    assert (account.of_nobody_worth("cus_1"), account.of_nobody_worth("cus_2").value_tier) == (account, "")


def test_the_explanation_says_why_how_long_and_what_is_missing_in_both_languages() -> None:
    account = Account(id="mem_1", earned={"2026-11": 120}, tier=TierState("gold", TODAY, date(2027, 2, 22)))
    why = explain_tier(account, TERMS, today=TODAY)
    assert (why.deserved, why.next_tier) == ("silver", "")
    assert why.text_en == (
        "Gold since 2026-11-22: 120 points earned in 12 calendar months. "
        "Today points and value alone would give Silver; Gold is kept until 2027-02-22."
    )
    assert why.text_zh == (
        "自2026-11-22起为金卡：12个自然月内累计获得120积分。目前的积分和价值只够银卡，金卡保留至2027-02-22。"
    )
    silver = replace(account, tier=TierState("silver", TODAY, date(2027, 2, 22)))
    upward = explain_tier(silver, TERMS, today=TODAY)
    assert (upward.next_tier, upward.points_to_next) == ("gold", 380)
    assert upward.text_en.endswith("Gold needs 380 more.")
    assert upward.text_zh.endswith("距离金卡还差380积分。")


@pytest.mark.parametrize(
    ("reached_by", "points", "value", "why"),
    [
        (TierReason.VALUE, 600, "", "600 points earned in 12 calendar months."),
        (TierReason.POINTS, 120, "CUSTOMER_TIER_HIGH_VALUE", "by the value of the customer."),
        (TierReason.VALUE, 120, "CUSTOMER_TIER_HIGH_VALUE", "by the value of the customer."),
    ],
)
def test_the_explanation_names_what_holds_the_tier_today_and_not_what_led_to_it(
    reached_by: TierReason, points: int, value: str, *, why: str
) -> None:
    gold = TierState("gold", TODAY, date(2027, 2, 22), reached_by)
    account = Account(id="mem_1", earned={"2026-11": points}, value_tier=value, tier=gold)
    assert explain_tier(account, TERMS, today=TODAY).text_en == f"Gold since 2026-11-22: {why}"


def test_rules_that_have_begun_never_change_and_later_ones_replace_what_was_to_come() -> None:
    program = LoyaltyProgram().with_terms(TERMS, by="a", today=TODAY, now=NOON)
    spring = replace(TERMS, effective_from=date(2027, 3, 1))
    program = program.with_terms(spring, by="a", today=TODAY, now=NOON)
    assert [each.effective_from for each in program.terms] == [TODAY, date(2027, 3, 1)]
    assert program.terms_at(date(2027, 2, 28)) == program.terms[0]
    assert program.terms_at(TODAY - timedelta(days=1)) is None
    with pytest.raises(InvalidField) as refusal:
        program.with_terms(TERMS, by="a", today=TODAY + timedelta(days=1), now=NOON)
    assert refusal.value.field == "terms.effective_from"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"window_months": 0}, "terms.window_months"),
        ({"window_months": 37}, "terms.window_months"),
        ({"protection_months": -1}, "terms.protection_months"),
        ({"points_live_months": 121}, "terms.points_live_months"),
        ({"tiers": ()}, "terms.tiers"),
        ({"tiers": (SILVER,)}, "terms.tiers[0].least_points"),
        ({"tiers": (BASIC, GOLD, SILVER)}, "terms.tiers[2].least_points"),
        ({"tiers": (BASIC, replace(SILVER, code="basic"))}, "terms.tiers[1].code"),
        ({"tiers": (replace(BASIC, code="Basic"),)}, "terms.tiers[0].code"),
        ({"tiers": (replace(BASIC, name_zh=" "),)}, "terms.tiers[0].name_zh"),
        ({"tiers": (BASIC, replace(SILVER, least_points=-1))}, "terms.tiers[1].least_points"),
        (
            {"tiers": (replace(BASIC, privileges=(Privilege("a", "A", "甲"), Privilege("a", "A", "甲"))),)},
            "terms.tiers[0].privileges[1].code",
        ),
        (
            {"tiers": (replace(BASIC, privileges=(Privilege("a", "A", "甲", -1),)),)},
            "terms.tiers[0].privileges[0].per_year",
        ),
    ],
)
def test_rules_that_make_no_sense_are_refused_with_the_field(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        replace(TERMS, **changes).checked(today=TODAY)
    assert refusal.value.field == field
