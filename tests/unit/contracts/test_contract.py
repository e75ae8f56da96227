from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.codec import Codec
from services.chassis.errors import DomainError, InvalidField, InvalidId
from services.contracts.domain.contract import TRANSITIONS, Contract, ContractState, ContractTerms, Verb
from services.contracts.domain.errors import ContractTransitionRefused
from services.contracts.domain.events import ContractActivated, ContractSigned, ContractTerminated
from services.contracts.domain.money import Money

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
CONTRACT = "con_00000000000000000000000001"
CUSTOMER = "cus_00000000000000000000000001"
OWNER = "emp_00000000000000000000000001"
TERMS = ContractTerms(
    customer_id=CUSTOMER,
    title="Care for twelve months",
    start_date="2026-06-01",
    end_date="2027-05-31",
    price=Money("CNY", 120_000),
    owner_id=OWNER,
)


def a_contract(state: ContractState = ContractState.DRAFT, version: int = 1) -> Contract:
    return replace(Contract.draft(CONTRACT, TERMS, now=NOON), state=state, version=version)


def do(contract: Contract, verb: Verb) -> Contract:
    if verb is Verb.SIGN:
        return contract.sign(LATER)
    if verb is Verb.ACTIVATE:
        return contract.activate(LATER)
    return contract.terminate("moved away", now=LATER)


def test_the_table_of_transitions_is_the_life_of_a_contract() -> None:
    assert {(state.value, verb.name, to.value) for (state, verb), to in TRANSITIONS.items()} == {
        ("draft", "SIGN", "signed"),
        ("signed", "ACTIVATE", "active"),
        ("signed", "TERMINATE", "terminated"),
        ("active", "TERMINATE", "terminated"),
    }


@pytest.mark.parametrize(("state", "verb"), list(product(ContractState, Verb)))
def test_every_pair_of_state_and_verb_moves_as_the_table_says_or_is_refused(state: ContractState, verb: Verb) -> None:
    contract = a_contract(state)
    if (state, verb) in TRANSITIONS:
        assert do(contract, verb).state is TRANSITIONS[state, verb]
        return
    with pytest.raises(ContractTransitionRefused) as refusal:
        do(contract, verb)
    assert refusal.value.code == "CONTRACT_TRANSITION_REFUSED"
    assert refusal.value.metadata == {"contract_id": CONTRACT, "state": state.value, "verb": verb.value}


@given(st.lists(st.sampled_from(Verb), max_size=8))
def test_no_sequence_of_verbs_leaves_the_final_state_or_skips_a_step(verbs: list[Verb]) -> None:
    contract, seen = a_contract(), [ContractState.DRAFT]
    for verb in verbs:
        try:
            contract = do(contract, verb)
        except ContractTransitionRefused:
            continue
        seen.append(contract.state)
    life = [ContractState.DRAFT, ContractState.SIGNED, ContractState.ACTIVE, ContractState.TERMINATED]
    assert seen in [life[:n] for n in range(1, 5)] + [[*life[:2], life[3]]]


def test_a_draft_says_nothing_and_remembers_its_terms() -> None:
    draft = Contract.draft(CONTRACT, TERMS, now=NOON)
    assert draft == Contract(
        id=CONTRACT,
        version=1,
        customer_id=CUSTOMER,
        title="Care for twelve months",
        state=ContractState.DRAFT,
        start_date=date(2026, 6, 1),
        end_date=date(2027, 5, 31),
        price=Money("CNY", 120_000),
        owner_id=OWNER,
        create_time=NOON,
        update_time=NOON,
    )
    assert draft.events == ()


def test_signing_notes_the_moment_and_says_so() -> None:
    signed = a_contract(version=1).sign(LATER)
    assert (signed.signed_time, signed.update_time, signed.create_time) == (LATER, LATER, NOON)
    assert signed.events == (
        ContractSigned(
            contract_id=CONTRACT, customer_id=CUSTOMER, owner_id=OWNER, contract_version=2, occurred_time=LATER
        ),
    )


