from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.codec import Codec
from services.chassis.errors import DomainError, InvalidField, InvalidId
from services.feedback.domain.case import TRANSITIONS, Case, CaseDetails, CaseState, Verb
from services.feedback.domain.deadline import DAYS_TO_CLOSE, CaseSeverity, due_time
from services.feedback.domain.errors import CaseTransitionRefused
from services.feedback.domain.events import CaseAssigned, CaseClosed, CaseOpened
from services.feedback.domain.kinds import CaseKind, CaseSource

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
CASE = "cas_00000000000000000000000001"
CUSTOMER = "cus_00000000000000000000000001"
MEMBER = "mem_00000000000000000000000001"
ANNA, BEN = "emp_00000000000000000000000001", "emp_00000000000000000000000002"
DETAILS = CaseDetails(kind=CaseKind.COMPLAINT, title="Nobody came", customer_id=CUSTOMER, member_id=MEMBER)


def a_case(state: CaseState = CaseState.OPEN, severity: CaseSeverity = CaseSeverity.NORMAL) -> Case:
    opened = Case.open(CASE, replace(DETAILS, severity=severity), now=NOON)
    return replace(opened, state=state, assignee_id="" if state is CaseState.OPEN else ANNA, events=())


def do(case: Case, verb: Verb) -> Case:
    return case.assign(BEN, now=LATER) if verb is Verb.ASSIGN else case.close("Sent somebody.", now=LATER)


def test_the_table_of_transitions_is_the_life_of_a_case() -> None:
    assert {(state.value, verb.value, to.value) for (state, verb), to in TRANSITIONS.items()} == {
        ("open", "assign", "assigned"),
        ("assigned", "assign", "assigned"),
        ("assigned", "close", "closed"),
    }


@pytest.mark.parametrize(("state", "verb"), list(product(CaseState, Verb)))
def test_every_pair_of_state_and_verb_moves_as_the_table_says_or_is_refused(state: CaseState, verb: Verb) -> None:
    case = a_case(state)
    if (state, verb) in TRANSITIONS:
        assert do(case, verb).state is TRANSITIONS[state, verb]
        return
    with pytest.raises(CaseTransitionRefused) as refusal:
        do(case, verb)
    assert refusal.value.code == "CASE_TRANSITION_REFUSED"
    assert refusal.value.metadata == {"case_id": CASE, "state": state.value, "verb": verb.value}


def test_a_case_is_opened_with_its_deadline_and_says_so() -> None:
    case = Case.open(CASE, replace(DETAILS, description=" They promised Monday. "), now=NOON)
    due = NOON + timedelta(days=5)
    assert (case.state, case.source, case.description) == (CaseState.OPEN, CaseSource.STAFF, "They promised Monday.")
    assert (case.due_time, case.opened_time, case.assignee_id, case.closed_on_time) == (due, NOON, "", False)
    assert case.events == (
        CaseOpened(
            case_id=CASE,
            kind=CaseKind.COMPLAINT,
            severity=CaseSeverity.NORMAL,
            customer_id=CUSTOMER,
            member_id=MEMBER,
            due_time=due,
            occurred_time=NOON,
        ),
    )


@pytest.mark.parametrize(
    ("severity", "days"),
    [(CaseSeverity.LOW, 10), (CaseSeverity.NORMAL, 5), (CaseSeverity.HIGH, 2), (CaseSeverity.MAJOR, 1)],
)
def test_severity_sets_the_deadline_in_elapsed_days(severity: CaseSeverity, days: int) -> None:
    assert due_time(severity, opened=NOON) - NOON == timedelta(days=days)


def test_every_severity_has_a_deadline() -> None:
    assert set(DAYS_TO_CLOSE) == set(CaseSeverity)


def test_a_number_is_the_year_of_opening_and_six_digits_or_more() -> None:
    assert a_case().numbered(42).number == "2026-000042"
    assert a_case().numbered(1_234_567).number == "2026-1234567"
    eve = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert Case.open(CASE, DETAILS, now=eve).numbered(1).number == "2026-000001"
    assert Case.open(CASE, DETAILS, now=eve + timedelta(seconds=1)).numbered(1).number == "2027-000001"


def test_assigning_notes_who_and_when_and_says_so() -> None:
    case = a_case().assign(ANNA, now=LATER)
    assert (case.assignee_id, case.assigned_time) == (ANNA, LATER)
    assert case.events == (CaseAssigned(case_id=CASE, assignee_id=ANNA, occurred_time=LATER),)


