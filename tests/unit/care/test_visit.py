from datetime import UTC, date, datetime

import pytest

from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.kinds import CancelReason, VisitKind, VisitOutcome, VisitState
from services.care.domain.visits.visit import Report, Visit, VisitTransitionRefused
from services.care.domain.visits.windows import CallWindow
from services.chassis.errors import InvalidField

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
HOURS = CallWindow("09:00", "20:00", "Asia/Shanghai")


def a_visit() -> Visit:
    task = CallTask(key=("test",), kind=VisitKind.AFTER_ACTIVATION, due=date(2026, 11, 29), owner_id="emp_1")
    return Visit.planned("vis_1", task, window=HOURS, now=NOON)


def made(outcome: VisitOutcome, *, satisfaction: int = 0, words: str = "") -> Visit:
    return a_visit().complete(Report(outcome, satisfaction, words), by="linda", now=NOON)


def test_a_visit_is_planned_for_the_owner_of_the_contract_and_says_so() -> None:
    visit = a_visit()
    assert (visit.state, visit.owner_id, visit.due_date) == (VisitState.DUE, "emp_1", "2026-11-29")
    assert [event.type for event in visit.events] == ["visit_due"]  # type: ignore[attr-defined]


def test_a_completed_visit_keeps_the_members_own_words_and_says_so() -> None:
    done = made(VisitOutcome.DISSATISFIED, satisfaction=1, words=" 还是漏水 ")
    assert (done.state, done.words, done.satisfaction) == (VisitState.COMPLETED, "还是漏水", 1)
    assert [event.type for event in done.events] == ["visit_completed"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("outcome", "satisfaction", "words", "field"),
    [
        (VisitOutcome.SATISFIED, 6, "", "satisfaction"),
        (VisitOutcome.SATISFIED, -1, "", "satisfaction"),
        (VisitOutcome.UNREACHABLE, 3, "", "satisfaction"),
        (VisitOutcome.SATISFIED, 5, "x" * 2001, "words"),
        (VisitOutcome.SENT, 0, "", "outcome"),
    ],
)
def test_an_outcome_that_makes_no_sense_is_refused(
    outcome: VisitOutcome, satisfaction: int, words: str, field: str
) -> None:
    with pytest.raises(InvalidField) as refusal:
        made(outcome, satisfaction=satisfaction, words=words)
    assert refusal.value.field == field


def test_a_visit_is_completed_once() -> None:
    done = made(VisitOutcome.SATISFIED, satisfaction=5)
    with pytest.raises(VisitTransitionRefused):
        done.complete(Report(VisitOutcome.DISSATISFIED, 1), by="linda", now=NOON)


def test_a_visit_that_was_made_is_not_withdrawn() -> None:
    done = made(VisitOutcome.SATISFIED, satisfaction=5)
    assert done.cancel(CancelReason.CONTRACT_ENDED) is done
    assert a_visit().cancel(CancelReason.CONTRACT_ENDED).state is VisitState.CANCELLED
