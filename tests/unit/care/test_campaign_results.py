"""Funnels that add up, and what may be said of a campaign against its control group."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.care.domain.results import sheet_words
from services.care.domain.results.funnel import Cell, Funnel, funnel_of, funnels_by, not_sent
from services.care.domain.results.lift import LiftVerdict, Outcome, lift
from services.care.domain.results.prices import Cost, Prices
from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.touch import TouchState

SENT = Cell("email", "", 1, "2026-11-22", TouchState.SENT, "", stand_in=False, count=10)
CELLS = st.lists(
    st.builds(
        Cell,
        channel=st.sampled_from(["email", "sms"]),
        variant=st.sampled_from(["", "A", "B"]),
        version=st.integers(1, 12),
        date=st.dates().map(str),
        state=st.sampled_from(TouchState),
        reason=st.sampled_from(["", *Reason]),
        stand_in=st.booleans(),
        count=st.integers(0, 1_000_000),
        opened=st.integers(0, 1_000),
        goal_reached=st.integers(0, 1_000),
    ),
    max_size=30,
)


@given(CELLS)
def test_every_message_is_counted_once_and_has_one_fate(cells: list[Cell]) -> None:
    total = funnel_of(cells)
    assert total.due + total.stand_ins == sum(each.count for each in cells)
    fates = total.held_out + total.skipped + total.waiting + total.failed + total.unknown + total.sent
    assert total.due + total.stand_ins == fates
    assert total.sent == total.delivered + total.unconfirmed + total.bounced
    assert sum(not_sent(cells).values()) == total.held_out + total.skipped


@given(CELLS)
def test_each_breakdown_adds_up_to_the_total(cells: list[Cell]) -> None:
    total = funnel_of(cells)
    assert sum(funnels_by(cells, lambda cell: cell.channel).values(), Funnel()) == total
    assert sum(funnels_by(cells, lambda cell: cell.variant).values(), Funnel()) == total
    assert sum(funnels_by(cells, lambda cell: cell.date).values(), Funnel()) == total
    versions = funnels_by(cells, lambda cell: cell.version)
    assert sum(versions.values(), Funnel()) == total
    assert list(versions) == sorted(versions)


def test_what_came_back_had_been_sent_and_what_nobody_accepted_had_not() -> None:
    bounced = replace(SENT, state=TouchState.FAILED, reason=Reason.BOUNCED, count=2)
    refused = replace(SENT, state=TouchState.FAILED, reason=Reason.PROVIDER_REFUSED, count=3)
    assert funnel_of([SENT, bounced, refused]) == Funnel(due=15, sent=12, unconfirmed=10, bounced=2, failed=3)


def test_the_control_group_is_told_apart_from_those_who_were_skipped() -> None:
    held = replace(SENT, state=TouchState.SKIPPED, reason=Reason.HOLDOUT, count=4)
    skipped = replace(SENT, state=TouchState.SKIPPED, reason=Reason.NO_CONSENT, count=5)
    assert funnel_of([held, skipped]) == Funnel(due=9, held_out=4, skipped=5)
    assert not_sent([held, skipped]) == {"NO_CONSENT": 5, "HOLDOUT": 4}


@pytest.mark.parametrize(
    ("treated", "control", "verdict"),
    [
        (Outcome(1_000, 200), Outcome(), LiftVerdict.NO_CONTROL),
        (Outcome(20, 3), Outcome(20, 0), LiftVerdict.TOO_FEW),
        (Outcome(1_000, 200), Outcome(100, 20), LiftVerdict.NO_DIFFERENCE),
        (Outcome(1_000, 300), Outcome(500, 100), LiftVerdict.MORE),
        (Outcome(1_000, 200), Outcome(500, 150), LiftVerdict.FEWER),
    ],
)
def test_what_may_be_said_of_the_lift(treated: Outcome, control: Outcome, verdict: LiftVerdict) -> None:
    found = lift(treated, control)
    assert found.verdict is verdict
    assert all(found.words)
    assert (found.difference is None) == (verdict is LiftVerdict.NO_CONTROL)


def test_a_lift_has_a_sign_and_an_interval_around_it() -> None:
    told = lift(Outcome(1_000, 200), Outcome(500, 150)).difference
    assert told is not None
    assert told.value == pytest.approx(-0.1)
    assert told.low < -0.1 < told.high < 0


def test_the_workbook_names_every_step_of_the_funnel() -> None:
    assert list(sheet_words.STEPS) == [each.name for each in fields(Funnel)]


def test_messages_cost_what_a_thousand_cost_rounded_half_up() -> None:
    prices = Prices.parse("CNY sms=4500 email=0")
    sent = {"email": 7, "sms": 3, "call": 2}
    assert prices.costs(sent) == (Cost("email", 7, 0, "CNY"), Cost("sms", 3, 14, "CNY"))
    assert Prices.parse("").costs(sent) == ()


@given(st.integers(0, 10**12), st.integers(0, 10**9))
def test_a_cost_is_never_off_by_more_than_half_a_unit(count: int, price: int) -> None:
    (cost,) = Prices.parse(f"CNY sms={price}").costs({"sms": count})
    assert abs(2 * (cost.minor_units * 1000 - count * price)) <= 1000


@pytest.mark.parametrize("text", ["sms=1", "CNY fax=1", "CNY sms=-1", "CNY sms=0.5", "CNY sms=1 sms=2", "CNY sms"])
def test_prices_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must b"):
        Prices.parse(text)
