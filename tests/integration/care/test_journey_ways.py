"""Which way a journey takes, and when its waits are over, through the engine and read through the gateway."""

from datetime import date

import pytest

from membercare.care.v1 import segment_pb2 as rules
from membercare.care.v1 import segments_service_pb2 as segments
from membercare.care.v1.segments_service_pb2_grpc import SegmentsServiceStub
from services.care.domain.journeys.steps import (
    BranchArm,
    BranchStep,
    EndStep,
    SendStep,
    WaitStep,
    WaitUntilDate,
    WaitUntilLocalTime,
)
from tests.fakes.suite import Client
from tests.integration.calling import Calling
from tests.integration.care.greetings import Greetings
from tests.integration.care.journeying import Journeys
from tests.integration.care.keeping import Keeping

RUNS = '{ journeyRuns(filter: {campaignId: "%s"}) { nodes { memberId state reason history { step } } } }'
SUNDAY_MORNING = "2026-11-22 02:00"
"""10:00 in Shanghai."""


@pytest.fixture
def journeys(greetings: Greetings, mail: Keeping) -> Journeys:
    return Journeys(greetings)


def a_segment(calling: Calling) -> str:
    vip = rules.Segment(name="VIP", rule=rules.SegmentRule(tag=rules.WordList(any_of=["vip"])))
    stub = calling.as_role(SegmentsServiceStub, "ops")
    return stub.CreateSegment(segments.CreateSegmentRequest(segment=vip)).segment.id


async def test_a_branch_leads_the_members_of_a_segment_one_way_and_all_others_another(
    journeys: Journeys, calling: Calling, gateway: Client
) -> None:
    vip, other = journeys.greetings.member(tags=("vip",)), journeys.greetings.member(tags=("new",))
    ways = BranchStep("who", (BranchArm(a_segment(calling), "gold"),), "usual")
    campaign = journeys.running(ways, SendStep("usual", next="over"), SendStep("gold"), EndStep("over"))
    journeys.enrol(campaign)
    await journeys.at(SUNDAY_MORNING)
    sent = {each["member_id"]: each["step"] for each in journeys.greetings.database["touches"].find()}
    assert sent == {vip.id: "gold", other.id: "usual"}
    runs = (await gateway.data(RUNS % campaign.id))["journeyRuns"]["nodes"]
    assert {run["memberId"]: [passed["step"] for passed in run["history"]] for run in runs} == {
        vip.id: ["who", "gold"],
        other.id: ["who", "usual"],
    }
    assert {(run["state"], run["reason"]) for run in runs} == {("ENDED", "COMPLETED")}


async def test_whoever_joins_the_segment_during_a_wait_takes_its_way(journeys: Journeys, calling: Calling) -> None:
    member = journeys.greetings.member()
    wait = WaitStep("pause", WaitUntilDate(date(2026, 11, 23)))
    ways = BranchStep("who", (BranchArm(a_segment(calling), "gold"),), "over")
    journeys.enrol(journeys.running(wait, ways, SendStep("gold"), EndStep("over")))
    await journeys.at(SUNDAY_MORNING)
    journeys.greetings.change_member(member, tags=("vip",))
    await journeys.at("2026-11-23 02:00")
    assert journeys.sent() == [("gold", "SENT", "")]


async def test_a_wait_for_a_wall_time_is_over_on_the_wanted_weekday_by_the_clock_of_each_member(
    journeys: Journeys, mail: Keeping
) -> None:
    shanghai = journeys.greetings.member()
    angeles = journeys.greetings.member(time_zone="America/Los_Angeles")
    wait = WaitStep("evening", WaitUntilLocalTime("18:00", weekdays=(1,)))
    journeys.enrol(journeys.running(wait, SendStep("hello")))
    reached = []
    for moment in (
        SUNDAY_MORNING,
        "2026-11-22 18:00",  # Sunday, 10:00 in Los Angeles: its journey begins
        "2026-11-23 09:59",
        "2026-11-23 10:00",  # Monday, 18:00 in Shanghai
        "2026-11-24 01:59",
        "2026-11-24 02:00",  # Monday, 18:00 in Los Angeles
    ):
        await journeys.at(moment)
        reached.append([each.to for each in mail.kept])
    assert reached == [[], [], [], [shanghai.email], [shanghai.email], [shanghai.email, angeles.email]]


@pytest.mark.parametrize(
    ("day", "before", "over"),
    [
        (date(2026, 11, 25), "2026-11-25 01:59", "2026-11-25 02:00"),
        (date(2026, 11, 1), "2026-11-22 01:59", SUNDAY_MORNING),  # it is over: at once
    ],
)
async def test_a_wait_for_a_date_is_over_at_the_hour_of_the_plan(
    journeys: Journeys, day: date, before: str, over: str
) -> None:
    journeys.greetings.member()
    journeys.enrol(journeys.running(WaitStep("date", WaitUntilDate(day)), SendStep("hello")))
    await journeys.at(before)
    assert journeys.sent() == []
    await journeys.at(over)
    assert journeys.sent() == [("hello", "SENT", "")]
