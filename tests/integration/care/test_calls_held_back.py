"""Nobody is sent to a person who is erased or asked to be left alone."""

from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import call_list_pb2, visit_pb2
from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import members_service_pb2 as members_pb
from membercare.care.v1 import visits_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from membercare.care.v1.visits_service_pb2_grpc import VisitsServiceStub
from services.care.app.visits import build_plan_call
from services.care.store.visits.call_lists import MongoCallLists
from services.care.usecases.visits.sweep_visits import SettleVisits
from services.chassis.clock import SystemClock
from tests.integration.calling import Calling
from tests.integration.care.calls_due import ALWAYS, CUSTOMER, LINDA, OMAR, agent, next_of, planned
from tests.integration.care.people import registered


@pytest.fixture
def ops(calling: Calling) -> CareServiceStub:
    return calling.as_role(CareServiceStub, "ops")


@pytest.fixture
def people(calling: Calling) -> MembersServiceStub:
    return calling.as_role(MembersServiceStub, "admin")


def leave_alone(ops: CareServiceStub, member_id: str, *, alone: bool = True) -> None:
    patch = care.UpdateMemberRequest()
    patch.member.id, patch.member.do_not_contact = member_id, alone
    patch.update_mask.paths.append("do_not_contact")
    ops.UpdateMember(patch)


def erase(people: MembersServiceStub, member_id: str) -> None:
    people.EraseMember(members_pb.EraseMemberRequest(member_id=member_id, reason="asked by letter"))


def visit_of(ops: CareServiceStub, visit_id: str) -> visit_pb2.Visit:
    return ops.GetVisit(care.GetVisitRequest(visit_id=visit_id)).visit


def test_a_call_to_who_must_not_be_contacted_is_held_back_with_its_reason_until_that_is_lifted(
    calling: Calling, ops: CareServiceStub
) -> None:
    member = registered(ops)
    (visit,) = planned(member_id=member.id)
    leave_alone(ops, member.id)
    assert next_of(calling, LINDA, subject="linda") == ""
    hold = visit_of(ops, visit).hold
    assert (hold.reason, hold.explanation_en, hold.explanation_zh) == (
        "DO_NOT_CONTACT",
        "The member must not be contacted.",
        "该会员已标记为请勿联系。",
    )
    queue = agent(calling).ListCallQueue(pb.ListCallQueueRequest()).visits
    assert [(each.id, each.hold.reason, each.state) for each in queue] == [
        (visit, "DO_NOT_CONTACT", visit_pb2.VISIT_STATE_DUE)
    ]
    leave_alone(ops, member.id, alone=False)
    assert not visit_of(ops, visit).HasField("hold")
    assert next_of(calling, LINDA, subject="linda") == visit


def test_more_calls_held_back_than_are_read_at_once_do_not_hide_one_that_may_be_made(
    calling: Calling, ops: CareServiceStub
) -> None:
    alone, other = registered(ops), registered(ops)
    planned(60, member_id=alone.id)
    leave_alone(ops, alone.id)
    (free,) = planned(due=SystemClock().now().date(), member_id=other.id)
    assert next_of(calling, LINDA, subject="linda") == free


def test_a_call_in_hand_is_laid_down_once_the_member_must_not_be_contacted(
    calling: Calling, ops: CareServiceStub
) -> None:
    first, second = registered(ops), registered(ops)
    (held,) = planned(member_id=first.id)
    assert next_of(calling, LINDA, subject="linda") == held
    (other,) = planned(member_id=second.id)
    leave_alone(ops, first.id)
    assert [next_of(calling, LINDA, subject="linda") for _ in range(2)] == [other, other]
    assert visit_of(ops, held).claimed_by_id == ""


def test_what_is_held_back_is_not_shared_out(calling: Calling, ops: CareServiceStub) -> None:
    member = registered(ops)
    (visit,) = planned(member_id=member.id)
    leave_alone(ops, member.id)
    lead = calling.as_role(VisitsServiceStub, "manager")
    lead.PutCallAgent(pb.PutCallAgentRequest(agent=call_list_pb2.CallAgent(agent_id=OMAR)))
    assert lead.ShareOutVisits(pb.ShareOutVisitsRequest()).given == 0
    assert visit_of(ops, visit).owner_id == ""


def test_a_call_to_a_doublet_is_made_to_the_member_it_was_merged_into_as_that_one_may_be_called(
    calling: Calling, ops: CareServiceStub, people: MembersServiceStub
) -> None:
    doublet, survivor = registered(ops), registered(ops)
    (visit,) = planned(member_id=doublet.id)
    people.MergeMembers(members_pb.MergeMembersRequest(member_id=doublet.id, into_id=survivor.id))
    leave_alone(ops, survivor.id)
    assert next_of(calling, LINDA, subject="linda") == ""
    leave_alone(ops, survivor.id, alone=False)
    assert next_of(calling, LINDA, subject="linda") == visit


def test_erasing_a_member_withdraws_every_open_call_of_all_doublets_and_a_repeat_changes_nothing(
    calling: Calling, ops: CareServiceStub, people: MembersServiceStub, database: Database[dict[str, Any]]
) -> None:
    doublet, member, other = (registered(ops, customer_id=CUSTOMER) for _ in range(3))
    mine = [*planned(2, member_id=member.id), *planned(member_id=doublet.id)]
    (others,) = planned(member_id=other.id)
    people.MergeMembers(members_pb.MergeMembersRequest(member_id=doublet.id, into_id=member.id))
    assert next_of(calling, LINDA, subject="linda") in [*mine, others]
    erase(people, member.id)
    states = {(each.state, each.cancel_reason, each.claimed_by_id) for each in (visit_of(ops, key) for key in mine)}
    assert states == {(visit_pb2.VISIT_STATE_CANCELLED, "MEMBER_ERASED", "")}
    told = visit_of(ops, mine[0])
    assert (told.cancel_explanation_en, told.cancel_explanation_zh) == (
        "The personal data of the member were erased.",
        "该会员的个人数据已被删除。",
    )
    assert [next_of(calling, LINDA, subject="linda") for _ in range(2)] == [others, others]
    before = list(database["visits"].find().sort("_id", 1))
    erase(people, member.id)
    assert list(database["visits"].find().sort("_id", 1)) == before


def test_no_letter_follows_to_who_was_erased_after_tries_in_vain(
    calling: Calling, ops: CareServiceStub, people: MembersServiceStub, database: Database[dict[str, Any]]
) -> None:
    member = registered(ops, customer_id=CUSTOMER)
    (visit,) = planned(member_id=member.id)
    wrong = pb.LogAttemptRequest(visit_id=visit, outcome=visit_pb2.ATTEMPT_OUTCOME_WRONG_NUMBER)
    agent(calling).LogAttempt(wrong)
    erase(people, member.id)
    lists = MongoCallLists.of(SystemClock())
    assert SettleVisits(lists, lists.visits, build_plan_call(ALWAYS, SystemClock()))(lambda: True, lambda *_: None) == 0
    (stored,) = database["visits"].find()
    assert (stored["_id"], stored["state"]) == (visit, "VISIT_STATE_COMPLETED")


def test_a_call_planned_while_the_member_was_being_erased_is_given_to_nobody(
    calling: Calling, ops: CareServiceStub, database: Database[dict[str, Any]]
) -> None:
    member = registered(ops)
    (visit,) = planned(member_id=member.id)
    database["members"].update_one({"_id": member.id}, {"$set": {"erased_time": SystemClock().now()}})
    assert next_of(calling, LINDA, subject="linda") == ""
    assert visit_of(ops, visit).hold.reason == "MEMBER_GONE"
