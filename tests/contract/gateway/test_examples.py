"""The sample queries of examples/queries run as they stand."""

from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse, validate

from gateway.graphql.schema import schema
from membercare.care.v1 import care_service_pb2 as care
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.feedback.v1 import feedback_service_pb2 as feedback
from membercare.kpi.v1 import kpi_service_pb2 as kpi
from tests.fakes.company import a_campaign, a_case, a_contract, an_id
from tests.fakes.suite import Client, FakeSuite

FOLDER = Path(__file__).parents[3] / "examples" / "queries"
TEXTS = [path.read_text() for path in sorted(FOLDER.glob("*.graphql"))]
OPERATIONS = [
    (text, definition.name.value)
    for text in TEXTS
    for definition in parse(text).definitions
    if isinstance(definition, OperationDefinitionNode) and definition.name
]
VALUES: dict[str, Any] = {
    "campaignId": an_id("cmp", 1),
    "memberId": an_id("mem", 1),
    "employeeId": an_id("emp", 1),
    "assigneeId": an_id("emp", 1),
    "ids": [an_id("mem", 1), an_id("con", 1), an_id("cas", 1)],
    "id": an_id("cas", 1),
    "contractId": an_id("con", 1),
    "day": "2026-08-01",
    "knownAt": "2026-07-01T00:00:00Z",
    "month": "2026-11",
    "requestId": "6b0e3a0c-6a0c-4b3e-9a55-5a4a8b8d6d10",
    "csv": "external_ref,name\nM1,Wang Fang\n",
    "title": "Too loud",
    "resolution": "Repaired",
}


@pytest.fixture
def answering(company: FakeSuite) -> FakeSuite:
    for verb in ("Create", "Submit", "Approve", "Start"):
        response = getattr(care, f"{verb}CampaignResponse")
        company.care.answers[f"{verb}Campaign"] = lambda _, response=response: response(campaign=a_campaign(1))  # type: ignore[misc]
    for verb in ("Open", "Assign", "Close"):
        response = getattr(feedback, f"{verb}CaseResponse")
        company.feedback.answers[f"{verb}Case"] = lambda _, response=response: response(case=a_case(1))  # type: ignore[misc]
    company.care.answers["ImportMembers"] = lambda _: care.ImportMembersResponse(rows=1, created=1)
    company.care.answers["ExplainMember"] = lambda _: care.ExplainMemberResponse(verdict="WILL_BE_GREETED")
    company.contracts.answers["GetContract"] = lambda _: contracts.GetContractResponse(contract=a_contract(1, 1))
    company.contracts.answers["ListReviews"] = lambda _: contracts.ListReviewsResponse(contracts=[a_contract(1, 1)])
    company.kpi.answers["ListFacts"] = lambda _: kpi.ListFactsResponse()
    return company


@pytest.mark.parametrize(("text", "operation"), OPERATIONS, ids=[each[1] for each in OPERATIONS])
async def test_a_sample_query_runs(gateway: Client, answering: FakeSuite, text: str, operation: str) -> None:
    body = {"query": text, "operationName": operation, "variables": _variables(text, operation)}
    answer = (await gateway.http.post("/graphql", json=body, headers=gateway.headers())).json()
    assert "errors" not in answer
    assert all(value is not None for value in answer["data"].values())
    assert "Error" not in str(
        [value.get("__typename", "") for value in answer["data"].values() if isinstance(value, dict)]
    )


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*/*.graphql")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_samples_of_a_room_are_valid(path: Path) -> None:
    assert validate(schema(), parse(path.read_text())) == []


def test_there_is_a_sample_of_every_kind() -> None:
    assert len(OPERATIONS) == 17


def _variables(text: str, operation: str) -> dict[str, Any]:
    (definition,) = (
        each
        for each in parse(text).definitions
        if isinstance(each, OperationDefinitionNode) and each.name and each.name.value == operation
    )
    names = [each.variable.name.value for each in definition.variable_definitions or ()]
    return {name: VALUES[name] for name in names if name in VALUES}