def test_activation_says_the_term_and_the_version_that_it_leads_to() -> None:
    active = a_contract(ContractState.SIGNED, version=2).activate(LATER)
    assert active.activated_time == LATER
    assert active.events == (
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


def test_termination_keeps_its_reason_and_says_it() -> None:
    ended = a_contract(ContractState.ACTIVE, version=3).terminate("  moved away ", now=LATER)
    assert (ended.terminated_time, ended.termination_reason) == (LATER, "moved away")
    assert ended.events == (
        ContractTerminated(
            contract_id=CONTRACT,
            customer_id=CUSTOMER,
            owner_id=OWNER,
            termination_reason="moved away",
            contract_version=4,
            occurred_time=LATER,
        ),
    )


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501, "bell\x07"])
def test_a_termination_without_a_proper_reason_is_refused(reason: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        a_contract(ContractState.ACTIVE).terminate(reason, now=LATER)
    assert refusal.value.field == "termination_reason"


@pytest.mark.parametrize(
    ("field", "value", "at_fault"),
    [
        ("title", "", "title"),
        ("title", "x" * 201, "title"),
        ("title", "two\nlines", "title"),
        ("start_date", "", "start_date"),
        ("start_date", "2026-02-30", "start_date"),
        ("end_date", "2026-02-30", "end_date"),
        ("end_date", "2027-02-29", "end_date"),
        ("start_date", "1.6.2026", "start_date"),
        ("start_date", "2026-6-1", "start_date"),
        ("start_date", "２０２６-06-01", "start_date"),
        ("end_date", "2026-05-31", "end_date"),
        ("price", None, "price"),
        ("price", Money("XYZ", 1), "price.currency_code"),
        ("price", Money("cny", 1), "price.currency_code"),
        ("price", Money("", 1), "price.currency_code"),
        ("price", Money("DEM", 1), "price.currency_code"),
        ("price", Money("CNY", -1), "price.minor_units"),
        ("price", Money("CNY", 2**63), "price.minor_units"),
    ],
)
def test_terms_that_are_wrong_are_refused_with_the_fields_name(field: str, value: object, at_fault: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        Contract.draft(CONTRACT, replace(TERMS, **{field: value}), now=NOON)  # type: ignore[arg-type]
    assert (refusal.value.code, refusal.value.field) == ("INVALID_FIELD", at_fault)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customer_id", ""),
        ("customer_id", "42"),
        ("customer_id", CONTRACT),
        ("owner_id", CUSTOMER),
        ("owner_id", "emp_short"),
    ],
)
def test_an_id_of_another_type_is_refused_with_the_fields_name(field: str, value: str) -> None:
    with pytest.raises(InvalidId) as refusal:
        Contract.draft(CONTRACT, replace(TERMS, **{field: value}), now=NOON)  # type: ignore[arg-type]
    assert (refusal.value.code, refusal.value.field) == ("INVALID_ID", field)


@given(start=st.dates(), end=st.dates())
def test_a_term_includes_its_last_day_and_never_ends_before_it_begins(start: date, end: date) -> None:
    terms = replace(TERMS, start_date=start.isoformat(), end_date=end.isoformat())
    if start <= end:
        draft = Contract.draft(CONTRACT, terms, now=NOON)
        assert (draft.start_date, draft.end_date) == (start, end)
        return
    with pytest.raises(DomainError):
        Contract.draft(CONTRACT, terms, now=NOON)


moments = st.none() | st.datetimes(timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000)
)


@given(
    state=st.sampled_from(ContractState),
    version=st.integers(1, 2**62),
    start=st.dates(),
    price=st.builds(Money, st.sampled_from(["CNY", "JPY", "KWD"]), st.integers(0, 2**63 - 1)),
    signed=moments,
    reason=st.text(),
)
def test_a_contract_comes_back_from_its_document_as_it_went_in(
    state: ContractState, version: int, start: date, price: Money, signed: datetime | None, reason: str
) -> None:
    contract = replace(
        a_contract(state, version), start_date=start, price=price, signed_time=signed, termination_reason=reason
    )
    codec = Codec(Contract)
    assert codec.to_aggregate(codec.to_document(contract)) == contract
