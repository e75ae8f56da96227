"""Journeys from the member who is due to the last step, on a real database."""

from datetime import date, timedelta
from typing import Any

import pytest

from deploy.local.sink_client import SinkProcess
from services.care.domain.campaigns.campaign import CampaignVerb
from services.care.domain.campaigns.plan import Goal, Holdout
from services.care.domain.campaigns.versions import RevisionVerb
from services.care.domain.channels import Channel
from services.care.domain.journeys.outcomes import StepOutcome
from services.care.domain.journeys.run import PassedStep
from services.care.domain.journeys.steps import (
    BranchArm,
    BranchStep,
    EndStep,
    SendStep,
    TaskStep,
    WaitForDuration,
    WaitForEvent,
    WaitStep,
)
from services.care.domain.members.member import Member
from services.care.domain.segments.facts import Act
from services.care.domain.sending.caps import Cap, CapPeriod
from services.care.domain.span import Span, TimeUnit
from services.care.store.segments.member_facts import MongoMemberFacts
from services.chassis.ids import new_id
from tests.integration.care.greetings import Greetings, a_plan, utc
from tests.integration.care.journeying import Journeys

TWO_DAYS = WaitForDuration(Span(2, TimeUnit.DAY))
HELLO_WAIT_ASK = (SendStep("hello"), WaitStep("pause", TWO_DAYS), SendStep("ask"))
SEGMENT = "seg_00000000000000000000000001"


@pytest.fixture
def journeys(greetings: Greetings) -> Journeys:
    return Journeys(greetings)


def did(greetings: Greetings, member: Member, *, act: str, at: str) -> None:
    MongoMemberFacts().did(Act(act, utc(at), new_id("evt", utc(at))), member_id=member.id)
    greetings.set_on(member.id, heard_time=utc(at))  # the database stamps it by its own clock


async def test_the_regular_sweep_begins_the_journey_of_a_member_who_is_due_once_and_plans_no_message_itself(
    journeys: Journeys, sink: SinkProcess
) -> None:
    journeys.greetings.member()
    journeys.running(*HELLO_WAIT_ASK)
    begun = [journeys.greetings.sweep(token=1, leading=lambda: True) for _ in range(2)]
    assert (begun, journeys.where(), journeys.sent()) == ([1, 0], [("hello", "UNDER_WAY", "")], [])


async def test_a_member_who_is_due_goes_from_message_over_a_wait_to_the_next_message(
    journeys: Journeys, sink: SinkProcess
) -> None:
    member = journeys.greetings.member()
    campaign = journeys.running(*HELLO_WAIT_ASK)
    assert (journeys.enrol(campaign), journeys.enrol(campaign)) == (1, 0)
    await journeys.at("2026-11-22 02:00")
    assert journeys.where() == [("pause", "UNDER_WAY", "")]
    await journeys.at("2026-11-24 01:59")
    assert journeys.sent() == [("hello", "SENT", "")]
    await journeys.at("2026-11-24 02:00")
    assert journeys.sent() == [("ask", "SENT", ""), ("hello", "SENT", "")]
    assert journeys.run().history == (
        PassedStep("hello", utc("2026-11-22 02:00"), StepOutcome.PLANNED),
        PassedStep("pause", utc("2026-11-24 02:00"), StepOutcome.PASSED),
        PassedStep("ask", utc("2026-11-24 02:00"), StepOutcome.PLANNED),
    )
    assert journeys.where() == [("ask", "ENDED", "COMPLETED")]
    assert len(sink.messages(to=member.email)) == 2


async def test_trap_pause_of_a_journey_throws_people_out(journeys: Journeys) -> None:
    for _ in range(3):
        journeys.greetings.member()
    campaign = journeys.running(*HELLO_WAIT_ASK, WaitStep("long", TWO_DAYS), EndStep("over", "told all"))
    journeys.enrol(campaign)
    await journeys.at("2026-11-22 02:00")
    journeys.greetings.move(campaign, CampaignVerb.PAUSE)
    before = journeys.runs()
    for moment in ("2026-11-22 14:00", "2026-11-24 01:00", "2026-11-24 02:00"):  # the wait ends during the pause
        await journeys.at(moment)
    assert journeys.runs() == before
    journeys.greetings.move(campaign, CampaignVerb.RESUME)
    await journeys.at("2026-11-24 02:30")
    assert journeys.sent() == [("ask", "SENT", "")] * 3 + [("hello", "SENT", "")] * 3
    assert journeys.where() == [("long", "UNDER_WAY", "")] * 3
    await journeys.at("2026-11-26 02:30")
    assert journeys.where() == [("over", "ENDED", "COMPLETED")] * 3
    assert {run.detail for run in journeys.runs()} == {"told all"}


