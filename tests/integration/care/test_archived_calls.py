"""Calls that an archived campaign asked for are withdrawn with the reason; those of a finished one are still made."""

from collections.abc import Callable
from typing import Any

import pytest

from membercare.care.v1 import campaigns_service_pb2 as campaigns_pb
from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import visit_pb2
from membercare.care.v1 import visits_service_pb2 as pb
from membercare.care.v1.campaigns_service_pb2_grpc import CampaignsServiceStub
from membercare.care.v1.care_service_pb2_grpc import CareServiceStub
from services.care.app.visits import jobs
from services.care.config import Settings
from services.care.domain.campaigns.campaign import Campaign
from services.care.domain.journeys.steps import TaskStep
from services.care.domain.visits.kinds import VisitKind
from services.chassis.scheduled import Lead
from tests.fakes.suite import Client
from tests.integration.calling import Calling
from tests.integration.care.calls_due import CUSTOMER, LINDA, OMAR, agent, next_of, planned
from tests.integration.care.greetings import Greetings
from tests.integration.care.journeying import Journeys

Sweep = Callable[[], int]
VISIT = '{ node(id: "%s") { ... on Visit { state cancelReason campaignId campaign { id state } } } }'


@pytest.fixture
def journeys(greetings: Greetings) -> Journeys:
    return Journeys(greetings)


@pytest.fixture
def ops(calling: Calling) -> CareServiceStub:
    return calling.as_role(CareServiceStub, "ops")


@pytest.fixture
def sweep(care_settings: Settings) -> Sweep:
    """One round of the job as the leader runs it."""
    (job,) = (each for each in jobs(care_settings) if each.name == "withdraw_calls")
    return lambda: job.run(Lead(1))


def archive(ops: CareServiceStub, campaign: Campaign) -> None:
    ops.ArchiveCampaign(care.ArchiveCampaignRequest(campaign_id=campaign.id))


def calls_of(campaign: Campaign, count: int = 1, **fields: Any) -> list[str]:
    return planned(count, kind=VisitKind.CAMPAIGN, campaign_id=campaign.id, **fields)


def visit_of(ops: CareServiceStub, visit_id: str) -> visit_pb2.Visit:
    return ops.GetVisit(care.GetVisitRequest(visit_id=visit_id)).visit


async def test_when_a_campaign_is_archived_the_open_calls_of_its_journeys_are_cancelled_and_say_why(
    journeys: Journeys, ops: CareServiceStub, sweep: Sweep
) -> None:
    journeys.callable_member()
    campaign = journeys.running(TaskStep("call", "Call and ask"))
    journeys.enrol(campaign)
    await journeys.at("2026-11-22 02:00")
    (stored,) = journeys.greetings.database["visits"].find()
    assert (sweep(), visit_of(ops, stored["_id"]).state) == (0, visit_pb2.VISIT_STATE_DUE)
    archive(ops, campaign)
    assert [sweep() for _ in range(2)] == [1, 0]
    told = visit_of(ops, stored["_id"])
    assert (told.state, told.cancel_reason, told.campaign_id) == (
        visit_pb2.VISIT_STATE_CANCELLED,
        "CAMPAIGN_ARCHIVED",
        campaign.id,
    )
    assert (told.cancel_explanation_en, told.cancel_explanation_zh) == (
        "The campaign that asked for it is archived.",
        "发起该任务的活动已归档。",
    )
    assert not told.HasField("hold")


def test_calls_of_other_campaigns_and_those_owed_to_the_customer_stay_due(
    greetings: Greetings, ops: CareServiceStub, sweep: Sweep
) -> None:
    archived, going_on = greetings.running(), greetings.running()
    mine, (others,), (owed,) = calls_of(archived, 3), calls_of(going_on), planned()
    archive(ops, archived)
    assert sweep() == 3
    states = {key: visit_of(ops, key).state for key in (*mine, others, owed)}
    cancelled, due = visit_pb2.VISIT_STATE_CANCELLED, visit_pb2.VISIT_STATE_DUE
    assert states == dict.fromkeys(mine, cancelled) | {others: due, owed: due}


