"""What goes along when members are merged, and what is never said to the same person twice."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from membercare.care.v1 import members_service_pb2 as pb
from membercare.care.v1 import sending_service_pb2 as sending
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from membercare.care.v1.sending_service_pb2_grpc import SendingServiceStub
from services.care.domain.campaigns.triggers import EventTrigger
from services.care.domain.channels import Channel
from services.care.domain.journeys.outcomes import StepOutcome
from services.care.domain.journeys.steps import EndStep, TaskStep, WaitForDuration, WaitStep
from services.care.domain.segments.facts import Act, Answer
from services.care.domain.sending.caps import Cap, CapPeriod
from services.care.domain.span import Span, TimeUnit
from services.care.store.members.belongings import MongoBelongings
from services.care.store.segments.member_facts import MongoMemberFacts
from tests.integration.calling import Calling
from tests.integration.care.greetings import TEMPLATES, Greetings, solar, utc
from tests.integration.care.journeying import Journeys
from tests.integration.care.keeping import Keeping

BORN = solar("1990-11-22")
CUSTOMER = "cus_00000000000000000000000001"
NOON = utc("2026-11-22 12:00")


@pytest.fixture
def people(calling: Calling) -> MembersServiceStub:
    return calling.as_role(MembersServiceStub, "ops")


def merge(people: MembersServiceStub, doublet: str, *, into: str) -> None:
    people.MergeMembers(pb.MergeMembersRequest(member_id=doublet, into_id=into))


async def test_who_was_greeted_as_a_doublet_is_not_greeted_again_as_the_survivor(
    greetings: Greetings, mail: Keeping, people: MembersServiceStub
) -> None:
    campaign = greetings.running()
    doublet, survivor = greetings.member(birthday=BORN), greetings.member()
    greetings.plan(campaign)
    await greetings.dispatch()
    merge(people, doublet.id, into=survivor.id)  # the survivor takes the birthday over
    greetings.set_on(survivor.id, update_time=greetings.clock.now())
    greetings.plan(campaign)
    await greetings.dispatch()
    found = {each["member_id"]: (each["state"], each["reason"]) for each in greetings.database["touches"].find()}
    assert found == {
        doublet.id: ("TOUCH_STATE_SENT", ""),
        survivor.id: ("TOUCH_STATE_SKIPPED", "ALREADY_GREETED"),
    }
    assert len(mail.kept) == 1


async def test_a_merge_between_two_greetings_of_one_person_lets_one_leave_whatever_its_channel(
    greetings: Greetings, mail: Keeping, sms: Keeping, people: MembersServiceStub
) -> None:
    greetings.clock.set(utc("2026-11-22 00:00"))
    doublet = greetings.member(birthday=BORN, time_zone="Asia/Tokyo")  # an hour before the other one
    survivor = greetings.member(birthday=BORN, email="", phone="+8613800138000")
    greetings.set_on(survivor.id, consents={"sms": {"care": True}})
    words = (*TEMPLATES, *(type(each)(each.language, "", each.body, channel=Channel.SMS) for each in TEMPLATES))
    greetings.plan(greetings.running(channels=(Channel.EMAIL, Channel.SMS), templates=words))
    assert await greetings.dispatch() == 1
    merge(people, doublet.id, into=survivor.id)
    greetings.clock.set(utc("2026-11-22 01:00"))
    await greetings.dispatch()
    assert (len(mail.kept), sms.kept) == (1, [])
    assert greetings.lines() == [("email", "SENT", ""), ("email", "SKIPPED", "ALREADY_GREETED")]


async def test_a_greeting_that_the_doublet_did_not_get_is_for_the_survivor(
    greetings: Greetings, mail: Keeping, people: MembersServiceStub
) -> None:
    campaign = greetings.running()
    doublet = greetings.member(birthday=BORN, email_consent=False)
    survivor = greetings.member(birthday=BORN)
    greetings.plan(campaign)
    merge(people, doublet.id, into=survivor.id)
    await greetings.dispatch()
    assert sorted(greetings.lines()) == [("email", "SENT", ""), ("email", "SKIPPED", "MEMBER_GONE")]
    assert len(mail.kept) == 1


async def test_the_next_occurrence_is_for_the_survivor(
    greetings: Greetings, mail: Keeping, people: MembersServiceStub
) -> None:
    campaign = greetings.running()
    doublet, survivor = greetings.member(birthday=BORN), greetings.member()
    greetings.plan(campaign)
    await greetings.dispatch()
    merge(people, doublet.id, into=survivor.id)
    greetings.clock.set(utc("2027-11-22 02:00"))
    greetings.plan(campaign)
    await greetings.dispatch()
    assert greetings.ledger()[-1] == ("2027-11-22", "SENT", "")
    assert len(mail.kept) == 2


async def test_a_campaign_that_must_not_come_again_too_soon_counts_what_the_doublet_got(
    greetings: Greetings, mail: Keeping, people: MembersServiceStub
) -> None:
    greetings.clock.set(utc("2026-11-22 00:00"))
    campaign = greetings.running(trigger=EventTrigger("case_closed", again_after_days=5), send_at="")
    greetings.clock.set(utc("2026-11-22 02:00"))
    doublet, survivor = greetings.member(), greetings.member()
    did(doublet.id, at="2026-11-22 01:00")
    greetings.plan(campaign)
    await greetings.dispatch()
    merge(people, doublet.id, into=survivor.id)
    did(survivor.id, at="2026-11-22 01:30", event="evt_2")
    greetings.set_on(survivor.id, heard_time=greetings.clock.now())
    greetings.plan(campaign)
    await greetings.dispatch()
    assert len(mail.kept) == 1


@pytest.mark.parametrize("known", ["neither", "doublet", "survivor", "both"])
async def test_contacts_of_the_doublet_count_under_the_caps_of_the_survivor(
    greetings: Greetings, mail: Keeping, people: MembersServiceStub, known: str
) -> None:
    """Whoever was met under caps before has a record; the others are told by the ledger."""
    doublet, survivor = greetings.member(birthday=BORN), greetings.member(birthday=BORN)
    greetings.rules(caps=(Cap(3, CapPeriod.DAY),))
    for _ in range(2):
        greetings.plan(greetings.running())
    await greetings.dispatch()  # two each
    names = {"neither": [], "doublet": [doublet.id], "survivor": [survivor.id], "both": [doublet.id, survivor.id]}
    greetings.database["contact_history"].delete_many({"_id": {"$nin": names[known]}})
    for _ in range(2):
        merge(people, doublet.id, into=survivor.id)
    greetings.plan(greetings.running(priority=90))
    await greetings.dispatch()
    assert [each["reason"] for each in greetings.database["touches"].find({"priority": 90})] == ["FREQUENCY_CAP"]
    assert len(mail.kept) == 4
    assert not greetings.database["contact_history"].find_one({"_id": doublet.id})


def did(member_id: str, *, at: str, event: str = "evt_1", act: str = "case_closed") -> None:
    MongoMemberFacts().did(Act(act, utc(at), event), member_id=member_id)


def test_acts_and_answers_of_the_doublet_are_the_survivors_newest_first_and_each_once(
    greetings: Greetings, people: MembersServiceStub, database: Database[dict[str, Any]]
) -> None:
    doublet, survivor = (greetings.member(customer_id=CUSTOMER) for _ in range(2))
    facts = MongoMemberFacts()
    both = Act("contract_activated", utc("2026-11-01 00:00"), "evt_both")
    facts.customer_did(both, customer_id=CUSTOMER)
    did(doublet.id, at="2026-11-05 00:00", event="evt_d")
    did(survivor.id, at="2026-11-04 00:00", event="evt_s")
    facts.answered(Answer("visit", 2, utc("2026-11-06 00:00"), "evt_a"), member_id=doublet.id)
    for _ in range(2):
        merge(people, doublet.id, into=survivor.id)
    did(doublet.id, at="2026-11-05 00:00", event="evt_d")  # said again, of the doublet
    found = database["members"].find_one({"_id": survivor.id}) or {}
    assert found["acts"] == {
        "contract_activated": [utc("2026-11-01 00:00")],
        "case_closed": [utc("2026-11-05 00:00"), utc("2026-11-04 00:00")],
    }
    assert found["last_acts"]["case_closed"] == found["last_act_time"] == utc("2026-11-05 00:00")
    assert found["answers"] == [{"survey": "visit", "score": 2, "at": utc("2026-11-06 00:00")}]


@pytest.mark.parametrize(
    ("doublet_openid", "survivor_openid", "left"),
    [("op-1", "op-1", 5), ("op-1", "", 5), ("", "op-1", 5), ("op-1", "op-2", 2)],
    ids=["same", "taken over", "unknown", "another"],
)
def test_wechat_credits_go_along_with_the_address_that_they_were_given_for(
    calling: Calling,
    greetings: Greetings,
    people: MembersServiceStub,
    *,
    doublet_openid: str,
    survivor_openid: str,
    left: int,
) -> None:
    doublet, survivor = greetings.member(wechat_id=doublet_openid), greetings.member(wechat_id=survivor_openid)
    ops = calling.as_role(SendingServiceStub, "ops")
    granted = sending.GrantWechatCreditsRequest(member_id=doublet.id, template_id="t1", count=3, request_id="r1")
    ops.GrantWechatCredits(granted)
    own = sending.GrantWechatCreditsRequest(member_id=survivor.id, template_id="t1", count=2, request_id="r2")
    ops.GrantWechatCredits(own)
    for _ in range(2):
        merge(people, doublet.id, into=survivor.id)
    for asked in (doublet.id, survivor.id):
        told = ops.GetWechatCredits(sending.GetWechatCreditsRequest(member_id=asked)).credits
        assert [(each.template_id, each.left) for each in told] == [("t1", left)]
    if left == 5:
        assert ops.GrantWechatCredits(granted).left == 5  # told again of the doublet, it counts once


def test_nothing_goes_along_to_who_was_erased(greetings: Greetings, database: Database[dict[str, Any]]) -> None:
    doublet, survivor = greetings.member(), greetings.member()
    did(doublet.id, at="2026-11-05 00:00")
    greetings.set_on(survivor.id, erased_time=NOON)
    before = database["members"].find_one({"_id": survivor.id})
    MongoBelongings().carry(doublet.id, survivor.id, now=NOON + timedelta(days=1))
    assert database["members"].find_one({"_id": survivor.id}) == before


CALL = TaskStep("call", "Call and ask")
MAY_CALL = {"call": {"care": True}}


@pytest.mark.parametrize("withdrawn", [False, True], ids=["called", "withdrawn"])
async def test_a_call_that_a_journey_made_under_the_doublets_id_is_not_asked_for_again(
    greetings: Greetings, people: MembersServiceStub, *, withdrawn: bool
) -> None:
    journeys = Journeys(greetings)
    campaign = journeys.running(CALL, EndStep("over"))
    doublet = journeys.callable_member()
    journeys.enrol(campaign)
    await journeys.at("2026-11-22 02:00")
    survivor = journeys.callable_member()
    merge(people, doublet.id, into=survivor.id)
    if withdrawn:
        greetings.database["visits"].update_many({}, {"$set": {"state": "VISIT_STATE_CANCELLED"}})
    greetings.set_on(survivor.id, update_time=greetings.clock.now(), consents=MAY_CALL)
    journeys.enrol(campaign)
    await journeys.at("2026-11-22 03:00")
    (way,) = (run for run in journeys.runs() if run.member_id == survivor.id)
    outcome = (StepOutcome.PLANNED, "") if withdrawn else (StepOutcome.SKIPPED, "ALREADY_GREETED")
    assert (way.history[0].outcome, way.history[0].reason) == outcome
    assert greetings.database["visits"].count_documents({}) == 1 + withdrawn


async def test_a_call_of_another_step_under_the_doublets_id_does_not_count(
    greetings: Greetings, people: MembersServiceStub
) -> None:
    journeys = Journeys(greetings)
    doublet, survivor = journeys.callable_member(), journeys.callable_member()
    campaign = journeys.running(
        CALL, WaitStep("pause", WaitForDuration(Span(1, TimeUnit.DAY))), TaskStep("again", "Ask")
    )
    journeys.enrol(campaign)
    await journeys.at("2026-11-22 02:00")
    merge(people, doublet.id, into=survivor.id)
    greetings.set_on(survivor.id, consents=MAY_CALL)
    await journeys.at("2026-11-23 02:00")
    (way,) = (run for run in journeys.runs() if run.member_id == survivor.id)
    assert [each.outcome for each in way.history] == [StepOutcome.PLANNED, StepOutcome.PASSED, StepOutcome.PLANNED]
    assert [run.reason for run in journeys.runs() if run.member_id == doublet.id] == ["MEMBER_MERGED"]
    assert greetings.database["visits"].count_documents({}) == 3
