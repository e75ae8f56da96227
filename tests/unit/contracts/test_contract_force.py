from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from services.chassis.errors import InvalidField
from services.contracts.domain.life_cycle import contract_force, contract_review
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState, Gate
from services.contracts.domain.life_cycle.contract_terms import TermsDetails
from services.contracts.domain.life_cycle.errors import ContractGatesOpen
from services.contracts.domain.life_cycle.life_cycle_events import (
    ContractActivated,
    ContractAmended,
    ContractResumed,
    ContractSuspended,
)
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import (
    BillingTerms,
    BillingTiming,
    Period,
    PeriodUnit,
    RenewalKind,
    RenewalTerms,
)
from tests.unit.contracts.contract_cases import (
    AUTHOR,
    BOTH,
    CONTRACT,
    CUSTOMER,
    LATER,
    OWNER,
    TERMS,
    a_line,
    active,
    approved,
    cny,
    signed,
    suspended,
)

JULY = datetime(2026, 7, 1, 12, tzinfo=UTC)
ALL = frozenset(Gate)


def amend(
    contract: Contract, details: TermsDetails = TERMS, *, day: str = "2026-09-01", now: datetime = JULY
) -> Contract:
    return contract_force.amend(
        contract, details, by=AUTHOR, effective_date=date.fromisoformat(day), reason="two machines more", now=now
    )


def test_activation_waits_for_every_gate_that_is_asked_for_and_names_those_that_are_open() -> None:
    with pytest.raises(ContractGatesOpen) as refusal:
        contract_force.activate(signed(), by=AUTHOR, required=ALL, now=LATER)
    assert refusal.value.metadata == {"contract_id": CONTRACT, "gates": "payment"}
    paid = contract_force.confirm(signed(), Gate.PAYMENT, by="finance", note="INV-7", now=LATER)
    assert contract_force.activate(paid, by=AUTHOR, required=ALL, now=LATER).state is ContractState.ACTIVE
    nothing = replace(signed(), gates=())
    assert contract_force.activate(nothing, by=AUTHOR, required=frozenset(), now=LATER).state is ContractState.ACTIVE


def test_a_gate_that_is_passed_stays_as_it_was_passed_first() -> None:
    paid = contract_force.confirm(approved(), Gate.PAYMENT, by="finance", note="INV-7", now=LATER)
    assert contract_force.confirm(paid, Gate.PAYMENT, by="somebody", note="again", now=JULY) is paid
    assert (paid.gates[-1].by, paid.gates[-1].note, paid.gates[-1].time) == ("finance", "INV-7", LATER)


def test_a_gate_that_was_passed_before_the_signature_still_counts_after_it() -> None:
    paid = contract_force.confirm(approved(), Gate.PAYMENT, by="finance", note="", now=LATER)
    done = contract_review.sign(paid, by=AUTHOR, departments=(), now=LATER)
    assert contract_force.activate(done, by=AUTHOR, required=ALL, now=LATER).state is ContractState.ACTIVE


def test_activation_says_the_term_and_the_version_that_it_leads_to() -> None:
    running = contract_force.activate(replace(signed(), version=2), by=AUTHOR, required=BOTH, now=LATER)
    assert running.activated_time == LATER
    assert running.events == (
        ContractActivated(
            contract_id=CONTRACT,
            customer_id=CUSTOMER,
            owner_id=OWNER,
            start_date=date(2026, 6, 1),
            end_date=date(2027, 5, 31),
            contract_version=3,
            occurred_time=LATER,
        ),
    )


def test_a_contract_is_in_force_from_the_first_to_the_last_day_of_its_term_and_no_longer() -> None:
    running = active()
    assert [running.in_force_at(date(2026, 5, 31)), running.in_force_at(date(2026, 6, 1))] == [False, True]
    assert [running.in_force_at(date(2027, 5, 31)), running.in_force_at(date(2027, 6, 1))] == [True, False]


def test_a_term_that_began_before_the_activation_is_in_force_from_its_first_day_as_known_from_then_on() -> None:
    late = active(now=JULY)
    assert late.in_force_at(date(2026, 6, 2))
    assert not late.in_force_at(date(2026, 6, 2), known_at=datetime(2026, 6, 30, tzinfo=UTC))


