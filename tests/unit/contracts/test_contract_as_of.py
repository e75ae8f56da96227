from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.errors import NotFound
from services.contracts.domain.life_cycle import contract_end, contract_force, contract_review
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_as_of import as_of
from services.contracts.domain.life_cycle.contract_end import Ending
from services.contracts.domain.life_cycle.contract_states import ContractState, TerminationCode
from services.contracts.domain.terms.terms import RenewalKind, RenewalTerms
from tests.unit.contracts.contract_cases import AUTHOR, BOTH, REVIEWER, TERMS, WITH, a_draft, active, cny


def at(month: int, day: int = 1) -> datetime:
    return datetime(2026, month, day, 4, tzinfo=UTC)


def a_life() -> Contract:
    """Written in May, in force from June, amended in July for August, suspended in September, ended in October."""
    drafted = contract_review.comment_on(a_draft(now=at(5)), by=REVIEWER, comment="which law?", now=at(5, 2))
    waiting = contract_review.submit(drafted, by=AUTHOR, reviewer="", now=at(5, 3))
    ready = contract_review.approve(waiting, by=REVIEWER, now=at(5, 4))
    signed = contract_review.sign(ready, by=AUTHOR, departments=(), now=at(5, 5))
    running = contract_force.activate(signed, by=AUTHOR, required=BOTH, now=at(5, 6))
    amended = contract_force.amend(
        running,
        replace(TERMS, price=cny(150_000)),
        by=AUTHOR,
        effective_date=date(2026, 8, 1),
        reason="more",
        now=at(7),
    )
    halted = contract_force.suspend(
        amended, by=AUTHOR, start_date=None, planned_end_date=None, reason="rebuilt", now=at(9)
    )
    again = contract_force.resume(halted, by=AUTHOR, effective_date=None, now=at(9, 11))
    ending = Ending(code=TerminationCode.MUTUAL, reason="moved away", effective_date=date(2026, 10, 1))
    return contract_end.terminate(again, ending, by=AUTHOR, now=at(11))


LIFE = a_life()


@pytest.mark.parametrize(
    ("day", "known_at", "state", "price"),
    [
        (date(2026, 5, 3), None, ContractState.IN_REVIEW, 120_000),
        (date(2026, 6, 1), None, ContractState.ACTIVE, 120_000),
        (date(2026, 7, 31), None, ContractState.ACTIVE, 120_000),
        (date(2026, 8, 1), None, ContractState.ACTIVE, 150_000),
        (date(2026, 9, 10), None, ContractState.SUSPENDED, 150_000),
        (date(2026, 9, 11), None, ContractState.ACTIVE, 150_000),
        (date(2026, 10, 1), None, ContractState.TERMINATED, 150_000),
        (date(2026, 8, 1), at(6), ContractState.ACTIVE, 120_000),  # nobody knew of the amendment yet
        (date(2026, 9, 10), at(8), ContractState.ACTIVE, 150_000),  # nor of the suspension
        (date(2026, 10, 1), at(10, 31), ContractState.ACTIVE, 150_000),  # the end was agreed afterwards
        (None, at(5, 3), ContractState.IN_REVIEW, 120_000),
        (None, at(7), ContractState.ACTIVE, 150_000),
        (None, None, ContractState.TERMINATED, 150_000),
    ],
)
def test_a_contract_is_as_it_was_on_a_day_as_it_was_known_at_a_moment(
    day: date | None, known_at: datetime | None, state: ContractState, price: int
) -> None:
    then = as_of(LIFE, day, known_at=known_at)
    assert (then.state, then.price) == (state, cny(price))


def test_nothing_that_was_recorded_later_is_in_what_was_known() -> None:
    then = as_of(LIFE, None, known_at=at(5, 3))
    assert (then.signed_time, then.activated_time, then.terminated_time, then.termination) == (None, None, None, None)
    assert (then.gates, then.suspensions, then.review.approved_by) == ((), (), "")
    assert [comment.text for comment in then.review.comments] == ["which law?"]
    assert [move.state.value for move in then.moves] == ["draft", "in_review"]
    assert then.update_time == at(5, 3)


def test_a_suspension_that_is_over_was_open_while_nobody_knew_of_its_end() -> None:
    (open_one,) = as_of(LIFE, None, known_at=at(9, 10)).suspensions
    (closed,) = as_of(LIFE, None, known_at=at(9, 11)).suspensions
    assert (open_one.end_date, closed.end_date) == (None, date(2026, 9, 10))


