"""A doublet was merged in contracts: its cases follow to the customer that stays."""

from datetime import datetime
from typing import Any

import pytest
from pymongo.database import Database

from membercare.feedback.v1 import feedback_service_pb2 as pb
from membercare.feedback.v1.feedback_service_pb2_grpc import FeedbackServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import InvalidId
from services.feedback.consumers import FeedbackConsumers
from services.feedback.domain.case import CaseDetails
from services.feedback.domain.kinds import CaseKind
from services.feedback.store import MongoCases, MongoErasedMembers, MongoMergedCustomers
from services.feedback.usecases.open_case import OpenCase
from tests.integration.calling import Calling
from tests.integration.feedback.builders import a_closed, an_open
from tests.integration.golden import heard

FIRST, SECOND, THIRD, OTHER = (f"cus_0000000000000000000000000{last}" for last in "1234")


def merged(customer_id: str, into_id: str) -> dict[str, Any]:
    return heard("contracts.customer_merged", customer_id=customer_id, into_id=into_id)


@pytest.fixture
def agent(calling: Calling) -> FeedbackServiceStub:
    return calling.as_role(FeedbackServiceStub, "agent")


def of(stub: FeedbackServiceStub, customer_id: str) -> list[str]:
    asked = pb.ListCasesRequest(filter=pb.CaseFilter(customer_id=customer_id))
    return [each.id for each in stub.ListCases(asked).cases]


def test_cases_of_a_doublet_open_or_closed_become_the_survivors(
    consumers: FeedbackConsumers, agent: FeedbackServiceStub, database: Database[dict[str, Any]]
) -> None:
    opened, theirs = (an_open(agent, customer_id=each).id for each in (FIRST, OTHER))
    closed = a_closed(agent, customer_id=FIRST).id
    for _ in range(2):
        consumers.on_customer_merged(merged(FIRST, SECOND))
    assert (of(agent, FIRST), of(agent, SECOND), of(agent, OTHER)) == ([], sorted([opened, closed]), [theirs])
    stored = database["cases"].find_one({"_id": closed})
    assert stored is not None
    assert (stored["state"], stored["resolution"], len(stored["outbox"])) == ("closed", "Sent somebody.", 3)


@pytest.mark.parametrize("order", [((FIRST, SECOND), (SECOND, THIRD)), ((SECOND, THIRD), (FIRST, SECOND))])
def test_merges_of_one_family_end_at_the_same_customer_in_whatever_order_they_are_heard(
    consumers: FeedbackConsumers, agent: FeedbackServiceStub, order: tuple[tuple[str, str], ...]
) -> None:
    cases = [an_open(agent, customer_id=customer_id).id for customer_id in (FIRST, SECOND, THIRD)]
    for doublet, survivor in order:
        consumers.on_customer_merged(merged(doublet, survivor))
    assert of(agent, THIRD) == cases


def test_an_order_of_the_doublet_that_is_accepted_later_opens_the_survivors_case(
    consumers: FeedbackConsumers, agent: FeedbackServiceStub
) -> None:
    consumers.on_customer_merged(merged(FIRST, SECOND))
    consumers.on_order_accepted(heard("contracts.order_accepted", customer_id=FIRST))
    assert (of(agent, FIRST), len(of(agent, SECOND))) == ([], 1)


def test_a_case_that_somebody_opens_for_the_doublet_later_is_the_survivors_at_once(
    consumers: FeedbackConsumers, agent: FeedbackServiceStub, database: Database[dict[str, Any]]
) -> None:
    consumers.on_customer_merged(merged(FIRST, SECOND))
    case = an_open(agent, customer_id=FIRST)
    assert (case.customer_id, of(agent, FIRST), of(agent, SECOND)) == (SECOND, [], [case.id])
    stored = database["cases"].find_one({"_id": case.id})
    assert stored is not None
    assert [each["data"]["customer_id"] for each in stored["outbox"]] == [SECOND]


def test_a_case_that_is_opened_while_the_merge_is_heard_is_the_survivors(
    consumers: FeedbackConsumers, agent: FeedbackServiceStub
) -> None:
    class Meanwhile(SystemClock):
        """The time is asked between the look at the merges and the write."""

        def now(self) -> datetime:
            consumers.on_customer_merged(merged(FIRST, SECOND))
            return super().now()

    open_case = OpenCase(MongoCases(SystemClock()), MongoMergedCustomers(), MongoErasedMembers(), Meanwhile())
    details = CaseDetails(kind=CaseKind.COMPLAINT, title="Nobody came", customer_id=FIRST)
    case = open_case(details, request_id="")
    assert (case.customer_id, of(agent, FIRST), of(agent, SECOND)) == (SECOND, [], [case.id])


def test_a_merge_of_what_is_no_customer_is_refused_and_moves_nothing(
    consumers: FeedbackConsumers, agent: FeedbackServiceStub
) -> None:
    case = an_open(agent, customer_id=FIRST).id
    for wrong in (merged("con_00000000000000000000000001", SECOND), merged(FIRST, ""), merged("", SECOND)):
        with pytest.raises(InvalidId):
            consumers.on_customer_merged(wrong)
    assert of(agent, FIRST) == [case]
