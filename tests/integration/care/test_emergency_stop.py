"""While a campaign, or everything, is stopped, nothing reaches a member by a journey's task or the call list either."""

from typing import Any

import pytest

from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import journey_run_pb2
from membercare.care.v1 import journeys_service_pb2 as journeys_pb
from membercare.care.v1 import sending_service_pb2 as sending
from membercare.care.v1 import visits_service_pb2 as pb
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from membercare.care.v1.journeys_service_pb2_grpc import JourneysServiceStub
from membercare.care.v1.sending_service_pb2_grpc import SendingServiceStub
from services.care.domain.campaigns.campaign import CampaignVerb
from services.care.domain.channels import Purpose
from services.care.domain.journeys.steps import EndStep, SendStep, TaskStep
from services.care.domain.members.member import Member
from services.care.domain.visits.kinds import VisitKind
from tests.integration.calling import Calling
from tests.integration.care.calls_due import LINDA, agent, next_of, planned
from tests.integration.care.greetings import Greetings
from tests.integration.care.journeying import Journeys

CALL_THEN_MAIL = (TaskStep("call", "Call and ask"), SendStep("hello"))
CASE = "cas_00000000000000000000000001"


@pytest.fixture
def journeys(greetings: Greetings) -> Journeys:
    return Journeys(greetings)


def stop_all(calling: Calling) -> None:
    calling.as_role(SendingServiceStub, "ops").StopAllSending(sending.StopAllSendingRequest(reason="wrong price"))


def allow_all(calling: Calling) -> None:
    calling.as_role(SendingServiceStub, "ops").AllowSending(sending.AllowSendingRequest())


def visits(journeys: Journeys) -> int:
    return journeys.greetings.database["visits"].count_documents({})


def run_of(calling: Calling, member: Member) -> journey_run_pb2.JourneyRun:
    asked = journeys_pb.ListJourneyRunsRequest(filter=journeys_pb.JourneyRunFilter(member_id=member.id))
    (run,) = calling.as_role(JourneysServiceStub, "auditor").ListJourneyRuns(asked).runs
    return run


def hold_of(calling: Calling, visit_id: str) -> tuple[str, str, str]:
    stub = calling.as_role(CareServiceStub, "ops")
    hold = stub.GetVisit(care.GetVisitRequest(visit_id=visit_id)).visit.hold
    return hold.reason, hold.explanation_en, hold.explanation_zh


async def test_while_all_sending_is_stopped_a_journey_plans_neither_task_nor_message_and_everybody_keeps_their_place(
    journeys: Journeys, calling: Calling
) -> None:
    member = journeys.callable_member()
    journeys.enrol(journeys.running(*CALL_THEN_MAIL))
    stop_all(calling)
    await journeys.at("2026-11-22 02:00")
    assert (journeys.where(), visits(journeys), journeys.sent()) == ([("call", "UNDER_WAY", "")], 0, [])
    told = run_of(calling, member)
    assert told.explanation_en.endswith("All sending is stopped: the member keeps this place.")
    assert told.explanation_zh.endswith("全部发送已停止：该会员保留在此位置。")
    allow_all(calling)
    await journeys.at("2026-11-22 03:00")
    assert (journeys.where(), visits(journeys)) == ([("hello", "ENDED", "COMPLETED")], 1)
    assert journeys.sent() == [("hello", "SENT", "")]


async def test_a_paused_campaign_plans_no_task(journeys: Journeys) -> None:
    journeys.callable_member()
    campaign = journeys.running(*CALL_THEN_MAIL)
    journeys.enrol(campaign)
    journeys.greetings.move(campaign, CampaignVerb.PAUSE)
    await journeys.at("2026-11-22 02:00")
    assert (journeys.where(), visits(journeys)) == ([("call", "UNDER_WAY", "")], 0)
    journeys.greetings.move(campaign, CampaignVerb.RESUME)
    await journeys.at("2026-11-22 03:00")
    assert visits(journeys) == 1


