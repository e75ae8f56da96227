"""Journeys over a real socket: where members stand, in two languages, and what people may do about it."""

from dataclasses import dataclass

import pytest

from membercare.care.v1 import campaigns_service_pb2 as campaigns_pb
from membercare.care.v1 import journey_run_pb2
from membercare.care.v1 import journeys_service_pb2 as pb
from membercare.care.v1 import members_service_pb2 as members_pb
from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceStub
from membercare.care.v1.journeys_service_pb2_grpc import JourneysServiceStub
from membercare.care.v1.members_service_pb2_grpc import MembersServiceStub
from services.care.domain.campaigns.campaign import CampaignVerb
from services.care.domain.journeys.steps import BranchArm, BranchStep, SendStep, WaitForDuration, WaitStep
from services.care.domain.span import Span, TimeUnit
from tests.integration.calling import Calling, refused
from tests.integration.care.greetings import Greetings, utc
from tests.integration.care.journeying import Journeys

PAUSE = WaitStep("pause", WaitForDuration(Span(2, TimeUnit.DAY)))
LONG_PAUSE = WaitStep("pause", WaitForDuration(Span(500, TimeUnit.WEEK)))
NOWHERE = BranchStep("who", (BranchArm("seg_00000000000000000000000001", "hello"),))


@dataclass
class Room:
    """A journey, and who asks about it."""

    journeys: Journeys
    ops: JourneysServiceStub
    auditor: JourneysServiceStub


@pytest.fixture
def room(greetings: Greetings, calling: Calling) -> Room:
    stubs = (calling.as_role(JourneysServiceStub, role) for role in ("ops", "auditor"))
    return Room(Journeys(greetings), *stubs)


def test_where_a_member_stands_is_told_in_both_languages_also_while_the_campaign_is_paused(room: Room) -> None:
    member = room.journeys.greetings.member()
    campaign = room.journeys.running(LONG_PAUSE, SendStep("hello"))
    room.journeys.enrol(campaign)
    room.journeys.advance()
    room.journeys.greetings.move(campaign, CampaignVerb.PAUSE)
    listed = pb.ListJourneyRunsRequest(filter=pb.JourneyRunFilter(member_id=member.id))
    (run,) = room.auditor.ListJourneyRuns(listed).runs
    assert run.explanation_en == (
        "At step pause; it goes on at 2036-06-22 02:00 UTC. The campaign is paused: the member keeps this place."
    )
    assert run.explanation_zh == ("位于步骤 pause，将于 2036-06-22 02:00 UTC 继续。活动已暂停：该会员保留在此位置。")
    assert list(room.auditor.BatchGetJourneyRuns(pb.BatchGetJourneyRunsRequest(run_ids=[run.id])).runs) == [run]


def test_who_is_on_the_way_is_not_foreseen_to_begin_once_more(room: Room, calling: Calling) -> None:
    member = room.journeys.greetings.member()
    campaign = room.journeys.running(PAUSE, SendStep("hello"))
    campaigns = calling.as_role(CampaignsServiceStub, "ops")
    asked = campaigns_pb.PreviewCampaignRunRequest(campaign_id=campaign.id, date="2026-11-22")
    before = campaigns.PreviewCampaignRun(asked).counts
    assert [(each.verdict, each.count) for each in before] == [("WILL_BE_SENT", 1)]
    room.journeys.enrol(campaign)
    run = campaigns.PreviewCampaignRun(asked)
    assert [(each.verdict, each.count) for each in run.counts] == [("IN_JOURNEY", 1)]
    assert [each.member_id for each in run.messages] == [member.id]


def test_who_is_erased_is_on_no_way_any_more(room: Room, calling: Calling) -> None:
    member = room.journeys.greetings.member()
    campaign = room.journeys.running(LONG_PAUSE, SendStep("hello"))
    room.journeys.enrol(campaign)
    room.journeys.advance()
    erase = members_pb.EraseMemberRequest(member_id=member.id, reason="asked by letter")
    calling.as_role(MembersServiceStub, "admin").EraseMember(erase)
    (run,) = room.auditor.ListJourneyRuns(
        pb.ListJourneyRunsRequest(filter=pb.JourneyRunFilter(campaign_id=campaign.id))
    ).runs
    assert (run.state, run.reason) == (journey_run_pb2.JOURNEY_RUN_STATE_ENDED, "MEMBER_GONE")
    assert not run.HasField("wake_time")
    assert run.explanation_en == "The journey is over: the member no longer exists."


