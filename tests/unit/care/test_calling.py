"""Tries, windows and hands: when somebody is called again, and when nobody is tried any more."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.care.domain.visits.attempts import Attempt, AttemptRule, Fallback
from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.calling import (
    Hand,
    NotInHand,
    QuietHours,
    VisitClaimed,
    give_back,
    is_callable,
    log_attempt,
    note_overdue,
    reschedule,
    take,
)
from services.care.domain.visits.kinds import AttemptOutcome, VisitKind, VisitMeans, VisitOutcome, VisitState
from services.care.domain.visits.visit import Move, Report, Visit
from services.care.domain.visits.windows import CallWindow
from services.chassis.errors import InvalidField

HOURS = CallWindow("09:00", "20:00", "Asia/Shanghai")
LINDA, OMAR = Hand("emp_1", "linda"), Hand("emp_2", "omar")


def shanghai(text: str) -> datetime:
    return (datetime.fromisoformat(text) - timedelta(hours=8)).replace(tzinfo=UTC)


NOON = shanghai("2026-11-23 12:00")


def a_visit(**fields: Any) -> Visit:
    defaults: dict[str, Any] = {"key": ("test",), "kind": VisitKind.AFTER_DELIVERY, "due": date(2026, 11, 23)}
    task = CallTask(**defaults | fields)
    return replace(Visit.planned("vis_1", task, window=HOURS, now=shanghai("2026-11-20 08:00")), events=())


def tried(visit: Visit, *outcomes: tuple[str, AttemptOutcome]) -> Visit:
    for moment, outcome in outcomes:
        visit = log_attempt(visit, Attempt(time=shanghai(moment), by="linda", outcome=outcome))
    return visit


NO_ANSWER, BUSY = AttemptOutcome.NO_ANSWER, AttemptOutcome.BUSY


def test_three_tries_on_two_days_then_sms_then_letter() -> None:
    first = tried(a_visit(), ("2026-11-23 10:00", NO_ANSWER))
    assert first.next_at == shanghai("2026-11-23 12:00")
    second = tried(first, ("2026-11-23 12:00", BUSY))
    assert second.next_at == shanghai("2026-11-24 09:00")
    third = tried(second, ("2026-11-24 09:30", NO_ANSWER))
    assert (third.state, third.outcome, third.unsettled) == (VisitState.COMPLETED, VisitOutcome.UNREACHABLE, True)
    completed, unreachable = third.events
    assert (completed.reached, completed.tries, completed.on_time) == (False, 3, False)  # type: ignore[attr-defined]
    assert unreachable.fallbacks == (Fallback(VisitMeans.SMS), Fallback(VisitMeans.LETTER, 3))  # type: ignore[attr-defined]


def test_three_tries_on_one_day_are_not_enough_where_the_rule_wants_two_days() -> None:
    visit = tried(a_visit(), *((f"2026-11-23 {hour}:00", NO_ANSWER) for hour in (10, 12, 14)))
    assert (visit.state, visit.next_at) == (VisitState.DUE, shanghai("2026-11-24 09:00"))


def test_the_pause_after_a_try_in_the_evening_ends_the_next_morning() -> None:
    assert tried(a_visit(), ("2026-11-23 19:30", NO_ANSWER)).next_at == shanghai("2026-11-24 09:00")


def test_a_wrong_number_ends_the_tries_at_once_and_no_sms_is_sent_to_it() -> None:
    visit = tried(a_visit(), ("2026-11-23 10:00", AttemptOutcome.WRONG_NUMBER))
    assert visit.outcome is VisitOutcome.UNREACHABLE
    assert visit.fallbacks == (Fallback(VisitMeans.LETTER, 3),)
    assert visit.events[-1].wrong_number  # type: ignore[attr-defined]


def test_a_call_back_does_not_count_as_a_try_and_is_made_when_the_customer_wants_it() -> None:
    wanted = shanghai("2026-11-25 21:30")
    asked = Attempt(time=NOON, by="linda", outcome=AttemptOutcome.CALL_BACK, call_back_at=wanted)
    visit = log_attempt(a_visit(), asked)
    assert (visit.next_at, visit.due_date, visit.tries) == (wanted, "2026-11-25", 0)
    assert not is_callable(visit, wanted - timedelta(minutes=1))
    assert is_callable(visit, wanted)  # half past nine in the evening: the customer asked for it
    assert not is_callable(visit, wanted + timedelta(hours=1))


@pytest.mark.parametrize(
    ("moment", "may"),
    [("2026-11-23 08:59", False), ("2026-11-23 09:00", True), ("2026-11-23 19:59", True), ("2026-11-23 20:00", False)],
)
def test_nobody_is_called_outside_the_window_of_where_they_are(moment: str, *, may: bool) -> None:
    assert is_callable(a_visit(), shanghai(moment)) is may


def test_a_letter_is_written_at_any_hour() -> None:
    assert is_callable(a_visit(means=VisitMeans.LETTER), shanghai("2026-11-23 22:00"))


@pytest.mark.parametrize(
    ("zone", "wall", "opens"),
    [
        ("America/New_York", "2026-03-08 02:30", "2026-03-08T07:30:00+00:00"),  # does not exist: 03:30 does
        ("America/New_York", "2026-11-01 01:30", "2026-11-01T05:30:00+00:00"),  # exists twice: the first
        ("Pacific/Kiritimati", "2026-11-23 02:30", "2026-11-22T12:30:00+00:00"),
    ],
)
def test_a_window_opens_at_its_wall_time_also_when_clocks_change(zone: str, wall: str, opens: str) -> None:
    day, first = wall.split()
    assert CallWindow(first, "20:00", zone).opens(date.fromisoformat(day)).isoformat() == opens


def test_what_one_has_in_hand_another_does_not_get_until_it_was_let_lie() -> None:
    mine = take(a_visit(), LINDA, now=NOON)
    with pytest.raises(VisitClaimed):
        take(mine, OMAR, now=NOON + timedelta(minutes=14))
    with pytest.raises(VisitClaimed):
        log_attempt(mine, Attempt(time=NOON, by="omar", outcome=NO_ANSWER))
    with pytest.raises(VisitClaimed):  # it is Linda's now, in hand or not
        take(mine, OMAR, now=NOON + timedelta(minutes=16))
    assert give_back(mine, "linda", now=NOON).claimed_by == ""


def test_what_one_does_not_have_in_hand_one_cannot_give_back() -> None:
    with pytest.raises(NotInHand):
        give_back(take(a_visit(), LINDA, now=NOON), "omar", now=NOON)
    with pytest.raises(NotInHand):
        give_back(a_visit(), "linda", now=NOON)


def test_a_skipped_call_comes_again_later_and_says_why() -> None:
    mine = take(a_visit(), LINDA, now=NOON)
    skipped = give_back(mine, "linda", now=NOON, later_minutes=30, reason="Meeting")
    assert not is_callable(skipped, NOON + timedelta(minutes=29))
    assert is_callable(skipped, NOON + timedelta(minutes=30))
    assert skipped.moves[-1].reason == "Meeting"


def moved(day: str, *, window: CallWindow = HOURS, reason: str = "Asked for it") -> Visit:
    move = Move(NOON, "linda", "2026-11-23", "", reason)
    late = replace(a_visit(), overdue_at=NOON)
    return reschedule(late, date.fromisoformat(day), window=window, hours=HOURS, move=move)


def test_a_visit_that_is_put_off_is_no_longer_overdue_and_keeps_its_history() -> None:
    visit = moved("2026-11-30")
    assert (visit.due_date, visit.overdue_at, visit.next_at) == ("2026-11-30", None, shanghai("2026-11-30 09:00"))
    assert visit.moves == (Move(NOON, "linda", "2026-11-23", "2026-11-30", "Asked for it"),)


@pytest.mark.parametrize(
    ("day", "window", "reason", "field"),
    [
        ("2026-11-22", HOURS, "x", "due_date"),
        ("2028-01-01", HOURS, "x", "due_date"),
        ("2026-11-30", HOURS, "", "reason"),
        ("2026-11-30", CallWindow("12:00", "12:00", "Asia/Shanghai"), "x", "window_to"),
    ],
)
def test_a_visit_is_not_put_anywhere(day: str, window: CallWindow, reason: str, *, field: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        moved(day, window=window, reason=reason)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("window", "field"),
    [
        (CallWindow("07:00", "12:00", "Asia/Shanghai"), "window_from"),
        (CallWindow("12:00", "22:00", "Asia/Shanghai"), "window_to"),
    ],
)
def test_a_visit_is_not_put_into_quiet_hours(window: CallWindow, field: str) -> None:
    with pytest.raises(QuietHours) as refusal:
        moved("2026-11-30", window=window)
    assert refusal.value.field == field


def test_a_visit_is_overdue_when_the_day_is_over_where_the_member_is_and_says_so_once() -> None:
    visit = a_visit()
    assert note_overdue(visit, shanghai("2026-11-23 23:59")) is visit
    late = note_overdue(visit, shanghai("2026-11-24 00:00"))
    assert [said.type for said in late.events] == ["visit_overdue"]  # type: ignore[attr-defined]
    assert note_overdue(late, shanghai("2026-11-25 00:00")) is late


def test_a_second_bad_outcome_says_so() -> None:
    visit = a_visit(kind=VisitKind.CONFIRM, case_id="cas_1", round=2)
    (said,) = visit.complete(Report(VisitOutcome.DISSATISFIED, 1), by="linda", now=NOON).events
    assert (said.bad_again, said.case_id, said.round, said.tries) == (True, "cas_1", 2, 1)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (AttemptRule(tries=0), "rule.tries"),
        (AttemptRule(tries=2, days=3), "rule.days"),
        (AttemptRule(retry_minutes=1), "rule.retry_minutes"),
        (AttemptRule(fallbacks=(Fallback(VisitMeans.CALL),)), "rule.fallbacks[0].means"),
        (AttemptRule(fallbacks=(Fallback(VisitMeans.SMS, 61),)), "rule.fallbacks[0].after_days"),
    ],
)
def test_a_rule_of_tries_that_makes_no_sense_is_refused(rule: AttemptRule, field: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        rule.checked("rule")
    assert refusal.value.field == field
