"""Draws of variants and holdouts, and what may be said of the ways that are compared."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.care.domain.campaigns.assignment import held_out, variant_of
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.campaigns.comparison import Arm, Verdict, compare, difference, wilson
from services.care.domain.campaigns.plan import Holdout, Variant
from tests.unit.care.plans import a_plan

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MEMBERS = [f"mem_{number:026d}" for number in range(4_000)]


def a_campaign(*variants: Variant, key: str = "cmp_1") -> Campaign:
    return Campaign(key, "Care", a_plan(variants=variants), "anna", NOON, NOON)


def holding_out(basis_points: int, salt: str) -> Campaign:
    return Campaign("cmp_1", "Care", a_plan(holdout=Holdout(basis_points, salt)), "anna", NOON, NOON)


def share(campaign: Campaign, name: str) -> float:
    return sum(variant_of(campaign, member) == name for member in MEMBERS) / len(MEMBERS)


def test_a_campaign_of_one_way_has_no_variants() -> None:
    assert variant_of(a_campaign(), MEMBERS[0]) == ""


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(1, 100), min_size=2, max_size=5), st.text("abcdef", min_size=1, max_size=9))
def test_each_variant_gets_the_share_of_its_weight_and_a_member_always_the_same(weights: list[int], key: str) -> None:
    campaign = a_campaign(*(Variant(f"v{place}", weight) for place, weight in enumerate(weights)), key=key)
    drawn = Counter(variant_of(campaign, member) for member in MEMBERS)
    for place, weight in enumerate(weights):
        assert drawn[f"v{place}"] / len(MEMBERS) == pytest.approx(weight / sum(weights), abs=0.04)
    later = replace(campaign, plan_version=7, plan=replace(campaign.plan, send_at="10:00"))
    assert [variant_of(later, member) for member in MEMBERS[:500]] == [
        variant_of(campaign, member) for member in MEMBERS[:500]
    ]


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 5_000), st.text("abcdef", min_size=1, max_size=9))
def test_the_share_that_is_held_out_is_the_one_asked_for_and_grows_without_letting_anybody_in(
    share_bps: int, draw: str
) -> None:
    held = {member for member in MEMBERS if held_out(holding_out(share_bps, draw), member)}
    assert len(held) / len(MEMBERS) == pytest.approx(share_bps / 10_000, abs=0.03)
    assert held <= {member for member in MEMBERS if held_out(holding_out(min(share_bps + 100, 5_000), draw), member)}


def test_who_is_held_out_says_nothing_about_the_variant() -> None:
    campaign = a_campaign(Variant("A"), Variant("B"))
    campaign = replace(campaign, plan=replace(campaign.plan, holdout=Holdout(2_000)))
    held = [member for member in MEMBERS if held_out(campaign, member)]
    of_a = sum(variant_of(campaign, member) == "A" for member in held) / len(held)
    assert of_a == pytest.approx(0.5, abs=0.08)


def test_campaigns_of_one_salt_hold_the_same_members_out_and_others_do_not() -> None:
    one = replace(holding_out(1_000, "spring"), id="cmp_1")
    other = replace(holding_out(1_000, "spring"), id="cmp_2")
    assert [held_out(one, member) for member in MEMBERS] == [held_out(other, member) for member in MEMBERS]
    own = [replace(holding_out(1_000, ""), id=key) for key in ("cmp_1", "cmp_2")]
    assert [held_out(own[0], member) for member in MEMBERS] != [held_out(own[1], member) for member in MEMBERS]


def test_a_winner_that_was_chosen_is_everybodys() -> None:
    campaign = replace(a_campaign(Variant("A"), Variant("B")), winner="B")
    assert share(campaign, "B") == 1.0
    assert share(replace(campaign, winner="gone"), "B") == pytest.approx(0.5, abs=0.04)


def test_a_clear_difference_has_a_winner() -> None:
    found = compare([Arm("A", 1_000, 100), Arm("B", 1_000, 150)])
    assert (found.verdict, found.winner) == (Verdict.WINNER, "B")
    (told,) = found.differences
    assert (told.better, told.other) == ("B", "A")
    assert told.value == pytest.approx(0.05)
    assert told.p_value == pytest.approx(0.000723, abs=1e-6)
    assert (told.low, told.high) == pytest.approx((0.0209, 0.0790), abs=2e-4)


def test_a_difference_that_chance_explains_is_none() -> None:
    found = compare([Arm("A", 1_000, 100), Arm("B", 1_000, 110)])
    assert (found.verdict, found.winner) == (Verdict.NO_DIFFERENCE, "")
    assert found.differences[0].low < 0 < found.differences[0].high


def test_of_few_nothing_is_said_however_they_differ() -> None:
    assert compare([Arm("A", 10, 0), Arm("B", 10, 8)]).verdict is Verdict.TOO_FEW
    assert compare([Arm("A", 0, 0), Arm("B", 0, 0)]).verdict is Verdict.TOO_FEW


def test_more_comparisons_need_more_proof() -> None:
    two = [Arm("A", 1_000, 100), Arm("B", 1_000, 128)]
    assert compare(two).verdict is Verdict.WINNER
    assert compare([*two, Arm("C", 1_000, 100), Arm("D", 1_000, 100)]).verdict is Verdict.NO_DIFFERENCE


def test_the_interval_of_a_rate_is_the_published_one() -> None:
    assert wilson(Arm("A", 263, 81)) == pytest.approx((0.2553, 0.3662), abs=1e-4)  # Newcombe 1998, table I, method 3


def test_the_interval_of_a_difference_is_the_published_one() -> None:
    told = difference(Arm("A", 70, 56), Arm("B", 80, 48))
    assert (told.low, told.high) == pytest.approx((0.0524, 0.3339), abs=1e-4)  # Newcombe 1998, table II (a), method 10


ARMS = st.integers(0, 3_000).flatmap(lambda n: st.builds(lambda k: Arm("x", n, k), st.integers(0, n)))


@given(ARMS, ARMS)
def test_an_interval_holds_its_difference_and_stays_in_bounds(one: Arm, other: Arm) -> None:
    told = difference(one, other)
    assert -1 <= told.low <= told.value <= told.high <= 1
    assert 0 <= told.p_value <= 1