def test_an_amendment_adds_a_version_and_leaves_every_older_one_as_it_was() -> None:
    before = active()
    after = amend(before, replace(TERMS, price=None, lines=(a_line(price=cny(150_000)),)))
    assert after.versions[:1] == before.versions
    assert (after.terms.number, after.terms.effective_date, after.terms.reason) == (
        2,
        date(2026, 9, 1),
        "two machines more",
    )
    assert (after.terms_at(date(2026, 8, 31)), after.terms_at(date(2026, 9, 1))) == after.versions
    assert (after.price, after.state, after.moves) == (cny(150_000), before.state, before.moves)
    assert after.events == (
        ContractAmended(
            contract_id=CONTRACT,
            customer_id=CUSTOMER,
            owner_id=OWNER,
            number=2,
            effective_date=date(2026, 9, 1),
            start_date=date(2026, 6, 1),
            end_date=date(2027, 5, 31),
            price=cny(150_000),
            reason="two machines more",
            term_number=1,
            contract_version=2,
            occurred_time=JULY,
        ),
    )


def test_an_amendment_that_is_recorded_late_for_an_earlier_day_does_not_outrank_one_for_a_later_day() -> None:
    first = amend(active(), replace(TERMS, title="from September"), day="2026-09-01")
    both = amend(first, replace(TERMS, title="from July"), day="2026-07-01")
    assert [both.terms_at(date(2026, month, 1)).title for month in (6, 7, 8, 9)] == [  # type: ignore[union-attr]
        "Care for twelve months",
        "from July",
        "from July",
        "from September",
    ]
    assert both.title == "from September"


def test_a_correction_of_the_same_day_outranks_what_it_corrects() -> None:
    wrong = amend(active(), replace(TERMS, price=cny(1)))
    right = amend(wrong, replace(TERMS, price=cny(2)))
    assert (right.price, len(right.versions)) == (cny(2), 3)


def test_a_signature_that_was_confirmed_before_is_passed_once() -> None:
    paper = contract_force.confirm(approved(), Gate.SIGNATURE, by="finance", note="on paper", now=LATER)
    both = contract_review.sign(paper, by="sales", departments=(), now=JULY)
    assert [each.by for each in both.gates if each.gate is Gate.SIGNATURE] == ["finance"]


def test_an_amendment_that_is_silent_about_billing_and_renewal_keeps_both() -> None:
    monthly = BillingTerms(period=Period(PeriodUnit.MONTH, 1), timing=BillingTiming.IN_ARREARS)
    by_itself = RenewalTerms(kind=RenewalKind.AUTO)
    before = active(replace(TERMS, billing=monthly, renewal=by_itself))
    silent = amend(before, replace(TERMS, title="two machines more")).terms
    assert (silent.billing, silent.renewal) == (monthly, by_itself)
    yearly = amend(before, replace(TERMS, billing=BillingTerms())).terms
    assert (yearly.billing, yearly.renewal) == (BillingTerms(), by_itself)


def test_an_amended_line_keeps_its_id_and_a_line_of_no_version_is_refused() -> None:
    before = active(replace(TERMS, price=None, lines=(a_line(),)))
    (line,) = before.lines
    after = amend(before, replace(TERMS, price=None, lines=(a_line(id=line.id, price=cny(20_000)), a_line())))
    assert [each.id == line.id for each in after.lines] == [True, False]
    with pytest.raises(InvalidField) as refusal:
        amend(before, replace(TERMS, price=None, lines=(a_line(id="lin_00000000000000000000000009"),)))
    assert refusal.value.field == "lines[0].id"


@pytest.mark.parametrize(
    ("details", "day", "at_fault"),
    [
        (TERMS, "2026-05-31", "effective_date"),
        (TERMS, "2027-06-01", "effective_date"),
        (replace(TERMS, price=Money("EUR", 1)), "2026-09-01", "price.currency_code"),
        (replace(TERMS, end_date="2026-06-30"), "2026-06-15", "end_date"),
        (replace(TERMS, title=""), "2026-09-01", "title"),
    ],
)
def test_an_amendment_that_cannot_be_is_refused_with_the_fields_name(
    details: TermsDetails, day: str, at_fault: str
) -> None:
    with pytest.raises(InvalidField) as refusal:
        amend(active(), details, day=day)
    assert refusal.value.field == at_fault


def test_an_amendment_without_a_reason_is_refused() -> None:
    with pytest.raises(InvalidField) as refusal:
        contract_force.amend(active(), TERMS, by=AUTHOR, effective_date=date(2026, 9, 1), reason=" ", now=JULY)
    assert refusal.value.field == "reason"