def test_a_case_passes_from_one_employee_to_another() -> None:
    assert a_case(CaseState.ASSIGNED).assign(BEN, now=LATER).assignee_id == BEN


def test_who_has_a_case_already_keeps_it_and_nothing_is_said() -> None:
    case = a_case(CaseState.ASSIGNED)
    assert case.assign(ANNA, now=LATER) is case


@pytest.mark.parametrize("assignee_id", ["", "anna", CUSTOMER])
def test_a_case_is_given_to_employees_only(assignee_id: str) -> None:
    with pytest.raises(InvalidId) as refusal:
        a_case().assign(assignee_id, now=LATER)
    assert refusal.value.field == "assignee_id"


def test_closing_computes_the_figures_and_says_them() -> None:
    closed_at = NOON + timedelta(days=1, seconds=1, milliseconds=999)
    case = a_case(CaseState.ASSIGNED).close(" Sent somebody. ", now=closed_at)
    assert (case.closed_time, case.resolution, case.closed_on_time) == (closed_at, "Sent somebody.", True)
    assert case.events == (
        CaseClosed(
            case_id=CASE,
            kind=CaseKind.COMPLAINT,
            severity=CaseSeverity.NORMAL,
            customer_id=CUSTOMER,
            member_id=MEMBER,
            assignee_id=ANNA,
            opened_time=NOON,
            due_time=NOON + timedelta(days=5),
            closed_time=closed_at,
            on_time=True,
            handling_seconds=86_401,
        ),
    )


def test_the_last_millisecond_of_the_deadline_is_on_time_and_the_next_is_late() -> None:
    case = a_case(CaseState.ASSIGNED, CaseSeverity.MAJOR)
    assert case.close("Done.", now=case.due_time).closed_on_time
    assert not case.close("Done.", now=case.due_time + timedelta(milliseconds=1)).closed_on_time


@given(late=st.timedeltas(min_value=timedelta(days=-30), max_value=timedelta(days=400)))
def test_on_time_and_handling_time_agree_with_the_clock_whatever_it_says(late: timedelta) -> None:
    case = a_case(CaseState.ASSIGNED)
    closed = case.close("Done.", now=case.due_time + late)
    (said,) = closed.events
    assert isinstance(said, CaseClosed)
    assert said.on_time is closed.closed_on_time is (late <= timedelta(0))
    assert said.handling_seconds == max(0, int((timedelta(days=5) + late).total_seconds() // 1))


@pytest.mark.parametrize("resolution", ["", "  ", "x" * 5001, "bell\x07"])
def test_closing_without_a_proper_resolution_is_refused(resolution: str) -> None:
    with pytest.raises(InvalidField) as refusal:
        a_case(CaseState.ASSIGNED).close(resolution, now=LATER)
    assert refusal.value.field == "resolution"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("kind", None, "INVALID_FIELD"),
        ("title", "", "INVALID_FIELD"),
        ("title", "x" * 201, "INVALID_FIELD"),
        ("title", "two\nlines", "INVALID_FIELD"),
        ("description", "x" * 5001, "INVALID_FIELD"),
        ("customer_id", MEMBER, "INVALID_ID"),
        ("member_id", CUSTOMER, "INVALID_ID"),
        ("contract_id", "17", "INVALID_ID"),
    ],
)
def test_details_that_are_wrong_are_refused_with_the_fields_name(field: str, value: object, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        Case.open(CASE, replace(DETAILS, **{field: value}), now=NOON)  # type: ignore[arg-type]
    assert (refusal.value.code, refusal.value.field) == (code, field)


@given(
    kind=st.sampled_from(CaseKind),
    severity=st.sampled_from(CaseSeverity),
    state=st.sampled_from(CaseState),
    source=st.sampled_from(CaseSource),
    closed=st.none() | st.just(LATER),
    words=st.text(),
    on_time=st.booleans(),
)
def test_a_case_comes_back_from_its_document_as_it_went_in(**fields: object) -> None:
    case = replace(
        a_case(),
        kind=fields["kind"],  # type: ignore[arg-type]
        severity=fields["severity"],  # type: ignore[arg-type]
        state=fields["state"],  # type: ignore[arg-type]
        source=fields["source"],  # type: ignore[arg-type]
        closed_time=fields["closed"],  # type: ignore[arg-type]
        description=str(fields["words"]),
        closed_on_time=bool(fields["on_time"]),
    )
    codec = Codec(Case)
    assert codec.to_aggregate(codec.to_document(case)) == case
