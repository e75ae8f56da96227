from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import grpc
import pytest
from pymongo.database import Database

from membercare.feedback.v1 import case_pb2
from membercare.feedback.v1 import feedback_service_pb2 as pb
from membercare.feedback.v1.feedback_service_pb2_grpc import FeedbackServiceStub
from services.chassis.errors import Kind
from services.chassis.rpc_errors import refusal_of
from services.chassis.timestamps import to_datetime
from tests.integration.calling import Calling, refused
from tests.integration.feedback.builders import (
    ANNA,
    BEN,
    CONTRACT,
    CUSTOMER,
    MEMBER,
    NO_CASE,
    a_closed,
    an_assigned,
    an_open,
    new_case,
)

OPEN, ASSIGNED, CLOSED = 1, 2, 3


@pytest.fixture
def ops(calling: Calling) -> FeedbackServiceStub:
    return calling.as_role(FeedbackServiceStub, "ops")


def said(database: Database[dict[str, Any]], case_id: str) -> list[dict[str, Any]]:
    stored = database["cases"].find_one({"_id": case_id})
    assert stored is not None
    return list(stored["outbox"])


def got(stub: FeedbackServiceStub, case_id: str) -> case_pb2.Case:
    return stub.GetCase(pb.GetCaseRequest(case_id=case_id)).case


def test_a_case_is_opened_with_number_and_deadline_and_read_back_as_told(ops: FeedbackServiceStub) -> None:
    told = {"description": "没有人来。", "customer_id": CUSTOMER, "member_id": MEMBER, "contract_id": CONTRACT}
    case = ops.OpenCase(new_case(severity=case_pb2.CASE_SEVERITY_MAJOR, **told)).case
    assert {field: getattr(case, field) for field in told} == told
    assert (case.title, case.state, case.source, case.etag) == ("Nobody came", OPEN, case_pb2.CASE_SOURCE_STAFF, "1")
    assert case.number == f"{to_datetime(case.opened_time).year}-000001"
    assert to_datetime(case.due_time) - to_datetime(case.opened_time) == timedelta(days=1)
    assert not case.HasField("assigned_time")
    assert got(ops, case.id) == case


def test_a_case_without_a_severity_is_normal(ops: FeedbackServiceStub) -> None:
    case = an_open(ops)
    assert case.severity == case_pb2.CASE_SEVERITY_NORMAL
    assert to_datetime(case.due_time) - to_datetime(case.opened_time) == timedelta(days=5)


def test_a_case_lives_from_opening_to_closing_and_says_each_step_once(
    ops: FeedbackServiceStub, database: Database[dict[str, Any]]
) -> None:
    opened = an_open(ops, customer_id=CUSTOMER, member_id=MEMBER)
    assigned = ops.AssignCase(pb.AssignCaseRequest(case_id=opened.id, assignee_id=ANNA)).case
    closed = ops.CloseCase(pb.CloseCaseRequest(case_id=opened.id, resolution="Sent somebody.")).case
    assert (assigned.state, assigned.assignee_id, assigned.etag) == (ASSIGNED, ANNA, "2")
    assert (closed.state, closed.resolution, closed.closed_on_time, closed.etag) == (
        CLOSED,
        "Sent somebody.",
        True,
        "3",
    )
    assert got(ops, opened.id) == closed
    events = said(database, opened.id)
    assert [event["type"] for event in events] == ["case_opened", "case_assigned", "case_closed"]
    assert {event["subject"] for event in events} == {opened.id}
    figures = events[-1]["data"]
    assert (figures["assignee_id"], figures["customer_id"], figures["member_id"]) == (ANNA, CUSTOMER, MEMBER)
    assert (figures["kind"], figures["severity"]) == ("CASE_KIND_COMPLAINT", "CASE_SEVERITY_NORMAL")
    assert figures["on_time"] is True


def test_a_case_closed_after_its_deadline_is_late_and_says_so(
    ops: FeedbackServiceStub, database: Database[dict[str, Any]]
) -> None:
    case = an_assigned(ops)
    past = to_datetime(case.opened_time) - timedelta(days=7)
    database["cases"].update_one(
        {"_id": case.id}, {"$set": {"opened_time": past, "due_time": past + timedelta(days=5)}}
    )
    closed = ops.CloseCase(pb.CloseCaseRequest(case_id=case.id, resolution="Late, sorry.")).case
    assert not closed.closed_on_time
    figures = said(database, case.id)[-1]["data"]
    assert "on_time" not in figures  # proto-JSON leaves a false out
    assert 7 * 86_400 <= int(figures["handling_seconds"]) < 7 * 86_400 + 60