def test_members_are_counted_by_step_state_and_reason(room: Room) -> None:
    for _ in range(2):
        room.journeys.greetings.member()
    campaign = room.journeys.running(PAUSE, SendStep("hello"))
    room.journeys.enrol(campaign)
    room.journeys.advance()
    removed = pb.RemoveFromJourneyRequest(run_id=room.journeys.runs()[0].id, why="Moved away")
    room.ops.RemoveFromJourney(removed)
    counts = room.auditor.CountJourneyRuns(pb.CountJourneyRunsRequest(campaign_id=campaign.id)).counts
    told = sorted((each.step, each.reason, each.count) for each in counts)
    assert told == [("pause", "", 1), ("pause", "REMOVED", 1)]


def test_whoever_is_removed_stays_out_with_the_reason_however_often_it_is_said(room: Room) -> None:
    room.journeys.greetings.member()
    campaign = room.journeys.running(PAUSE, SendStep("hello"))
    room.journeys.enrol(campaign)
    request = pb.RemoveFromJourneyRequest(run_id=room.journeys.run().id, why="Moved away")
    first = room.ops.RemoveFromJourney(request).run
    assert (first.reason, first.detail, first.ended_by) == ("REMOVED", "Moved away", "somebody")
    assert first.explanation_en == "The member was taken out of the journey at step pause: Moved away"
    assert room.ops.RemoveFromJourney(request).run == first
    room.journeys.greetings.clock.set(utc("2026-11-24 03:00"))
    room.journeys.advance()
    room.journeys.enrol(campaign)
    assert room.journeys.where() == [("pause", "ENDED", "REMOVED")]
    assert room.journeys.sent() == []


def test_a_parked_run_is_tried_again_and_one_that_is_not_parked_is_refused(room: Room) -> None:
    room.journeys.greetings.member()
    room.journeys.enrol(room.journeys.running(NOWHERE, SendStep("hello")))
    for moment in ("2026-11-22 02:00", "2026-11-22 02:01", "2026-11-22 02:11"):
        room.journeys.greetings.clock.set(utc(moment))
        room.journeys.advance()
    request = pb.RetryJourneyRunRequest(run_id=room.journeys.run().id)
    again = room.ops.RetryJourneyRun(request).run
    assert (again.state, again.reason) == (journey_run_pb2.JOURNEY_RUN_STATE_UNDER_WAY, "")
    room.ops.RemoveFromJourney(pb.RemoveFromJourneyRequest(run_id=again.id, why="Given up"))
    assert refused(room.ops.RetryJourneyRun, request).reason == "JOURNEY_RUN_NOT_PARKED"
    assert room.journeys.run().reason == "REMOVED"


def test_a_list_without_campaign_or_member_an_empty_reason_and_a_stranger_are_refused(room: Room) -> None:
    room.journeys.greetings.member()
    room.journeys.enrol(room.journeys.running(PAUSE))
    before = room.journeys.run()
    assert refused(room.ops.ListJourneyRuns, pb.ListJourneyRunsRequest()).metadata["field"] == "filter"
    nameless = pb.RemoveFromJourneyRequest(run_id=before.id)
    assert refused(room.ops.RemoveFromJourney, nameless).metadata["field"] == "why"
    named = pb.RemoveFromJourneyRequest(run_id=before.id, why="x")
    assert refused(room.auditor.RemoveFromJourney, named).reason == "FORBIDDEN"
    assert room.journeys.run() == before


def test_a_token_that_no_page_returned_is_refused_and_not_answered_with_an_empty_page(room: Room) -> None:
    room.journeys.greetings.member()
    campaign = room.journeys.running(PAUSE, SendStep("hello"))
    room.journeys.enrol(campaign)
    asked = pb.ListJourneyRunsRequest(filter=pb.JourneyRunFilter(campaign_id=campaign.id), page_token="zzz")
    refusal = refused(room.auditor.ListJourneyRuns, asked)
    assert (refusal.reason, refusal.field) == ("INVALID_ID", "page_token")