def test_calls_of_a_finished_campaign_are_still_made(
    calling: Calling, greetings: Greetings, ops: CareServiceStub, sweep: Sweep
) -> None:
    campaign = greetings.running()
    (visit,) = calls_of(campaign)
    finish = campaigns_pb.FinishCampaignRequest(campaign_id=campaign.id)
    calling.as_role(CampaignsServiceStub, "ops").FinishCampaign(finish)
    assert (sweep(), visit_of(ops, visit).state) == (0, visit_pb2.VISIT_STATE_DUE)
    assert next_of(calling, LINDA, subject="linda") == visit


def test_whoever_is_on_the_phone_may_end_the_call_and_one_that_is_given_back_is_withdrawn(
    calling: Calling, greetings: Greetings, ops: CareServiceStub, sweep: Sweep
) -> None:
    campaign = greetings.running()
    calls = calls_of(campaign, 2)
    spoken, laid_down = (next_of(calling, LINDA, subject="linda"), next_of(calling, OMAR, subject="omar"))
    assert {spoken, laid_down} == set(calls)
    archive(ops, campaign)
    assert sweep() == 0
    done = care.CompleteVisitRequest(visit_id=spoken, outcome=visit_pb2.VISIT_OUTCOME_SATISFIED)
    assert calling.as_subject(CareServiceStub, "linda", "agent").CompleteVisit(done).visit.satisfaction == 0
    agent(calling, "omar").ReleaseCall(pb.ReleaseCallRequest(visit_id=laid_down))
    assert sweep() == 1
    states = [visit_of(ops, key).state for key in (spoken, laid_down)]
    assert states == [visit_pb2.VISIT_STATE_COMPLETED, visit_pb2.VISIT_STATE_CANCELLED]


def test_a_leader_that_ends_half_way_leaves_what_the_next_one_finishes(
    greetings: Greetings, ops: CareServiceStub, care_settings: Settings, sweep: Sweep
) -> None:
    campaign = greetings.running()
    calls = calls_of(campaign, 3)
    archive(ops, campaign)
    (job,) = (each for each in jobs(care_settings) if each.name == "withdraw_calls")
    assert job.run(Lead(1, holds=False)) == 0
    greetings.database["visits"].update_one({"_id": calls[0]}, {"$set": {"kind": "VISIT_KIND_MOON_LANDING"}})
    assert sweep() == 2  # one that cannot be read does not stop the others
    assert greetings.database["visits"].count_documents({"cancel_reason": "CAMPAIGN_ARCHIVED"}) == 2


async def test_the_letter_that_follows_tries_in_vain_is_withdrawn_with_its_campaign(
    calling: Calling, greetings: Greetings, ops: CareServiceStub, care_settings: Settings, sweep: Sweep
) -> None:
    campaign = greetings.running()
    (visit,) = calls_of(campaign)
    agent(calling).LogAttempt(pb.LogAttemptRequest(visit_id=visit, outcome=visit_pb2.ATTEMPT_OUTCOME_WRONG_NUMBER))
    (settle,) = (each for each in jobs(care_settings) if each.name == "settle_visits")
    assert settle.run(Lead(1)) == 1
    archive(ops, campaign)
    assert sweep() == 1
    (letter,) = greetings.database["visits"].find({"follow_up_of": visit})
    assert (letter["means"], letter["cancel_reason"]) == ("VISIT_MEANS_LETTER", "CAMPAIGN_ARCHIVED")
    assert visit_of(ops, visit).state == visit_pb2.VISIT_STATE_COMPLETED


async def test_the_gateway_tells_which_campaign_asked_for_a_call(
    gateway: Client, greetings: Greetings, ops: CareServiceStub, sweep: Sweep
) -> None:
    campaign = greetings.running()
    (visit,) = calls_of(campaign, customer_id=CUSTOMER)
    archive(ops, campaign)
    assert sweep() == 1
    assert (await gateway.data(VISIT % visit))["node"] == {
        "state": "CANCELLED",
        "cancelReason": "CAMPAIGN_ARCHIVED",
        "campaignId": campaign.id,
        "campaign": {"id": campaign.id, "state": "ARCHIVED"},
    }