def test_numbers_run_within_the_year_and_no_two_are_alike_under_fifty_at_once(ops: FeedbackServiceStub) -> None:
    with ThreadPoolExecutor(50) as pool:
        cases = list(pool.map(lambda _: an_open(ops), range(50)))
    year = to_datetime(cases[0].opened_time).year
    assert sorted(case.number for case in cases) == [f"{year}-{n:06d}" for n in range(1, 51)]


@pytest.mark.parametrize(
    ("fields", "reason", "at_fault"),
    [
        ({"kind": 0}, "INVALID_FIELD", "kind"),
        ({"kind": 99}, "INVALID_FIELD", "kind"),
        ({"severity": 99}, "INVALID_FIELD", "severity"),
        ({"title": " "}, "INVALID_FIELD", "title"),
        ({"title": "x" * 201}, "INVALID_FIELD", "title"),
        ({"description": "x" * 5001}, "INVALID_FIELD", "description"),
        ({"request_id": "x" * 101}, "INVALID_FIELD", "request_id"),
        ({"customer_id": MEMBER}, "INVALID_ID", "customer_id"),
        ({"member_id": CUSTOMER}, "INVALID_ID", "member_id"),
        ({"contract_id": "17"}, "INVALID_ID", "contract_id"),
    ],
)
def test_wrong_details_are_refused_with_the_fields_name_and_nothing_is_stored(
    ops: FeedbackServiceStub, database: Database[dict[str, Any]], fields: dict[str, Any], reason: str, at_fault: str
) -> None:
    refusal = refused(ops.OpenCase, new_case(**fields))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, reason, at_fault)
    assert database["cases"].count_documents({}) == 0
    assert database["case_numbers"].count_documents({}) == 0


def test_a_repeated_opening_returns_the_first_case_and_uses_up_no_number(
    ops: FeedbackServiceStub, database: Database[dict[str, Any]]
) -> None:
    first = an_open(ops, request_id="r-1")
    assert an_open(ops, request_id="r-1") == first
    assert database["cases"].count_documents({}) == 1
    assert an_open(ops).number.endswith("-000002")


def test_fifty_repeats_of_one_opening_at_once_open_one_case(
    ops: FeedbackServiceStub, database: Database[dict[str, Any]]
) -> None:
    with ThreadPoolExecutor(50) as pool:
        cases = list(pool.map(lambda _: an_open(ops, request_id="r-1"), range(50)))
    assert len({case.id for case in cases}) == 1
    assert database["cases"].count_documents({}) == 1


def test_a_case_that_is_not_assigned_cannot_be_closed_and_nothing_changes(
    ops: FeedbackServiceStub, database: Database[dict[str, Any]]
) -> None:
    case = an_open(ops)
    refusal = refused(ops.CloseCase, pb.CloseCaseRequest(case_id=case.id, resolution="Done."))
    assert (refusal.kind, refusal.reason) == (Kind.PRECONDITION, "CASE_TRANSITION_REFUSED")
    assert refusal.metadata == {"case_id": case.id, "state": "open", "verb": "close"}
    assert got(ops, case.id) == case
    assert len(said(database, case.id)) == 1


def test_a_closed_case_is_neither_assigned_nor_closed_again(
    ops: FeedbackServiceStub, database: Database[dict[str, Any]]
) -> None:
    case = a_closed(ops)
    refusals = [
        refused(ops.AssignCase, pb.AssignCaseRequest(case_id=case.id, assignee_id=BEN)),
        refused(ops.CloseCase, pb.CloseCaseRequest(case_id=case.id, resolution="Again.")),
    ]
    assert {refusal.reason for refusal in refusals} == {"CASE_TRANSITION_REFUSED"}
    assert got(ops, case.id) == case
    assert len(said(database, case.id)) == 3


def test_a_case_passes_to_another_employee_and_to_the_same_one_without_a_word(
    ops: FeedbackServiceStub, database: Database[dict[str, Any]]
) -> None:
    case = an_assigned(ops, ANNA)
    assert ops.AssignCase(pb.AssignCaseRequest(case_id=case.id, assignee_id=ANNA)).case == case
    assert ops.AssignCase(pb.AssignCaseRequest(case_id=case.id, assignee_id=BEN)).case.assignee_id == BEN
    assert [event["type"] for event in said(database, case.id)] == ["case_opened", "case_assigned", "case_assigned"]