def test_before_anybody_wrote_it_a_contract_is_not_found() -> None:
    with pytest.raises(NotFound) as refusal:
        as_of(LIFE, None, known_at=at(4, 30))
    assert refusal.value.code == "CONTRACT_NOT_FOUND"


def test_what_a_draft_said_before_it_was_written_anew_is_not_kept() -> None:
    anew = contract_review.update(
        a_draft(now=at(5)), WITH, details=replace(TERMS, title="New"), by=AUTHOR, now=at(5, 2)
    )
    with pytest.raises(NotFound):
        as_of(anew, None, known_at=at(5))
    assert as_of(anew, None, known_at=at(5, 2)).title == "New"


def test_before_its_first_day_a_contract_shows_the_terms_that_it_begins_with() -> None:
    assert as_of(LIFE, date(2026, 5, 1), known_at=None).price == cny(120_000)


days = st.dates(date(2026, 4, 1), date(2027, 7, 1))
moments = st.integers(0, 5000).map(lambda hours: at(5, 2) + timedelta(hours=hours))


@given(day=days, moment=moments, later=moments)
def test_what_is_known_of_a_day_never_depends_on_what_was_recorded_afterwards(
    day: date, moment: datetime, later: datetime
) -> None:
    seen = as_of(as_of(LIFE, None, known_at=max(moment, later)), day, known_at=min(moment, later))
    assert seen == as_of(LIFE, day, known_at=min(moment, later))


def test_a_term_that_was_agreed_later_is_not_counted_before_it_was_known_or_has_begun() -> None:
    running = active(now=at(5))
    following = replace(running.terms, start_date=date(2027, 6, 1), end_date=date(2028, 5, 31))
    longer = running.extended(following, now=at(9), by="jobs")
    seen = [
        as_of(longer, None, known_at=None),
        as_of(longer, None, known_at=at(8)),
        as_of(longer, date(2027, 5, 31), known_at=None),
        as_of(longer, date(2027, 6, 1), known_at=None),
    ]
    assert [(each.term_number, each.end_date.year) for each in seen] == [(2, 2028), (1, 2027), (1, 2027), (2, 2028)]


def test_the_contract_that_follows_is_not_known_before_it_follows() -> None:
    followed = active(now=at(5)).renewed("con_00000000000000000000000002", now=at(9), by=AUTHOR)
    assert as_of(followed, None, known_at=at(8)).successor_id == ""
    assert as_of(followed, None, known_at=None).successor_id == "con_00000000000000000000000002"


@pytest.mark.parametrize(
    ("renewal", "day", "state"),
    [
        (RenewalKind.OFFER, date(2027, 5, 31), ContractState.ACTIVE),
        (RenewalKind.OFFER, date(2027, 6, 1), ContractState.EXPIRED),
        (RenewalKind.OFFER, date(9999, 12, 31), ContractState.EXPIRED),
        (RenewalKind.AUTO, date(2027, 6, 1), ContractState.ACTIVE),
    ],
)
def test_a_term_that_is_over_has_ended_though_no_job_has_said_so(
    renewal: RenewalKind, day: date, state: ContractState
) -> None:
    running = active(replace(TERMS, renewal=RenewalTerms(kind=renewal)), now=at(5))
    assert running.end_date == date(2027, 5, 31)
    then = as_of(running, day, known_at=None)
    assert (then.state, then.end_date) == (state, running.end_date)
    assert (then.moves, then.events) == (running.moves, running.events)
    assert as_of(running, None, known_at=None).state is ContractState.ACTIVE


def test_a_term_that_another_contract_follows_was_renewed_on_the_day_after_it() -> None:
    followed = replace(active(now=at(5)), successor_id="con_00000000000000000000000002")
    days = (date(2027, 5, 31), date(2027, 6, 1))
    assert [as_of(followed, day, known_at=None).state.value for day in days] == ["active", "renewed"]


def test_a_suspension_whose_planned_end_has_passed_is_over() -> None:
    halted = contract_force.suspend(
        active(now=at(5)), by=AUTHOR, start_date=None, planned_end_date=date(2026, 9, 30), reason="rebuilt", now=at(9)
    )
    days = (date(2026, 9, 30), date(2026, 10, 1), date(2028, 1, 1))
    assert [as_of(halted, day, known_at=None).state.value for day in days] == ["suspended", "active", "expired"]
    assert as_of(halted, date(2026, 10, 1), known_at=at(8)).state is ContractState.ACTIVE