@pytest.mark.parametrize(
    ("everything", "hold"),
    [
        (False, ("CAMPAIGN_PAUSED", "The campaign is paused.", "该活动已暂停。")),
        (True, ("SENDING_STOPPED", "All sending was stopped by hand.", "全部发送已被人工紧急停止。")),
    ],
)
async def test_calls_that_a_stopped_campaign_asked_for_are_held_back_with_the_reason_and_others_are_not(
    journeys: Journeys, calling: Calling, everything: bool, hold: tuple[str, str, str]
) -> None:
    member = journeys.callable_member()
    campaign = journeys.running(*CALL_THEN_MAIL)
    journeys.enrol(campaign)
    await journeys.at("2026-11-22 02:00")
    (of_run,) = journeys.greetings.database["visits"].distinct("_id")
    (of_touch,) = planned(kind=VisitKind.CAMPAIGN, member_id=member.id, campaign_id=campaign.id)
    (owed,) = planned(member_id=member.id)
    if everything:
        stop_all(calling)
    else:
        journeys.greetings.move(campaign, CampaignVerb.PAUSE)
    assert [hold_of(calling, each) for each in (of_run, of_touch, owed)] == [hold, hold, ("", "", "")]
    assert [next_of(calling, LINDA, subject="linda") for _ in range(2)] == [owed, owed]
    queue = agent(calling).ListCallQueue(pb.ListCallQueueRequest()).visits
    assert {each.id for each in queue if each.HasField("hold")} >= {of_run, of_touch}
    if everything:
        allow_all(calling)
    else:
        journeys.greetings.move(campaign, CampaignVerb.RESUME)
    assert [hold_of(calling, each) for each in (of_run, of_touch)] == [("", "", "")] * 2
    agent(calling).ReleaseCall(pb.ReleaseCallRequest(visit_id=owed))
    assert next_of(calling, LINDA, subject="linda") in {of_run, of_touch, owed}


async def test_calls_of_an_archived_campaign_are_given_to_nobody(journeys: Journeys, calling: Calling) -> None:
    member = journeys.callable_member()
    campaign = journeys.running(*CALL_THEN_MAIL)
    journeys.enrol(campaign)
    (visit,) = planned(kind=VisitKind.CAMPAIGN, member_id=member.id, campaign_id=campaign.id)
    journeys.greetings.move(campaign, CampaignVerb.ARCHIVE)
    assert next_of(calling, LINDA, subject="linda") == ""
    assert hold_of(calling, visit) == ("CAMPAIGN_ARCHIVED", "The campaign is archived.", "该活动已归档。")


@pytest.mark.parametrize(
    ("stored", "reason", "english", "chinese"),
    [
        ({"do_not_contact": True}, "DO_NOT_CONTACT", "The member must not be contacted.", "该会员已标记为请勿联系。"),
        ({"complaints": [CASE]}, "COMPLAINT_OPEN", "A complaint of the member is open.", "该会员有未关闭的投诉。"),
        (
            {"cheerless_until": "2026-11-22"},
            "NO_CHEERFUL_MESSAGES",
            "The member gets no cheerful messages at present.",
            "该会员目前不接收喜庆类消息。",
        ),
        (
            {"consents": {"email": {"care": True}}},
            "NO_CONSENT",
            "The member has not agreed to such messages by this channel.",
            "该会员未同意通过该渠道接收此类消息。",
        ),
        (
            {"suppressed": {"call": "WRONG_NUMBER"}},
            "ADDRESS_SUPPRESSED",
            "The address is suppressed after a bounce or a complaint.",
            "该地址因退信或投诉已被停用。",
        ),
    ],
)
async def test_a_task_is_refused_by_what_refuses_a_message_and_the_journey_goes_on(  # a table
    journeys: Journeys, calling: Calling, stored: dict[str, Any], reason: str, english: str, chinese: str
) -> None:
    member = journeys.callable_member(**stored)
    journeys.enrol(journeys.running(TaskStep("call", "Call and ask"), EndStep("over")))
    await journeys.at("2026-11-22 02:00")
    assert (visits(journeys), journeys.where()) == (0, [("over", "ENDED", "COMPLETED")])
    passed = run_of(calling, member).history[0]
    assert (passed.step, passed.reason, passed.explanation_en, passed.explanation_zh) == (
        "call",
        reason,
        english,
        chinese,
    )


async def test_a_task_of_service_needs_no_consent_and_one_that_is_not_cheerful_is_planned_despite_mourning(
    journeys: Journeys,
) -> None:
    journeys.callable_member(consents={})
    journeys.callable_member(cheerless_until="2026-12-31", complaints=[CASE])
    steps = (TaskStep("call", "Call and ask"), EndStep("over"))
    journeys.enrol(journeys.running(*steps, purpose=Purpose.SERVICE, cheerful=False))
    await journeys.at("2026-11-22 02:00")
    assert visits(journeys) == 2
    assert journeys.greetings.database["visits"].distinct("state") == ["VISIT_STATE_DUE"]
