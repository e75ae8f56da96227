from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.codec import Codec
from services.chassis.errors import InvalidField
from services.contracts.domain.entitlement.allowance_usage import TRANSITIONS, AllowanceUsage, UsageState, UsageVerb
from services.contracts.domain.entitlement.coverage import Judgement, ServiceUnit
from services.contracts.domain.entitlement.entitlement_errors import (
    ReferenceUsedOtherwise,
    ReservationExpired,
    UsageTransitionRefused,
)
from services.contracts.domain.entitlement.judge_coverage import judge
from tests.unit.contracts.cover_facts import a_line, a_promise, allowing, an_ask, counter, facts, terms

NOW = datetime(2026, 6, 15, 4, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
MINUTES = ServiceUnit.MINUTES
HOURS_TEN = a_promise(terms(a_line(allowances=allowing(hours=10))))


def judged(quantity: int, used: int = 0) -> Judgement:
    return judge(an_ask(quantity=quantity, unit=MINUTES), facts(HOURS_TEN, used={counter(MINUTES): used}))


def reserved(quantity: int = 120, used: int = 0) -> AllowanceUsage:
    return AllowanceUsage.reserve(
        "alw_1", judged(quantity, used), reference="cas_1", by="anna", now=NOW, expire_time=NOW + timedelta(hours=72)
    )


def in_state(state: UsageState) -> AllowanceUsage:
    return replace(reserved(), state=state)


def do(usage: AllowanceUsage, verb: UsageVerb) -> AllowanceUsage:
    now = NOW + timedelta(hours=72) if verb is UsageVerb.EXPIRE else LATER
    return {
        UsageVerb.CONSUME: lambda: usage.consumed(60, actual=60, judgement=None, now=now),
        UsageVerb.RELEASE: lambda: usage.released("not needed", now=now),
        UsageVerb.EXPIRE: lambda: usage.expired(now),
        UsageVerb.CORRECT: lambda: usage.corrected(60, actual=60, judgement=None, reason="wrong", by="mary", now=now),
    }[verb]()


@pytest.mark.parametrize(("state", "verb"), list(product(UsageState, UsageVerb)))
def test_every_move_is_in_the_table_or_refused(state: UsageState, verb: UsageVerb) -> None:
    wanted = TRANSITIONS.get((state, verb))
    if wanted is not None:
        assert do(in_state(state), verb).state is wanted
        return
    with pytest.raises(ReservationExpired if state is UsageState.EXPIRED else UsageTransitionRefused):
        do(in_state(state), verb)


def test_what_nothing_covers_is_kept_as_chargeable_and_holds_nothing() -> None:
    usage = reserved(120, used=600)
    assert (usage.state, usage.covered, usage.chargeable, usage.expire_time) == (UsageState.CHARGEABLE, 0, 120, None)
    assert usage.drawn == {}


def test_less_than_was_reserved_gives_the_rest_back() -> None:
    used = reserved(120).consumed(45, actual=40, judgement=None, now=LATER)
    assert (used.quantity, used.actual, used.covered, used.chargeable) == (45, 40, 45, 0)
    assert used.drawn == {counter(MINUTES): 45}


def test_more_than_was_reserved_draws_on_what_is_left_and_the_rest_is_charged() -> None:
    used = reserved(120).consumed(720, actual=720, judgement=judged(600, used=120), now=LATER)
    assert (used.covered, used.chargeable, len(used.covers)) == (600, 120, 1)
    assert used.drawn == {counter(MINUTES): 600}


def test_a_reservation_is_over_on_the_stroke_of_its_time_whether_or_not_the_job_ran() -> None:
    usage = reserved()
    assert usage.expire_time is not None
    with pytest.raises(ReservationExpired):
        usage.consumed(60, actual=60, judgement=None, now=usage.expire_time)
    assert usage.expired(usage.expire_time - timedelta(milliseconds=1)) is usage
    assert usage.expired(usage.expire_time).drawn == {}


def test_a_correction_keeps_what_was_counted_before() -> None:
    used = reserved(120).consumed(120, actual=120, judgement=None, now=LATER)
    right = used.corrected(60, actual=50, judgement=None, reason="clock ran on", by="mary", now=LATER)
    (entry,) = right.corrections
    assert (entry.quantity_before, entry.quantity_after, entry.reason, entry.by) == (120, 60, "clock ran on", "mary")
    assert (right.covered, right.actual, [sum(c.quantity for c in each.covers) for each in right.held]) == (
        60,
        50,
        [120, 120, 60],
    )


def test_a_correction_and_a_release_need_a_reason() -> None:
    with pytest.raises(InvalidField):
        reserved().released(" ", now=LATER)
    used = reserved().consumed(60, actual=60, judgement=None, now=LATER)
    with pytest.raises(InvalidField):
        used.corrected(30, actual=30, judgement=None, reason="", by="mary", now=LATER)


@pytest.mark.parametrize(
    "other",
    [
        {"customer_id": "cus_2"},
        {"asset_id": "ast_1"},
        {"service_type": "training"},
        {"quantity": 60},
        {"unit": ServiceUnit.CASES},
    ],
)
def test_a_repeat_under_the_same_reference_must_ask_for_the_same(other: dict[str, Any]) -> None:
    asked = an_ask(quantity=120, unit=MINUTES)
    reserved().refuse_other(asked)
    with pytest.raises(ReferenceUsedOtherwise):
        reserved().refuse_other(replace(asked, **other))


@given(st.integers(1, 800), st.integers(0, 600), st.integers(0, 900))
def test_after_consumption_covered_and_chargeable_add_up_and_no_more_is_drawn_than_allowed(
    asked: int, used: int, actual: int
) -> None:
    usage = reserved(asked, used)
    if usage.state is UsageState.CHARGEABLE:
        return
    rest = actual - usage.covered
    judgement = judged(rest, used + usage.covered) if rest > 0 else None
    done = usage.consumed(actual, actual=actual, judgement=judgement, now=LATER)
    assert done.covered + done.chargeable == actual
    assert used + sum(done.drawn.values()) <= 600


def test_a_usage_is_read_back_from_the_database_as_it_was_written() -> None:
    codec = Codec(AllowanceUsage)
    used = reserved().consumed(90, actual=80, judgement=None, now=LATER)
    right = used.corrected(30, actual=30, judgement=None, reason="wrong", by="mary", now=LATER)
    assert codec.to_aggregate(codec.to_document(right)) == right