async def test_trap_rate_limiter_that_silently_ends_the_journey(journeys: Journeys) -> None:
    member = journeys.greetings.member()
    journeys.greetings.rules(caps=(Cap(1, CapPeriod.WEEK),))
    campaign = journeys.running(SendStep("hello"), SendStep("again", await_outcome=True), WaitStep("pause", TWO_DAYS))
    journeys.enrol(campaign)
    await journeys.at("2026-11-22 02:00")
    await journeys.at("2026-11-22 02:01")
    states = {step: (state, reason) for step, state, reason in journeys.sent()}
    assert sorted(states.values()) == [("SENT", ""), ("SKIPPED", "FREQUENCY_CAP")]
    assert journeys.where() == [("pause", "UNDER_WAY", "")]
    assert member.id == journeys.run().member_id


async def test_trap_holdout_leaks_through_a_journey(journeys: Journeys, sink: SinkProcess) -> None:
    members = [journeys.callable_member() for _ in range(20)]
    campaign = journeys.running(SendStep("hello"), TaskStep("call", "Call and ask"), holdout=Holdout(5_000))
    journeys.enrol(campaign)
    await journeys.at("2026-11-22 02:00")
    held = {run.member_id for run in journeys.runs() if run.reason == "HOLDOUT"}
    assert 2 <= len(held) <= 18
    reached = {member.id for member in members if sink.messages(to=member.email)}
    assert reached == {member.id for member in members} - held
    assert set(journeys.greetings.database["visits"].distinct("member_id")) == reached
    assert journeys.greetings.database["touches"].count_documents({"member_id": {"$in": list(held)}}) == 0


async def test_a_kill_between_what_a_step_makes_and_the_run_repeats_nothing(
    journeys: Journeys, sink: SinkProcess
) -> None:
    member = journeys.callable_member()
    campaign = journeys.running(SendStep("hello"), TaskStep("call", "Call and ask"), WaitStep("pause", TWO_DAYS))
    journeys.enrol(campaign)
    begun = journeys.greetings.database["journey_runs"].find_one({})
    assert begun is not None
    for _ in range(3):  # the job dies after planning and before saving: the run is as it was
        await journeys.at("2026-11-22 02:00")
        journeys.greetings.database["journey_runs"].replace_one({"_id": begun["_id"]}, begun)
    await journeys.at("2026-11-22 02:05")
    assert journeys.where() == [("pause", "UNDER_WAY", "")]
    assert len(sink.messages(to=member.email)) == 1
    assert journeys.greetings.database["visits"].count_documents({}) == 1


async def test_a_leader_that_was_overtaken_writes_nothing_more(journeys: Journeys) -> None:
    journeys.greetings.member()
    journeys.enrol(journeys.running(WaitStep("short", WaitForDuration(Span(1, TimeUnit.HOUR))), SendStep("hello")))
    journeys.greetings.token = 7
    journeys.advance()
    journeys.greetings.token = 6
    await journeys.at("2026-11-22 03:00")
    assert journeys.where() == [("short", "UNDER_WAY", "")]
    journeys.greetings.token = 8
    await journeys.at("2026-11-22 03:00")
    assert journeys.where() == [("hello", "ENDED", "COMPLETED")]


@pytest.mark.parametrize(("acts", "outcome"), [(True, "HAPPENED"), (False, "TIMED_OUT")])
async def test_a_wait_for_an_event_goes_one_way_when_it_comes_and_another_when_it_does_not(
    journeys: Journeys, acts: bool, outcome: str
) -> None:
    member = journeys.greetings.member()
    did(journeys.greetings, member, act="case_closed", at="2026-11-22 01:00")  # before it was waited for
    waits = WaitStep("answer", WaitForEvent("case_closed", Span(1, TimeUnit.DAY), "late"), next="thanks")
    campaign = journeys.running(waits, SendStep("thanks", next="over"), SendStep("late"), EndStep("over"))
    journeys.enrol(campaign)
    await journeys.at("2026-11-22 02:00")
    assert journeys.run().wake_time == utc("2026-11-23 02:00")
    if acts:
        did(journeys.greetings, member, act="case_closed", at="2026-11-22 05:00")
        await journeys.at("2026-11-22 05:01")
    else:
        await journeys.at("2026-11-23 02:00")
    assert journeys.sent() == [("thanks" if acts else "late", "SENT", "")]
    assert journeys.run().history[0].outcome.value == f"STEP_OUTCOME_{outcome}"
    assert journeys.where() == [("over", "ENDED", "COMPLETED")]


async def test_a_branch_asks_for_the_last_outcome(journeys: Journeys) -> None:
    reached, skipped = journeys.callable_member(), journeys.callable_member(consents={"call": {"care": True}})
    ways = BranchStep("how", (BranchArm("", "call", StepOutcome.SKIPPED),), "over")
    steps = (SendStep("hello", await_outcome=True), ways, TaskStep("call", "Call and ask"), EndStep("over"))
    journeys.enrol(journeys.running(*steps))
    await journeys.at("2026-11-22 02:00")
    assert journeys.where() == [("over", "ENDED", "COMPLETED")] * 2
    passed = {run.member_id: [each.step for each in run.history] for run in journeys.runs()}
    assert passed == {reached.id: ["hello", "how"], skipped.id: ["hello", "how", "call"]}
    assert journeys.greetings.database["visits"].distinct("member_id") == [skipped.id]


