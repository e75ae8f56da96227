from datetime import UTC, date, datetime

import pytest

from services.care.domain.visits.visit import ActivatedContract, Visit, VisitOutcome, VisitState, VisitTransitionRefused
from services.chassis.errors import InvalidField

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CONTRACT = ActivatedContract("con_1", "cus_1", "emp_1", 3, NOON)


def a_visit() -> Visit:
    return Visit.planned("vis_1", CONTRACT, member_id="mem_1", due=date(2026, 11, 29), now=NOON)


def test_a_visit_is_planned_for_the_owner_of_the_contract_and_says_so() -> None:
    visit = a_visit()
    assert (visit.state, visit.owner_id, visit.due_date) == (VisitState.DUE, "emp_1", "2026-11-29")
    assert [event.type for event in visit.events] == ["visit_due"]  # type: ignore[attr-defined]


def test_a_completed_visit_keeps_the_members_own_words_and_says_so() -> None:
    done = a_visit().complete(VisitOutcome.DISSATISFIED, satisfaction=1, words=" 还是漏水 ", now=NOON)
    assert (done.state, done.words, done.satisfaction) == (VisitState.COMPLETED, "还是漏水", 1)
    assert [event.type for event in done.events] == ["visit_completed"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("outcome", "satisfaction", "words", "field"),
    [
        (VisitOutcome.SATISFIED, 6, "", "satisfaction"),
        (VisitOutcome.SATISFIED, -1, "", "satisfaction"),
        (VisitOutcome.UNREACHABLE, 3, "", "satisfaction"),
        (VisitOutcome.SATISFIED, 5, "x" * 2001, "words"),
    ],
)
def test_an_outcome_that_makes_no_sense_is_refused(
    outcome: VisitOutcome, satisfaction: int, words: str, field: str
) -> None:
    with pytest.raises(InvalidField) as refusal:
        a_visit().complete(outcome, satisfaction=satisfaction, words=words, now=NOON)
    assert refusal.value.field == field


def test_a_visit_is_completed_once() -> None:
    done = a_visit().complete(VisitOutcome.SATISFIED, satisfaction=5, words="", now=NOON)
    with pytest.raises(VisitTransitionRefused):
        done.complete(VisitOutcome.DISSATISFIED, satisfaction=1, words="", now=NOON)


def test_a_visit_that_was_made_is_not_withdrawn() -> None:
    done = a_visit().complete(VisitOutcome.SATISFIED, satisfaction=5, words="", now=NOON)
    assert done.cancel() is done
    assert a_visit().cancel().state is VisitState.CANCELLED
