"""Agents work through call lists over a real socket."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import call_list_pb2, visit_pb2
from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import visits_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.visits_service_pb2_grpc import VisitsServiceStub
from services.care.app.visits import build_plan_call
from services.care.domain.visits.calling import CLAIM, Hand
from services.care.store.members.privacy import MongoPersonalData
from services.care.store.visits.call_lists import MongoCallLists
from services.care.store.visits.kept import call_agents
from services.care.usecases.visits.next_call import NextCall
from services.care.usecases.visits.sweep_visits import NoteOverdue, SettleVisits
from services.care.usecases.visits.work_call import ShareOut
from services.chassis.clock import SystemClock
from tests.fakes.clock import FrozenClock
from tests.integration.calling import Calling, refused
from tests.integration.care.calls_due import (
    ALWAYS,
    CUSTOMER,
    LINDA,
    OMAR,
    PAUL,
    YESTERDAY,
    agent,
    next_of,
    planned,
)
from tests.integration.care.greetings import Greetings


@pytest.fixture
def lists(database: Database[dict[str, Any]]) -> MongoCallLists:
    return MongoCallLists.of(SystemClock())


def test_two_agents_who_ask_at_the_same_time_never_get_the_same_call(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    planned(6)
    employees = [f"emp_0000000000000000000000000{number}" for number in range(8)]
    stubs = {employee: agent(calling, employee) for employee in employees}

    def ask(employee: str) -> str:
        return stubs[employee].NextCall(pb.NextCallRequest(agent_id=employee)).visit.id

    with ThreadPoolExecutor(8) as pool:
        got = Counter(pool.map(ask, employees))
    assert got.pop("") == 2
    assert sorted(got.values()) == [1] * 6
    assert database["visits"].count_documents({"claimed_by": {"$gt": ""}}) == 6


def test_an_agent_who_asks_again_gets_what_is_in_hand_and_after_giving_it_back_another_may(calling: Calling) -> None:
    (visit,) = planned()
    assert next_of(calling, LINDA, subject="linda") == visit
    assert next_of(calling, LINDA, subject="linda") == visit
    assert next_of(calling, OMAR, subject="omar") == ""
    agent(calling).ReleaseCall(pb.ReleaseCallRequest(visit_id=visit))
    owned = calling.as_role(VisitsServiceStub, "manager").AssignVisit(pb.AssignVisitRequest(visit_id=visit)).visit
    assert owned.owner_id == ""
    assert next_of(calling, OMAR, subject="omar") == visit


def test_a_repeated_request_gets_the_same_call(calling: Calling) -> None:
    planned(2)
    stub, asked = agent(calling), pb.NextCallRequest(agent_id=LINDA, request_id="r1")
    first = stub.NextCall(asked).visit.id
    stub.LogAttempt(pb.LogAttemptRequest(visit_id=first, outcome=visit_pb2.ATTEMPT_OUTCOME_NO_ANSWER, request_id="r2"))
    stub.LogAttempt(pb.LogAttemptRequest(visit_id=first, outcome=visit_pb2.ATTEMPT_OUTCOME_NO_ANSWER, request_id="r2"))
    again = stub.NextCall(asked).visit
    assert (again.id, len(again.attempts)) == (first, 1)


def test_what_needs_a_skill_goes_to_who_has_it_and_what_is_not_due_to_nobody(calling: Calling) -> None:
    lead = calling.as_role(VisitsServiceStub, "manager")
    lead.PutCallAgent(pb.PutCallAgentRequest(agent=call_list_pb2.CallAgent(agent_id=OMAR, skills=["pumps"], share=50)))
    planned(due=YESTERDAY + timedelta(days=9))
    (pumps,) = planned(skill="pumps")
    assert next_of(calling, LINDA, subject="linda") == ""
    assert next_of(calling, OMAR, subject="omar") == pumps


def test_tries_in_vain_lead_to_an_sms_and_a_letter_which_are_withdrawn_once_the_customer_answers(
    calling: Calling, lists: MongoCallLists, database: Database[dict[str, Any]]
) -> None:
    (visit,) = planned()
    stub = agent(calling)
    told = stub.LogAttempt(
        pb.LogAttemptRequest(visit_id=visit, outcome=visit_pb2.ATTEMPT_OUTCOME_WRONG_NUMBER, note="A bakery")
    ).visit
    assert (told.state, told.outcome) == (visit_pb2.VISIT_STATE_COMPLETED, visit_pb2.VISIT_OUTCOME_UNREACHABLE)
    settle = SettleVisits(lists, lists.visits, build_plan_call(ALWAYS, SystemClock()))
    failures: list[str] = []
    assert [settle(lambda: True, lambda key, _: failures.append(key)) for _ in range(2)] == [1, 0]
    letters = list(database["visits"].find({"follow_up_of": visit}))
    assert [(each["means"], each["state"]) for each in letters] == [("VISIT_MEANS_LETTER", "VISIT_STATE_DUE")]
    assert failures == []
    types = [said["type"] for said in database["visits"].find_one({"_id": visit})["outbox"]]  # type: ignore[index]
    assert types == ["visit_due", "visit_completed", "visit_unreachable"]


def test_the_letter_is_not_sent_after_the_customer_called_because_of_the_sms(
    calling: Calling, lists: MongoCallLists, database: Database[dict[str, Any]]
) -> None:
    (visit,) = planned()
    care_agent = calling.as_subject(CareServiceStub, "linda", "agent")
    care_agent.CompleteVisit(care.CompleteVisitRequest(visit_id=visit, outcome=visit_pb2.VISIT_OUTCOME_UNREACHABLE))
    settle = SettleVisits(lists, lists.visits, build_plan_call(ALWAYS, SystemClock()))
    settle(lambda: True, lambda *_: None)
    sms = database["visits"].find_one({"follow_up_of": visit, "means": "VISIT_MEANS_SMS"})
    assert sms is not None
    answered = care.CompleteVisitRequest(visit_id=sms["_id"], outcome=visit_pb2.VISIT_OUTCOME_SATISFIED)
    care_agent.CompleteVisit(answered)
    settle(lambda: True, lambda *_: None)
    letter = database["visits"].find_one({"follow_up_of": visit, "means": "VISIT_MEANS_LETTER"})
    assert letter is not None
    assert (letter["state"], letter["cancel_reason"]) == ("VISIT_STATE_CANCELLED", "REACHED_OTHERWISE")


def test_an_overdue_visit_is_said_once_and_one_bad_record_does_not_stop_the_others(
    lists: MongoCallLists, database: Database[dict[str, Any]]
) -> None:
    broken, *rest = planned(3)
    database["visits"].update_one({"_id": broken}, {"$set": {"time_zone": "Nowhere/Atall"}})
    note, failed = NoteOverdue(lists, lists.visits, SystemClock()), list[str]()
    assert [note(lambda: True, lambda key, _: failed.append(key)) for _ in range(2)] == [2, 0]
    assert set(failed) == {broken}
    types = [said["type"] for key in rest for said in database["visits"].find_one({"_id": key})["outbox"]]  # type: ignore[index]
    assert types.count("visit_overdue") == 2


def test_what_is_nobodys_and_what_belongs_to_who_is_away_is_shared_out_fairly(
    calling: Calling, lists: MongoCallLists, database: Database[dict[str, Any]]
) -> None:
    today = SystemClock().now().date().isoformat()
    lead = calling.as_role(VisitsServiceStub, "manager")
    for known in (
        call_list_pb2.CallAgent(agent_id=LINDA),
        call_list_pb2.CallAgent(agent_id=OMAR),
        call_list_pb2.CallAgent(agent_id=PAUL, away_from=today, away_through="2999-01-01"),
    ):
        lead.PutCallAgent(pb.PutCallAgentRequest(agent=known))
    planned(4)
    planned(3, owner_id=PAUL)
    planned(3, owner_id=LINDA)
    share = ShareOut(lists, lists.visits, call_agents(SystemClock()), SystemClock(), "UTC")
    assert [share(through=YESTERDAY) for _ in range(2)] == [7, 0]
    assert Counter(each["owner_id"] for each in database["visits"].find()) == {LINDA: 5, OMAR: 5}
    assert lead.ShareOutVisits(pb.ShareOutVisitsRequest(from_id=LINDA)).given == 5
    assert Counter(each["owner_id"] for each in database["visits"].find()) == {OMAR: 10}


def test_queues_show_what_is_mine_what_is_nobodys_and_what_is_late_by_day_and_page(
    calling: Calling, lists: MongoCallLists
) -> None:
    later, earlier = planned(due=YESTERDAY), planned(2, due=YESTERDAY - timedelta(days=1))
    mine = planned(owner_id=LINDA)
    stub = agent(calling)

    def queue(token: str = "", size: int = 0, **filters: Any) -> pb.ListCallQueueResponse:
        return stub.ListCallQueue(
            pb.ListCallQueueRequest(filter=pb.CallQueueFilter(**filters), page_size=size, page_token=token)
        )

    unassigned: dict[str, Any] = {"view": call_list_pb2.QUEUE_VIEW_UNASSIGNED}
    first = queue(size=2, **unassigned)
    assert [each.id for each in first.visits] == sorted(earlier)
    rest = queue(first.next_page_token, size=2, **unassigned)
    assert ([each.id for each in rest.visits], rest.next_page_token) == (later, "")
    assert [each.id for each in queue(view=call_list_pb2.QUEUE_VIEW_MINE, agent_id=LINDA).visits] == mine
    overdue: dict[str, Any] = {"view": call_list_pb2.QUEUE_VIEW_OVERDUE}
    assert len(queue(**overdue).visits) == 0
    NoteOverdue(lists, lists.visits, SystemClock())(lambda: True, lambda *_: None)
    assert len(queue(**overdue).visits) == 4


@pytest.mark.parametrize(
    ("filters", "token", "field"),
    [
        ({"view": 99}, "", "filter.view"),
        ({"view": call_list_pb2.QUEUE_VIEW_MINE}, "", "filter.agent_id"),
        ({"view": call_list_pb2.QUEUE_VIEW_UNASSIGNED, "agent_id": LINDA}, "", "filter.agent_id"),
        ({"kind": 99}, "", "filter.kind"),
        ({"due_through": "soon"}, "", "filter.due_through"),
        ({}, "vis_1", "page_token"),
        ({}, "2026-11-22/x", "page_token"),
    ],
)
def test_a_queue_that_makes_no_sense_is_refused(
    calling: Calling, filters: dict[str, Any], token: str, *, field: str
) -> None:
    asked = pb.ListCallQueueRequest(filter=pb.CallQueueFilter(**filters), page_token=token)
    assert refused(agent(calling).ListCallQueue, asked).field == field


def test_what_another_has_in_hand_is_neither_tried_nor_completed_nor_moved(
    calling: Calling, database: Database[dict[str, Any]]
) -> None:
    (visit,) = planned()
    next_of(calling, LINDA, subject="linda")
    (before,) = database["visits"].find()
    omar = agent(calling, "omar")
    tried = pb.LogAttemptRequest(visit_id=visit, outcome=visit_pb2.ATTEMPT_OUTCOME_BUSY)
    assert refused(omar.LogAttempt, tried).reason == "VISIT_CLAIMED"
    day = (SystemClock().now().date() + timedelta(days=3)).isoformat()
    moved = pb.RescheduleVisitRequest(visit_id=visit, due_date=day, reason="x", window_from="10:00", window_to="11:00")
    assert refused(omar.RescheduleVisit, moved).reason == "VISIT_CLAIMED"
    done = care.CompleteVisitRequest(visit_id=visit, outcome=visit_pb2.VISIT_OUTCOME_SATISFIED)
    care_omar = calling.as_subject(CareServiceStub, "omar", "agent")
    assert refused(care_omar.CompleteVisit, done).reason == "VISIT_CLAIMED"
    assert list(database["visits"].find()) == [before]
    assert agent(calling).RescheduleVisit(moved).visit.due_date == day


def test_a_call_is_not_given_to_whose_work_it_asks_about(calling: Calling) -> None:
    (visit,) = planned(avoid_id=LINDA, owner_id=OMAR)
    manager = calling.as_role(VisitsServiceStub, "manager")
    refusal = refused(manager.AssignVisit, pb.AssignVisitRequest(visit_id=visit, owner_id=LINDA))
    assert (refusal.reason, refusal.field) == ("VISIT_AVOIDS_OWNER", "owner_id")
    assert next_of(calling, LINDA, subject="linda") == ""
    given = manager.AssignVisit(pb.AssignVisitRequest(visit_id=visit, owner_id=PAUL)).visit
    assert given.owner_id == PAUL


def test_a_call_that_the_customer_wants_on_a_later_day_is_not_late_until_then(
    calling: Calling, lists: MongoCallLists
) -> None:
    (visit,) = planned()
    note = NoteOverdue(lists, lists.visits, SystemClock())
    assert note(lambda: True, lambda *_: None) == 1
    asked = pb.LogAttemptRequest(visit_id=visit, outcome=visit_pb2.ATTEMPT_OUTCOME_CALL_BACK)
    asked.call_back_time.FromDatetime(SystemClock().now() + timedelta(days=3))
    logged = agent(calling).LogAttempt(asked).visit
    late = pb.CallQueueFilter(view=call_list_pb2.QUEUE_VIEW_OVERDUE)
    assert not logged.HasField("overdue_time")
    assert not agent(calling).ListCallQueue(pb.ListCallQueueRequest(filter=late)).visits
    assert note(lambda: True, lambda *_: None) == 0


def test_a_visit_is_not_put_into_quiet_hours(calling: Calling) -> None:
    (visit,) = planned()
    day = (SystemClock().now().date() + timedelta(days=3)).isoformat()
    early = pb.RescheduleVisitRequest(visit_id=visit, due_date=day, reason="x", window_from="05:00", window_to="10:00")
    assert refused(agent(calling).RescheduleVisit, early).reason == "QUIET_HOURS"


def test_visits_that_nobody_finished_are_free_again_when_the_time_is_over(lists: MongoCallLists) -> None:
    (visit,) = planned()
    clock = FrozenClock(SystemClock().now())
    ask = NextCall(lists, lists.holds, call_agents(clock), clock)
    assert ask(Hand(LINDA, "linda"), request_id="").id == visit  # type: ignore[union-attr]
    assert ask(Hand(LINDA, "linda at another desk"), request_id="") is None
    clock.advance(CLAIM)
    assert ask(Hand(LINDA, "linda at another desk"), request_id="").id == visit  # type: ignore[union-attr]


def test_what_was_noted_of_a_person_is_forgotten_with_the_person(
    calling: Calling, greetings: Greetings, database: Database[dict[str, Any]]
) -> None:
    member = greetings.member(customer_id=CUSTOMER)
    (visit,) = planned(member_id=member.id)
    noted = pb.LogAttemptRequest(visit_id=visit, outcome=visit_pb2.ATTEMPT_OUTCOME_BUSY, note="Is on holiday")
    agent(calling).LogAttempt(noted)
    MongoPersonalData().forget([member.id], now=greetings.clock.now())
    (stored,) = database["visits"].find()
    assert [(each["outcome"], each["note"]) for each in stored["attempts"]] == [("ATTEMPT_OUTCOME_BUSY", "")]
