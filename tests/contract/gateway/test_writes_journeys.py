"""Journeys through the gateway: what was asked arrives as it was meant, and what came back is shown."""

from typing import Any
from uuid import UUID

import pytest

from membercare.care.v1 import journey_run_pb2, journey_step_pb2
from membercare.care.v1 import journeys_service_pb2 as pb
from tests.fakes.company import NOON, an_id
from tests.fakes.suite import Client, FakeSuite

RUN = journey_run_pb2.JourneyRun(
    id=an_id("jrn", 1),
    campaign_id=an_id("cmp", 1),
    member_id=an_id("mem", 1),
    occurrence="birthday/2026",
    plan_version=2,
    day="2026-11-22",
    step="pause",
    state=journey_run_pb2.JOURNEY_RUN_STATE_UNDER_WAY,
    arrive_time=NOON,
    begin_time=NOON,
    history=[journey_run_pb2.PassedStep(step="hello", time=NOON, outcome=journey_step_pb2.STEP_OUTCOME_PLANNED)],
    explanation_en="At step pause.",
    explanation_zh="位于步骤 pause。",
)
SHOWN = "id state step reason planVersion history { step outcome } explanationEn explanationZh"
SEEN = {
    "id": RUN.id,
    "state": "UNDER_WAY",
    "step": "pause",
    "reason": None,
    "planVersion": 2,
    "history": [{"step": "hello", "outcome": "PLANNED"}],
    "explanationEn": "At step pause.",
    "explanationZh": "位于步骤 pause。",
}
CASES: list[tuple[str, str, Any, dict[str, Any]]] = [
    (
        "RemoveFromJourney",
        'id: "jrn_1", why: "Moved away", requestId: "r1"',
        pb.RemoveFromJourneyResponse(run=RUN),
        {"run_id": "jrn_1", "why": "Moved away", "request_id": "r1"},
    ),
    ("RetryJourneyRun", 'id: "jrn_1"', pb.RetryJourneyRunResponse(run=RUN), {"run_id": "jrn_1"}),
]


@pytest.mark.parametrize(("rpc", "arguments", "reply", "arrived"), CASES, ids=[each[0] for each in CASES])
async def test_a_mutation_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, reply: Any, arrived: dict[str, Any]
) -> None:
    suite.care.answers[rpc] = lambda _: reply
    field = rpc[0].lower() + rpc[1:]
    data = await gateway.data(
        f"mutation {{ {field}({arguments}) {{ ... on JourneyRunPayload {{ run {{ {SHOWN} }} }} }} }}"
    )
    assert data[field]["run"] == SEEN
    (request,) = suite.care.asked[rpc]
    if "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


async def test_runs_are_listed_counted_and_explained(gateway: Client, suite: FakeSuite) -> None:
    count = journey_run_pb2.JourneyStepCount(step="pause", state=RUN.state, count=3)
    suite.care.answers["ListJourneyRuns"] = lambda _: pb.ListJourneyRunsResponse(runs=[RUN])
    suite.care.answers["CountJourneyRuns"] = lambda _: pb.CountJourneyRunsResponse(counts=[count])
    suite.care.answers["BatchGetJourneyRuns"] = lambda _: pb.BatchGetJourneyRunsResponse(runs=[RUN])
    filtered = f'filter: {{memberId: "{RUN.member_id}", state: UNDER_WAY}}'
    data = await gateway.data(
        f'{{ journeyRuns({filtered}) {{ nodes {{ {SHOWN} }} }} journeyRun(id: "{RUN.id}") {{ {SHOWN} }} '
        f'journeyCounts(campaignId: "{RUN.campaign_id}") {{ step state reason count }} }}'
    )
    assert data == {
        "journeyRuns": {"nodes": [SEEN]},
        "journeyRun": SEEN,
        "journeyCounts": [{"step": "pause", "state": "UNDER_WAY", "reason": None, "count": "3"}],
    }
    (listed,) = suite.care.asked["ListJourneyRuns"]
    assert (listed.filter.member_id, listed.filter.state) == (RUN.member_id, RUN.state)