async def test_a_run_that_cannot_go_on_is_parked_with_its_reason_and_never_stops_the_rest(journeys: Journeys) -> None:
    journeys.greetings.member()
    lost = BranchStep("who", (BranchArm(SEGMENT, "over"),))
    broken, sound = journeys.running(lost, EndStep("over")), journeys.running(SendStep("hello"))
    for campaign in (broken, sound):
        journeys.enrol(campaign)
    for minutes in (0, 1, 11):
        journeys.greetings.clock.set(utc("2026-11-22 02:00") + timedelta(minutes=minutes))
        journeys.advance()
    assert journeys.where() == [("hello", "ENDED", "COMPLETED"), ("who", "PARKED", "STEP_FAILED")]
    assert {run.detail for run in journeys.runs()} == {"", "SEGMENT_NOT_FOUND"}


@pytest.mark.parametrize(
    ("verb", "reason"),
    [(CampaignVerb.ARCHIVE, "CAMPAIGN_ARCHIVED"), (CampaignVerb.FINISH, "CAMPAIGN_FINISHED")],
)
async def test_a_campaign_that_is_over_ends_its_journeys_with_the_reason(
    journeys: Journeys, verb: CampaignVerb, reason: str
) -> None:
    journeys.greetings.member()
    campaign = journeys.running(*HELLO_WAIT_ASK)
    journeys.enrol(campaign)
    await journeys.at("2026-11-22 02:00")
    journeys.greetings.move(campaign, verb)
    await journeys.at("2026-11-24 02:00")
    assert journeys.where() == [("pause", "ENDED", reason)]
    assert journeys.sent() == [("hello", "SENT", "")]


async def test_whoever_began_under_a_version_finishes_under_it(journeys: Journeys) -> None:
    journeys.greetings.member()
    campaign = journeys.running(*HELLO_WAIT_ASK)
    journeys.enrol(campaign)
    await journeys.at("2026-11-22 02:00")
    now = journeys.greetings.clock.now()
    short = a_plan(trigger=campaign.plan.trigger, steps=(EndStep("nothing"),))
    journeys.greetings.campaigns.change(
        campaign.id,
        lambda stored: (
            stored.revise(short, name="", by="author", now=now)
            .move_revision(RevisionVerb.SUBMIT, by="author", now=now)
            .move_revision(RevisionVerb.APPROVE, by="approver", now=now)
        ),
        etag="",
        request_id="",
    )
    await journeys.at("2026-11-24 02:00")
    assert journeys.where() == [("ask", "ENDED", "COMPLETED")]
    assert journeys.sent() == [("ask", "SENT", ""), ("hello", "SENT", "")]


async def test_a_goal_that_is_reached_and_a_member_who_is_gone_end_the_journey(journeys: Journeys) -> None:
    members = [journeys.greetings.member() for _ in range(3)]
    campaign = journeys.running(*HELLO_WAIT_ASK, goal=Goal("contract_activated", 30))
    journeys.enrol(campaign)
    await journeys.at("2026-11-22 02:00")
    did(journeys.greetings, members[0], act="contract_activated", at="2026-11-23 02:00")
    journeys.greetings.set_on(members[1].id, merged_into_id=members[2].id)
    journeys.greetings.set_on(members[2].id, erased_time=utc("2026-11-23 02:00"))
    await journeys.at("2026-11-24 02:00")
    assert sorted(run.reason for run in journeys.runs()) == ["GOAL_REACHED", "MEMBER_GONE", "MEMBER_MERGED"]
    assert journeys.sent() == [("hello", "SENT", "")] * 3


async def test_who_unsubscribed_stays_in_the_journey_and_only_the_message_is_skipped(journeys: Journeys) -> None:
    member = journeys.greetings.member()
    journeys.enrol(journeys.running(*HELLO_WAIT_ASK, WaitStep("long", TWO_DAYS)))
    await journeys.at("2026-11-22 02:00")
    journeys.greetings.set_on(member.id, consents={Channel.EMAIL.value: {"care": False}})
    await journeys.at("2026-11-24 02:00")
    assert journeys.sent() == [("ask", "SKIPPED", "NO_EMAIL_CONSENT"), ("hello", "SENT", "")]
    assert journeys.where() == [("long", "UNDER_WAY", "")]


def test_those_who_wait_are_not_read(journeys: Journeys) -> None:
    for _ in range(5):
        journeys.greetings.member()
    campaign = journeys.running(WaitStep("pause", TWO_DAYS), SendStep("hello"))
    journeys.enrol(campaign)
    journeys.advance()
    runs = journeys.greetings.database["journey_runs"]
    due: dict[str, Any] = {"state": "JOURNEY_RUN_STATE_UNDER_WAY", "campaign_id": campaign.id}
    due["wake_time"] = {"$lte": utc("2026-11-23 02:00")}
    told = runs.database.command("explain", {"find": "journey_runs", "filter": due}, verbosity="executionStats")
    looked = told["executionStats"]
    assert (looked["totalKeysExamined"], looked["totalDocsExamined"]) == (0, 0)
    assert date(2026, 11, 22) == journeys.runs()[0].day
