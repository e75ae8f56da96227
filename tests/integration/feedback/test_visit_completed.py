import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from membercare.feedback.v1 import case_pb2
from membercare.feedback.v1 import feedback_service_pb2 as pb
from membercare.feedback.v1.feedback_service_pb2_grpc import FeedbackServiceStub
from services.chassis.bus_entrypoints import subscriptions_of
from services.chassis.errors import InvalidId
from services.chassis.patience import Permanent
from services.feedback.consumers import FeedbackConsumers
from tests.integration.calling import Calling
from tests.integration.golden import heard

ROOT = Path(__file__).parents[3]


def a_visit(**data: Any) -> dict[str, Any]:
    """What care says of a visit that went badly, satisfaction 1 of 5."""
    return heard("care.visit_completed", **data)


@pytest.fixture
def agent(calling: Calling) -> FeedbackServiceStub:
    return calling.as_role(FeedbackServiceStub, "agent")


def test_a_visit_that_went_badly_opens_one_urgent_complaint_that_nobody_has_yet(
    consumers: FeedbackConsumers, agent: FeedbackServiceStub, database: Database[dict[str, Any]]
) -> None:
    consumers.on_visit_completed(a_visit())
    (case,) = agent.ListCases(pb.ListCasesRequest()).cases
    visit = a_visit()["data"]
    assert (case.kind, case.severity) == (case_pb2.CASE_KIND_COMPLAINT, case_pb2.CASE_SEVERITY_HIGH)
    assert (case.title, case.description) == (
        "回访不满意 · Dissatisfied after a return visit",
        "没有人来。Nobody came.",
    )
    assert (case.source, case.source_id) == (case_pb2.CASE_SOURCE_VISIT, visit["visit_id"])
    assert (case.customer_id, case.member_id, case.contract_id) == (
        visit["customer_id"],
        visit["member_id"],
        visit["contract_id"],
    )
    assert (case.state, case.assignee_id) == (case_pb2.CASE_STATE_OPEN, "")
    assert case.number.endswith("-000001")
    (stored,) = database["cases"].find()
    assert [event["type"] for event in stored["outbox"]] == ["case_opened"]
    assert stored["outbox"][0]["trace"] == "req-1"


def test_an_event_that_comes_twice_opens_one_case(
    consumers: FeedbackConsumers, database: Database[dict[str, Any]]
) -> None:
    consumers.on_visit_completed(a_visit())
    consumers.on_visit_completed(a_visit())
    assert database["cases"].count_documents({}) == 1
    assert database["case_numbers"].find_one({}, {"_id": 0}) == {"last": 1}


def test_an_event_that_comes_twenty_times_at_once_opens_one_case(
    consumers: FeedbackConsumers, database: Database[dict[str, Any]]
) -> None:
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: consumers.on_visit_completed(a_visit()), range(20)))
    assert database["cases"].count_documents({}) == 1


def test_an_event_that_comes_again_after_its_case_was_closed_opens_no_second(
    consumers: FeedbackConsumers, calling: Calling, database: Database[dict[str, Any]]
) -> None:
    admin = calling.as_role(FeedbackServiceStub, "admin")
    consumers.on_visit_completed(a_visit())
    (case,) = admin.ListCases(pb.ListCasesRequest()).cases
    admin.AssignCase(pb.AssignCaseRequest(case_id=case.id, assignee_id=a_visit()["data"]["owner_id"]))
    closed = admin.CloseCase(pb.CloseCaseRequest(case_id=case.id, resolution="Sent somebody.")).case
    consumers.on_visit_completed(a_visit())
    assert list(admin.ListCases(pb.ListCasesRequest()).cases) == [closed]


@pytest.mark.parametrize("outcome", ["VISIT_OUTCOME_SATISFIED", "VISIT_OUTCOME_UNREACHABLE"])
def test_a_visit_that_did_not_go_badly_opens_nothing(
    consumers: FeedbackConsumers, database: Database[dict[str, Any]], outcome: str
) -> None:
    consumers.on_visit_completed(a_visit(outcome=outcome))
    assert database["cases"].count_documents({}) == 0


def test_fields_that_are_newer_than_ours_are_ignored(
    consumers: FeedbackConsumers, database: Database[dict[str, Any]]
) -> None:
    consumers.on_visit_completed(a_visit(mood="stormy") | {"colour": "red"})
    assert database["cases"].count_documents({}) == 1


def test_an_event_of_an_unknown_schema_is_refused_for_good_and_opens_nothing(
    consumers: FeedbackConsumers, database: Database[dict[str, Any]]
) -> None:
    with pytest.raises(Permanent) as refusal:
        consumers.on_visit_completed(a_visit() | {"schema": "membercare.care.v9.VisitCompleted"})
    assert refusal.value.reason == "UNKNOWN_SCHEMA"
    assert database["cases"].count_documents({}) == 0


def test_an_event_whose_ids_are_of_another_type_is_refused_and_opens_nothing(
    consumers: FeedbackConsumers, database: Database[dict[str, Any]]
) -> None:
    with pytest.raises(InvalidId):
        consumers.on_visit_completed(a_visit(customer_id=a_visit()["data"]["member_id"]))
    assert database["cases"].count_documents({}) == 0


def test_what_feedback_hears_is_known_by_a_name_that_never_changes() -> None:
    assert [subscription.name for subscription in subscriptions_of(FeedbackConsumers)] == [
        "evt-contracts-customer_merged--feedback.on_customer_merged.v1",
        "evt-care-member_erased--feedback.on_member_erased.v1",
        "evt-contracts-order_accepted--feedback.on_order_accepted.v1",
        "evt-care-visit_completed--feedback.on_visit_completed.v1",
    ]


def test_what_a_consumer_process_imports_holds_no_grpc() -> None:
    program = (
        "import sys; from services.feedback import __main__, app; from services.feedback.config import Settings;"
        "assert not {'pymongo', 'mongoengine', 'grpc'} & set(sys.modules), 'too early';"
        "app.build_consumers(Settings()); assert 'grpc' not in sys.modules"
    )
    environment = {"PYTHONPATH": "protos/gen", "PATH": "/usr/bin:/bin"}
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