def test_a_suspended_contract_is_not_in_force_while_it_lasts() -> None:
    halted = suspended(now=JULY)
    assert isinstance(halted.events[0], ContractSuspended)
    assert [halted.in_force_at(date(2026, 6, 30)), halted.in_force_at(date(2026, 7, 1))] == [True, False]
    resumed = contract_force.resume(halted, by=AUTHOR, effective_date=None, now=datetime(2026, 7, 11, tzinfo=UTC))
    days = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 7, 10), date(2026, 7, 11)]
    assert [resumed.in_force_at(day) for day in days] == [True, False, False, True]
    assert resumed.suspensions[-1].end_date == date(2026, 7, 10)


def test_a_suspension_ends_the_term_later_by_its_days_where_the_contract_says_so_and_else_does_not() -> None:
    eleventh = datetime(2026, 7, 11, tzinfo=UTC)
    longer = contract_force.resume(
        suspended(now=JULY, suspension_extends=True), by=AUTHOR, effective_date=None, now=eleventh
    )
    assert (longer.end_date, longer.terms.number, longer.terms.effective_date) == (
        date(2027, 6, 10),
        2,
        date(2026, 7, 11),
    )
    assert longer.versions[0].end_date == date(2027, 5, 31)
    (said,) = longer.events
    assert isinstance(said, ContractResumed)
    assert said.end_date == date(2027, 6, 10)
    same = contract_force.resume(suspended(now=JULY), by=AUTHOR, effective_date=None, now=eleventh)
    assert (same.end_date, len(same.versions)) == (date(2027, 5, 31), 1)


def test_a_contract_that_is_resumed_on_the_day_it_was_suspended_loses_no_day() -> None:
    halted = suspended(now=JULY, suspension_extends=True)
    resumed = contract_force.resume(halted, by=AUTHOR, effective_date=None, now=JULY)
    assert (resumed.end_date, len(resumed.versions)) == (date(2027, 5, 31), 1)
    assert resumed.in_force_at(date(2026, 7, 1))


@pytest.mark.parametrize(
    ("start", "until", "at_fault"),
    [
        (date(2026, 5, 31), None, "start_date"),
        (date(2026, 7, 2), None, "start_date"),
        (None, date(2026, 6, 30), "end_date"),
    ],
)
def test_a_suspension_begins_in_the_term_and_not_ahead_and_ends_after_it_began(
    start: date | None, until: date | None, at_fault: str
) -> None:
    with pytest.raises(InvalidField) as refusal:
        contract_force.suspend(
            active(), by=AUTHOR, start_date=start, planned_end_date=until, reason="rebuilt", now=JULY
        )
    assert refusal.value.field == at_fault


def test_two_suspensions_do_not_overlap() -> None:
    once = contract_force.resume(
        suspended(now=JULY), by=AUTHOR, effective_date=None, now=datetime(2026, 7, 11, tzinfo=UTC)
    )
    with pytest.raises(InvalidField) as refusal:
        contract_force.suspend(
            once,
            by=AUTHOR,
            start_date=date(2026, 7, 10),
            planned_end_date=None,
            reason="again",
            now=datetime(2026, 7, 20, tzinfo=UTC),
        )
    assert refusal.value.field == "start_date"


def with_next_term() -> Contract:
    running = active()
    following = replace(running.terms, start_date=date(2027, 6, 1), end_date=date(2028, 5, 31), price=cny(130_000))
    return running.extended(following, now=JULY, by="jobs")


def test_an_amendment_and_a_renewal_at_the_same_time_each_change_their_own_term_and_not_the_others() -> None:
    agreed = with_next_term()
    changed = amend(agreed, replace(TERMS, price=cny(150_000)), day="2026-09-01")
    assert [changed.terms_at(day).price for day in (date(2026, 9, 1), date(2027, 6, 1))] == [  # type: ignore[union-attr]
        cny(150_000),
        cny(130_000),
    ]
    next_one = replace(TERMS, price=cny(140_000), end_date="2028-05-31")
    later = amend(changed, next_one, day="2027-07-01")
    assert (later.price, later.start_date, later.term_number) == (cny(140_000), date(2027, 6, 1), 2)
    with pytest.raises(InvalidField) as refusal:
        amend(agreed, replace(TERMS, end_date="2027-07-31"), day="2026-09-01")
    assert refusal.value.field == "end_date"


def test_a_contract_whose_next_term_is_agreed_can_still_be_suspended_and_resumed_in_this_one() -> None:
    halted = contract_force.suspend(
        with_next_term(), by=AUTHOR, start_date=None, planned_end_date=None, reason="rebuilt", now=JULY
    )
    resumed = contract_force.resume(halted, by=AUTHOR, effective_date=None, now=datetime(2026, 7, 11, tzinfo=UTC))
    assert [resumed.in_force_at(date(2026, 7, day)) for day in (10, 11)] == [False, True]
