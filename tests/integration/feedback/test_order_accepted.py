from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pymongo.database import Database

from membercare.feedback.v1 import case_pb2
from membercare.feedback.v1 import feedback_service_pb2 as pb
from membercare.feedback.v1.feedback_service_pb2_grpc import FeedbackServiceStub
from services.chassis.errors import InvalidId
from services.feedback.consumers import FeedbackConsumers
from tests.integration.calling import Calling
from tests.integration.golden import heard


def an_order(**data: Any) -> dict[str, Any]:
    """What contracts says of an order that was accepted with one issue."""
    return heard("contracts.order_accepted", **data)


def test_an_order_that_was_accepted_with_issues_opens_one_service_request_that_lists_them(
    consumers: FeedbackConsumers, calling: Calling
) -> None:
    issues = [{"description": "一台有划痕。One has a scratch."}, {"description": "缺说明书。No manual."}]
    consumers.on_order_accepted(an_order(issues=issues))
    (case,) = calling.as_role(FeedbackServiceStub, "agent").ListCases(pb.ListCasesRequest()).cases
    order = an_order()["data"]
    assert (case.kind, case.severity) == (case_pb2.CASE_KIND_SERVICE_REQUEST, case_pb2.CASE_SEVERITY_NORMAL)
    assert (case.title, case.description) == (
        "验收有问题 · Accepted with issues",
        "Two pumps\n1. 一台有划痕。One has a scratch.\n2. 缺说明书。No manual.",
    )
    assert (case.source, case.source_id, case.customer_id) == (
        case_pb2.CASE_SOURCE_ORDER,
        order["order_id"],
        order["customer_id"],
    )
    assert case.assignee_id == ""


def test_an_acceptance_that_comes_twenty_times_at_once_opens_one_case(
    consumers: FeedbackConsumers, database: Database[dict[str, Any]]
) -> None:
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: consumers.on_order_accepted(an_order()), range(20)))
    assert database["cases"].count_documents({}) == 1


def test_an_order_with_which_nothing_was_wrong_opens_nothing(
    consumers: FeedbackConsumers, database: Database[dict[str, Any]]
) -> None:
    consumers.on_order_accepted(an_order(issues=[]))
    assert database["cases"].count_documents({}) == 0


def test_issues_that_are_too_long_are_cut_and_not_lost(
    consumers: FeedbackConsumers, database: Database[dict[str, Any]]
) -> None:
    consumers.on_order_accepted(an_order(issues=[{"description": "长" * 1000}] * 9))
    (stored,) = database["cases"].find()
    assert (len(stored["description"]), stored["description"][-1]) == (5000, "…")


def test_an_order_of_something_that_is_no_customer_is_refused_and_opens_nothing(
    consumers: FeedbackConsumers, database: Database[dict[str, Any]]
) -> None:
    with pytest.raises(InvalidId):
        consumers.on_order_accepted(an_order(customer_id=an_order()["data"]["order_id"]))
    assert database["cases"].count_documents({}) == 0