@pytest.mark.parametrize("assignee_id", ["", "anna", CUSTOMER])
def test_a_case_is_given_to_employees_only(ops: FeedbackServiceStub, assignee_id: str) -> None:
    case = an_open(ops)
    refusal = refused(ops.AssignCase, pb.AssignCaseRequest(case_id=case.id, assignee_id=assignee_id))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, "INVALID_ID", "assignee_id")
    assert got(ops, case.id) == case


@pytest.mark.parametrize("resolution", ["", "x" * 5001])
def test_closing_without_a_proper_resolution_is_refused_and_nothing_changes(
    ops: FeedbackServiceStub, resolution: str
) -> None:
    case = an_assigned(ops)
    refusal = refused(ops.CloseCase, pb.CloseCaseRequest(case_id=case.id, resolution=resolution))
    assert (refusal.reason, refusal.field) == ("INVALID_FIELD", "resolution")
    assert got(ops, case.id) == case


def test_a_stale_version_is_refused_by_both_verbs_and_nothing_changes(ops: FeedbackServiceStub) -> None:
    case = an_assigned(ops)
    refusals = [
        refused(ops.AssignCase, pb.AssignCaseRequest(case_id=case.id, assignee_id=BEN, etag="1")),
        refused(ops.CloseCase, pb.CloseCaseRequest(case_id=case.id, resolution="Done.", etag="1")),
    ]
    assert {(refusal.kind, refusal.reason) for refusal in refusals} == {(Kind.STALE, "STALE_VERSION")}
    assert got(ops, case.id) == case


@pytest.mark.parametrize(
    ("case_id", "kind", "reason"),
    [
        ("", Kind.INVALID, "INVALID_ID"),
        ("17", Kind.INVALID, "INVALID_ID"),
        (CUSTOMER, Kind.INVALID, "INVALID_ID"),
        (NO_CASE, Kind.NOT_FOUND, "CASE_NOT_FOUND"),
    ],
)
def test_an_id_that_names_no_case_is_refused_by_every_verb(
    ops: FeedbackServiceStub, case_id: str, kind: Kind, reason: str
) -> None:
    refusals = [
        refused(ops.GetCase, pb.GetCaseRequest(case_id=case_id)),
        refused(ops.AssignCase, pb.AssignCaseRequest(case_id=case_id, assignee_id=ANNA)),
        refused(ops.CloseCase, pb.CloseCaseRequest(case_id=case_id, resolution="Done.")),
    ]
    assert {(refusal.kind, refusal.reason) for refusal in refusals} == {(kind, reason)}


def test_repeated_moves_return_the_outcome_again_and_say_nothing_twice(
    ops: FeedbackServiceStub, database: Database[dict[str, Any]]
) -> None:
    case = an_open(ops, request_id="r-1")
    assign = pb.AssignCaseRequest(case_id=case.id, assignee_id=ANNA, etag="1", request_id="r-1")
    assert ops.AssignCase(assign).case == ops.AssignCase(assign).case
    close = pb.CloseCaseRequest(case_id=case.id, resolution="Done.", etag="2", request_id="r-1")
    assert ops.CloseCase(close).case == ops.CloseCase(close).case
    assert [event["type"] for event in said(database, case.id)] == ["case_opened", "case_assigned", "case_closed"]


def test_a_request_id_of_another_case_is_refused_and_nothing_changes(ops: FeedbackServiceStub) -> None:
    one, two = an_open(ops), an_open(ops)
    ops.AssignCase(pb.AssignCaseRequest(case_id=one.id, assignee_id=ANNA, request_id="r-1"))
    refusal = refused(ops.AssignCase, pb.AssignCaseRequest(case_id=two.id, assignee_id=ANNA, request_id="r-1"))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.INVALID, "INVALID_FIELD", "request_id")
    assert got(ops, two.id) == two


def test_fifty_closings_at_once_close_a_case_once(ops: FeedbackServiceStub, database: Database[dict[str, Any]]) -> None:
    case_id = an_assigned(ops).id

    def close(n: int) -> str:
        try:
            ops.CloseCase(pb.CloseCaseRequest(case_id=case_id, resolution=f"By {n}."))
        except grpc.RpcError as error:
            refusal = refusal_of(error)
            return refusal.reason if refusal else str(error)
        return "closed"

    with ThreadPoolExecutor(50) as pool:
        outcomes = list(pool.map(close, range(50)))
    assert sorted(outcomes) == ["CASE_TRANSITION_REFUSED"] * 49 + ["closed"]
    assert [event["type"] for event in said(database, case_id)].count("case_closed") == 1
