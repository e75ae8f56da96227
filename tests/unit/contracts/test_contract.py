from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.domain.life_cycle import contract_end, contract_force, contract_review
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_end import Ending
from services.contracts.domain.life_cycle.contract_states import TRANSITIONS, ContractState, Gate, TerminationCode, Verb
from services.contracts.domain.life_cycle.errors import ContractTransitionRefused
from tests.unit.contracts.contract_cases import AUTHOR, CONTRACT, REVIEWER, TERMS, WITH, a_draft, in_state

JULY = datetime(2026, 7, 1, 12, tzinfo=UTC)
AFTER_THE_TERM = datetime(2027, 8, 1, 12, tzinfo=UTC)
ENDING = Ending(code=TerminationCode.MUTUAL, reason="moved away")
SUCCESSOR = "con_00000000000000000000000002"

DO: dict[Verb, Callable[[Contract], Contract]] = {
    Verb.UPDATE: lambda c: contract_review.update(c, WITH, details=TERMS, by=AUTHOR, now=JULY),
    Verb.COMMENT: lambda c: contract_review.comment_on(c, by=AUTHOR, comment="why?", now=JULY),
    Verb.SUBMIT: lambda c: contract_review.submit(c, by=AUTHOR, reviewer="", now=JULY),
    Verb.ASSIGN: lambda c: contract_review.assign(c, by=AUTHOR, reviewer=REVIEWER, now=JULY),
    Verb.APPROVE: lambda c: contract_review.approve(c, by=REVIEWER, now=JULY),
    Verb.RETURN: lambda c: contract_review.give_back(c, by=REVIEWER, comment="which law?", now=JULY),
    Verb.WITHDRAW: lambda c: contract_review.withdraw(c, by=AUTHOR, now=JULY),
    Verb.SIGN: lambda c: contract_review.sign(c, by=AUTHOR, departments=(), now=JULY),
    Verb.CONFIRM: lambda c: contract_force.confirm(c, Gate.PAYMENT, by=AUTHOR, note="", now=JULY),
    Verb.ACTIVATE: lambda c: contract_force.activate(c, by=AUTHOR, required=frozenset(), now=JULY),
    Verb.AMEND: lambda c: contract_force.amend(
        c, TERMS, by=AUTHOR, effective_date=date(2026, 8, 1), reason="more", now=JULY
    ),
    Verb.SUSPEND: lambda c: contract_force.suspend(
        replace(c, suspensions=()), by=AUTHOR, start_date=None, planned_end_date=None, reason="rebuilt", now=JULY
    ),
    Verb.RESUME: lambda c: contract_force.resume(c, by=AUTHOR, effective_date=None, now=JULY),
    Verb.TERMINATE: lambda c: contract_end.terminate(c, ENDING, by=AUTHOR, now=JULY),
    Verb.EXPIRE: lambda c: c.expired(AFTER_THE_TERM),
    Verb.CANCEL_RENEWAL: lambda c: c.renewal_cancelled(JULY),
    Verb.EXTEND: lambda c: c.extended(
        replace(c.terms, start_date=date(2027, 6, 1), end_date=date(2028, 5, 31)), now=JULY, by=AUTHOR
    ),
    Verb.RENEW: lambda c: c.renewed(SUCCESSOR, now=AFTER_THE_TERM, by=AUTHOR),
}


def test_the_table_of_transitions_is_the_life_of_a_contract() -> None:
    moves = {(state.value, verb.name, to.value) for (state, verb), to in TRANSITIONS.items() if to is not state}
    assert moves == {
        ("draft", "SUBMIT", "in_review"),
        ("in_review", "APPROVE", "approved"),
        ("in_review", "RETURN", "draft"),
        ("in_review", "WITHDRAW", "draft"),
        ("approved", "RETURN", "draft"),
        ("approved", "WITHDRAW", "draft"),
        ("approved", "SIGN", "signed"),
        ("signed", "ACTIVATE", "active"),
        ("signed", "TERMINATE", "terminated"),
        ("active", "SUSPEND", "suspended"),
        ("active", "TERMINATE", "terminated"),
        ("active", "EXPIRE", "expired"),
        ("active", "RENEW", "renewed"),
        ("suspended", "RESUME", "active"),
        ("suspended", "TERMINATE", "terminated"),
        ("suspended", "EXPIRE", "expired"),
        ("suspended", "RENEW", "renewed"),
    }


def test_every_verb_is_tried() -> None:
    assert set(DO) == set(Verb)


@pytest.mark.parametrize(("state", "verb"), list(product(ContractState, Verb)))
def test_every_pair_of_state_and_verb_moves_as_the_table_says_or_is_refused(state: ContractState, verb: Verb) -> None:
    contract = in_state(state)
    if (state, verb) in TRANSITIONS:
        after = DO[verb](contract)
        assert after.state is TRANSITIONS[state, verb]
        moved = after.state is not state
        assert len(after.moves) == len(contract.moves) + moved
        assert not moved or after.moves[-1].state is after.state
        return
    with pytest.raises(ContractTransitionRefused) as refusal:
        DO[verb](contract)
    assert refusal.value.code == "CONTRACT_TRANSITION_REFUSED"
    assert refusal.value.metadata == {"contract_id": CONTRACT, "state": state.value, "verb": verb.value}


@given(st.lists(st.sampled_from(Verb), max_size=10))
def test_no_sequence_of_verbs_signs_what_nobody_approved_or_leaves_an_end(verbs: list[Verb]) -> None:
    contract = a_draft()
    for verb in verbs:
        before = contract
        try:
            contract = DO[verb](contract)
        except ContractTransitionRefused:
            assert (before.state, verb) not in TRANSITIONS
            continue
        assert contract.state is TRANSITIONS[before.state, verb]
    states = [move.state for move in contract.moves]
    if ContractState.SIGNED in states:
        assert states[states.index(ContractState.SIGNED) - 1] is ContractState.APPROVED
        assert contract.review.approved_by == REVIEWER
    ends = {ContractState.EXPIRED, ContractState.TERMINATED, ContractState.RENEWED}
    assert ends.isdisjoint(states[:-1])


def test_a_draft_remembers_what_was_written_and_says_nothing() -> None:
    draft = a_draft()
    assert (draft.state, draft.author, draft.version, draft.events) == (ContractState.DRAFT, AUTHOR, 1, ())
    assert (draft.start_date, draft.end_date, draft.price.minor_units) == (date(2026, 6, 1), date(2027, 5, 31), 120_000)
    assert [(move.state, move.effective_date, move.by) for move in draft.moves] == [
        (ContractState.DRAFT, date(2026, 5, 4), AUTHOR)
    ]


def test_the_day_of_a_move_is_the_customers_day() -> None:
    late = datetime(2026, 5, 4, 18, tzinfo=UTC)  # 2 a.m. of the next day in Shanghai
    assert a_draft(now=late).moves[0].effective_date == date(2026, 5, 5)
    assert a_draft(now=late, time_zone="America/New_York").moves[0].effective_date == date(2026, 5, 4)
    assert a_draft(now=late + timedelta(hours=12), time_zone="Pacific/Kiritimati").moves[0].effective_date == date(
        2026, 5, 5
    )
