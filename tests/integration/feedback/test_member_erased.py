"""A member was erased in care: what people wrote in the cases of that person goes, and stays away."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from pymongo.database import Database

from membercare.feedback.v1 import case_pb2
from membercare.feedback.v1 import feedback_service_pb2 as pb
from membercare.feedback.v1.feedback_service_pb2_grpc import FeedbackServiceStub
from services.chassis.clock import SystemClock
from services.chassis.errors import InvalidId, Kind
from services.feedback.consumers import FeedbackConsumers
from services.feedback.domain.case import FORGOTTEN, CaseDetails
from services.feedback.domain.kinds import CaseKind
from services.feedback.store import MongoCases, MongoErasedMembers, MongoMergedCustomers
from services.feedback.usecases.open_case import OpenCase
from tests.integration.calling import Calling, refused
from tests.integration.feedback.builders import MEMBER, OTHER_MEMBER, a_closed, an_open, new_case
from tests.integration.golden import heard

WRITTEN = {"title": "Mrs Shen waits", "description": "She lives at 5 Garden Road.", "member_id": MEMBER}


def erased(member_id: str = MEMBER) -> dict[str, Any]:
    return heard("care.member_erased", member_id=member_id)


@pytest.fixture
def agent(calling: Calling) -> FeedbackServiceStub:
    return calling.as_role(FeedbackServiceStub, "agent")


def words_of(stub: FeedbackServiceStub, case_id: str) -> tuple[str, str, str]:
    case = stub.GetCase(pb.GetCaseRequest(case_id=case_id)).case
    return case.title, case.description, case.resolution


def test_what_was_written_about_an_erased_person_goes_and_the_figures_stay(
    consumers: FeedbackConsumers, agent: FeedbackServiceStub, database: Database[dict[str, Any]]
) -> None:
    opened, closed = an_open(agent, **WRITTEN), a_closed(agent, **WRITTEN)
    theirs = an_open(agent, **WRITTEN | {"member_id": OTHER_MEMBER})
    for _ in range(2):
        consumers.on_member_erased(erased())
    assert words_of(agent, opened.id) == (FORGOTTEN, "", "")
    assert words_of(agent, closed.id) == (FORGOTTEN, "", FORGOTTEN)
    assert words_of(agent, theirs.id)[:2] == (WRITTEN["title"], WRITTEN["description"])
    left = agent.GetCase(pb.GetCaseRequest(case_id=closed.id)).case
    assert (left.number, left.closed_on_time, left.closed_time, left.member_id) == (
        closed.number,
        True,
        closed.closed_time,
        MEMBER,
    )
    stored = list(database["cases"].find({"member_id": MEMBER}))
    assert "Garden" not in str(stored)
    assert [len(each["outbox"]) for each in stored] == [1, 3]  # nothing more was said


def test_many_cases_of_one_person_are_emptied_page_by_page(
    consumers: FeedbackConsumers, agent: FeedbackServiceStub
) -> None:
    pages_of_two = replace(consumers, forget_member=replace(consumers.forget_member, page=2))
    cases = [an_open(agent, **WRITTEN).id for _ in range(5)]
    pages_of_two.on_member_erased(erased())
    assert {words_of(agent, each) for each in cases} == {(FORGOTTEN, "", "")}


def test_bad_news_of_an_erased_person_that_comes_late_opens_a_case_without_words(
    consumers: FeedbackConsumers, agent: FeedbackServiceStub
) -> None:
    consumers.on_member_erased(erased())
    consumers.on_visit_completed(heard("care.visit_completed", member_id=MEMBER, words="She is unhappy."))
    (case,) = agent.ListCases(pb.ListCasesRequest(filter=pb.CaseFilter(member_id=MEMBER))).cases
    assert (case.kind, case.title, case.description) == (case_pb2.CASE_KIND_COMPLAINT, FORGOTTEN, "")


def test_a_case_that_is_opened_while_the_erasure_is_heard_is_emptied(
    consumers: FeedbackConsumers, agent: FeedbackServiceStub
) -> None:
    class Meanwhile(SystemClock):
        """The time is asked between the look at the erasures and the write."""

        def now(self) -> datetime:
            consumers.on_member_erased(erased())
            return super().now()

    open_case = OpenCase(MongoCases(SystemClock()), MongoMergedCustomers(), MongoErasedMembers(), Meanwhile())
    case = open_case(CaseDetails(kind=CaseKind.COMPLAINT, title="Mrs Shen waits", member_id=MEMBER), request_id="")
    assert words_of(agent, case.id) == (FORGOTTEN, "", "")


def test_staff_cannot_write_about_an_erased_person(consumers: FeedbackConsumers, agent: FeedbackServiceStub) -> None:
    consumers.on_member_erased(erased())
    refusal = refused(agent.OpenCase, new_case(**WRITTEN))
    assert (refusal.kind, refusal.reason, refusal.field) == (Kind.PRECONDITION, "MEMBER_ERASED", "member_id")
    assert not agent.ListCases(pb.ListCasesRequest()).cases
    an_open(agent, title="A cooler leaks")


def test_an_erasure_of_what_is_no_member_is_refused(consumers: FeedbackConsumers) -> None:
    for wrong in ("", "cus_00000000000000000000000001"):
        with pytest.raises(InvalidId):
            consumers.on_member_erased(erased(wrong))
