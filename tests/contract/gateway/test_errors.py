import asyncio
import json
import logging
import threading
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from google.protobuf.message import Message

from gateway.config import Settings
from gateway.graphql.arguments import argument_of
from gateway.graphql.errors import ERROR_TYPES
from gateway.signin import DevIssuer
from membercare.care.v1 import campaigns_service_pb2 as campaigns
from membercare.care.v1 import care_service_pb2 as care
from membercare.care.v1 import results_service_pb2 as results
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.contracts.v1 import customers_service_pb2 as customers
from services.chassis.errors import DatabaseUnavailable, DomainError, Kind, NotFound, StaleVersion, Unauthenticated
from services.chassis.logs import _JsonLines
from tests.fakes.company import a_contract, a_member, an_id
from tests.fakes.suite import Client, FakeSuite, gateway_of
from tests.fakes.wire import FakeService

SIGN = """
mutation ($id: ID!) {
  signContract(id: $id, etag: "7", requestId: "r-1") {
    __typename
    ... on ContractPayload { contract { id state customer { name } } }
    ... on UserError { code message field details { name value } }
  }
}
"""
CONTRACT = an_id("con", 1)


def refusing(error: Exception) -> Callable[[Any], Any]:
    def refuse(_: Any) -> Any:
        raise error

    return refuse


def slow(service: FakeService, rpc: str, *, release: threading.Event, seconds: float = 5) -> Callable[[Any], Message]:
    quick = service.answers[rpc]

    def answer(request: Any) -> Message:
        release.wait(seconds)
        return quick(request)

    return answer


def refusal_of(kind: Kind) -> DomainError:
    class Refusal(DomainError):
        reason: ClassVar[str] = "BECAUSE"

    Refusal.kind = kind
    return Refusal("It is so.", field="start_date", contract_id=CONTRACT)


async def test_a_mutation_answers_with_its_payload(gateway: Client, company: FakeSuite) -> None:
    company.contracts.answers["SignContract"] = lambda _: contracts.SignContractResponse(contract=a_contract(1, 1))
    data = await gateway.data(SIGN, {"id": CONTRACT})
    assert data["signContract"] == {
        "__typename": "ContractPayload",
        "contract": {"id": CONTRACT, "state": "ACTIVE", "customer": {"name": "Customer 1"}},
    }
    (request,) = company.contracts.asked["SignContract"]
    assert (request.contract_id, request.etag, request.request_id) == (CONTRACT, "7", "r-1")


@pytest.mark.parametrize("kind", list(ERROR_TYPES))
async def test_an_expected_refusal_is_a_member_of_the_union(gateway: Client, suite: FakeSuite, kind: Kind) -> None:
    suite.contracts.answers["SignContract"] = refusing(refusal_of(kind))
    data = await gateway.data(SIGN, {"id": CONTRACT})
    assert data["signContract"] == {
        "__typename": ERROR_TYPES[kind].__name__,
        "code": "BECAUSE",
        "message": "It is so.",
        "field": "startDate",
        "details": [{"name": "contractId", "value": CONTRACT}],
    }
    assert suite.calls == {"SignContract": 1}


async def test_a_state_is_told_as_the_schema_writes_it(gateway: Client, suite: FakeSuite) -> None:
    told = DomainError("It is CONTRACT_STATE_ACTIVE, by CONTRACT_STATE_RULES.", state="CONTRACT_STATE_ACTIVE")
    suite.contracts.answers["SignContract"] = refusing(told)
    refusal = (await gateway.data(SIGN, {"id": CONTRACT}))["signContract"]
    assert refusal["message"] == "It is ACTIVE, by CONTRACT_STATE_RULES."
    assert refusal["details"] == [{"name": "state", "value": "ACTIVE"}]


def test_every_kind_of_refusal_is_either_data_or_an_error_of_the_field() -> None:
    assert set(Kind) - set(ERROR_TYPES) == {Kind.UNAUTHENTICATED, Kind.UNAVAILABLE}


async def test_an_unknown_id_and_a_stale_version_keep_their_reasons(gateway: Client, suite: FakeSuite) -> None:
    suite.contracts.answers["SignContract"] = refusing(NotFound.of("contract", CONTRACT))
    data = await gateway.data(SIGN, {"id": CONTRACT})
    assert (data["signContract"]["code"], data["signContract"]["field"]) == ("CONTRACT_NOT_FOUND", None)
    suite.contracts.answers["SignContract"] = refusing(StaleVersion("contract", CONTRACT))
    data = await gateway.data(SIGN, {"id": CONTRACT})
    assert (data["signContract"]["code"], data["signContract"]["field"]) == ("STALE_VERSION", "etag")


@pytest.mark.parametrize(
    ("rpc", "field", "shown"),
    [
        ("SignContract", "contract_id", "id"),
        ("CompleteVisit", "visit_id", "id"),
        ("ResolveTouch", "touch_id", "id"),
        ("UpdateMember", "member.id", "id"),
        ("CreateContract", "customer_id", "customer_id"),
        ("AssignCase", "assignee_id", "assignee_id"),
        ("ExplainMember", "member_id", "member_id"),
        ("TerminateContract", "termination_reason", "reason"),
        ("ConfirmGate", "contract_id", "id"),
        ("StartOrderProduction", "order_id", "id"),
        ("AcceptQuote", "quote_id", "id"),
        ("CreateOrderFromQuote", "quote_id", "quote_id"),
        ("ListMembers", "page_token", "after"),
        ("CreateMember", "birthday.month", "birthday.month"),
        ("CreateSegment", "rule.all[0].tag.any_of", "rule.all[0].tag"),
        ("PutCallAgent", "agent.away_through", "away_through"),
        ("PutCallAgent", "agent.id", "agent_id"),
        ("PutVisitRule", "rule.attempt_rule.tries", "attempt_rule.tries"),
        ("PutCallScript", "script.code", "code"),
        ("DefineAttribute", "attribute.label_en", "label_en"),
        ("UpdateSendingSettings", "settings.caps[0].most", "caps[0].most"),
        ("MergeMembers", "member_id", "id"),
        ("MergeMembers", "into_id", "into_id"),
        ("CreateMember", "", ""),
    ],
)
def test_a_refused_field_is_named_by_the_argument_it_came_from(rpc: str, field: str, shown: str) -> None:
    assert argument_of(field, rpc) == shown


async def test_an_internal_token_that_a_service_refuses_is_a_fault_of_ours(gateway: Client, suite: FakeSuite) -> None:
    suite.contracts.answers["SignContract"] = refusing(Unauthenticated("The internal token is not valid."))
    answer = await gateway.ask(SIGN, {"id": CONTRACT})
    assert answer["data"] == {"signContract": None}
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "token" not in answer["errors"][0]["message"]


async def test_a_wrong_role_is_refused_before_any_call(gateway: Client, company: FakeSuite) -> None:
    data = await gateway.data(SIGN, {"id": CONTRACT}, roles=("hr",))
    assert data["signContract"]["__typename"] == "ForbiddenError"
    assert data["signContract"]["code"] == "FORBIDDEN"
    assert company.calls == {}


async def test_a_field_that_the_role_may_not_read_is_null_and_says_so(gateway: Client, company: FakeSuite) -> None:
    answer = await gateway.ask("{ members { nodes { id } } employees { nodes { name } } }", roles=("employee",))
    assert answer["data"]["members"] is None
    assert len(answer["data"]["employees"]["nodes"]) == 3
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["members"], "FORBIDDEN")
    assert "ListMembers" not in company.calls


async def test_a_joined_field_that_the_role_may_not_read_is_not_fetched(gateway: Client, company: FakeSuite) -> None:
    query = '{ employees { nodes { name indicator(key: "cases_closed_on_time", month: "2026-11") { rate } } } }'
    answer = await gateway.ask(query, roles=("sales",))
    assert [node["indicator"] for node in answer["data"]["employees"]["nodes"]] == [None] * 3
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}
    assert "BatchGetIndicatorValues" not in company.calls


async def test_a_refusal_of_a_query_is_null_and_its_reason(gateway: Client, suite: FakeSuite) -> None:
    suite.care.answers["ExplainMember"] = refusing(NotFound.of("campaign", "cmp_1"))
    answer = await gateway.ask('{ explainMember(campaignId: "cmp_1", memberId: "mem_1") { verdict } }')
    assert answer["data"] == {"explainMember": None}
    assert answer["errors"][0]["extensions"] == {"code": "CAMPAIGN_NOT_FOUND", "details": {"campaignId": "cmp_1"}}
    assert answer["errors"][0]["message"] == "There is no campaign cmp_1."


async def test_a_service_whose_database_is_away_is_unavailable(gateway: Client, suite: FakeSuite) -> None:
    suite.contracts.answers["SignContract"] = refusing(DatabaseUnavailable("The database does not answer."))
    answer = await gateway.ask(SIGN, {"id": CONTRACT})
    assert answer["data"] == {"signContract": None}
    assert answer["errors"][0]["extensions"]["code"] == "SERVICE_UNAVAILABLE"


async def test_a_fault_of_ours_is_masked_and_logged_with_the_request_id(
    gateway: Client, suite: FakeSuite, caplog: pytest.LogCaptureFixture
) -> None:
    suite.care.answers["ListMembers"] = refusing(RuntimeError("mongodb://root:secret@db is broken"))
    caplog.handler.setFormatter(_JsonLines("gateway", "http"))
    headers = {**gateway.headers(), "x-request-id": "r-42"}
    response = await gateway.http.post("/graphql", json={"query": "{ members { nodes { id } } }"}, headers=headers)
    (error,) = response.json()["errors"]
    assert error["message"] == "Internal error."
    assert error["extensions"] == {"code": "INTERNAL", "requestId": "r-42"}
    assert "secret" not in response.text
    faults = [json.loads(line) for line in caplog.text.splitlines() if '"event":"fault"' in line]
    assert [fault["request_id"] for fault in faults] == ["r-42"]
    assert faults[0]["level"] == logging.getLevelName(logging.ERROR).lower()


async def test_a_value_that_the_schema_does_not_know_nulls_its_place_only(gateway: Client, suite: FakeSuite) -> None:
    newer = a_member(1)
    newer.gender = 77  # type: ignore[assignment]  # a service that is newer than the gateway
    suite.care.answers["BatchGetMembers"] = lambda _: care.BatchGetMembersResponse(members=[newer])
    answer = await gateway.ask("query ($id: ID!) { member(id: $id) { name gender } }", {"id": newer.id})
    assert answer["data"] == {"member": {"name": "Member 1", "gender": None}}
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "77" not in answer["errors"][0]["message"]


async def test_a_call_that_takes_too_long_is_told_as_deadline_exceeded(
    settings: Callable[..., Settings], issuer: DevIssuer, company: FakeSuite
) -> None:
    release = threading.Event()
    company.feedback.answers["BatchListCasesByMember"] = slow(
        company.feedback, "BatchListCasesByMember", release=release
    )
    async with gateway_of(settings(call_seconds=0.3), issuer) as client:
        answer = await client.ask("{ members(first: 1) { nodes { name cases { id } } } }")
    release.set()
    assert answer["data"] == {"members": {"nodes": [{"name": "Member 0", "cases": None}]}}
    assert answer["errors"][0]["extensions"] == {"code": "DEADLINE_EXCEEDED", "service": "feedback"}


async def test_inner_calls_get_what_is_left_of_the_requests_time(
    settings: Callable[..., Settings], issuer: DevIssuer, company: FakeSuite
) -> None:
    company.care.answers["ListMembers"] = slow(company.care, "ListMembers", release=threading.Event(), seconds=0.5)
    async with gateway_of(settings(request_seconds=8.0), issuer) as client:
        await client.data("{ members(first: 1) { nodes { touches { id } } } }")
    first, second = company.care.timeouts
    assert 7 < first < 8
    assert second < first - 0.4


async def test_a_file_has_more_time_than_other_requests_and_what_follows_it_has_the_rest(
    settings: Callable[..., Settings], issuer: DevIssuer, company: FakeSuite
) -> None:
    company.contracts.answers["ImportCustomers"] = lambda _: customers.ImportCustomersResponse()
    company.contracts.answers["ImportCustomers"] = slow(
        company.contracts, "ImportCustomers", release=threading.Event(), seconds=1.0
    )
    company.contracts.answers["SignContract"] = lambda _: contracts.SignContractResponse(contract=a_contract(1, 1))
    mutation = """mutation ($id: ID!) {
      importCustomers(csv: "external_ref\\n") { __typename }
      signContract(id: $id) { __typename }
    }"""
    async with gateway_of(settings(request_seconds=0.4, call_seconds=5.0, file_seconds=90.0), issuer) as client:
        data = await client.data(mutation, {"id": CONTRACT})
    assert data == {
        "importCustomers": {"__typename": "ImportReport"},
        "signContract": {"__typename": "ContractPayload"},
    }
    file, sign = company.contracts.timeouts
    assert 80 < file < 91
    assert 4 < sign < 6


@pytest.mark.parametrize(
    ("rpc", "answer", "query"),
    [
        ("ReportCampaignResults", results.ReportCampaignResultsResponse(), "campaignResults(campaignId: $id)"),
        ("ExportCampaignResults", results.ExportCampaignResultsResponse(), "campaignResultsFile(campaignId: $id)"),
        ("ReportCampaignVariants", campaigns.ReportCampaignVariantsResponse(), "campaignVariants(campaignId: $id)"),
    ],
)
async def test_what_a_whole_campaign_came_to_has_the_time_of_a_file(
    settings: Callable[..., Settings], issuer: DevIssuer, company: FakeSuite, *, rpc: str, answer: Message, query: str
) -> None:
    company.care.answers[rpc] = lambda _: answer
    async with gateway_of(settings(request_seconds=8.0, call_seconds=5.0, file_seconds=90.0), issuer) as client:
        await client.data(f"query ($id: ID!) {{ {query} {{ __typename }} }}", {"id": an_id("cmp", 1)})
    (asked,) = company.care.timeouts
    assert 80 < asked < 91


async def test_two_mutations_of_one_request_do_not_share_what_they_saw(gateway: Client, company: FakeSuite) -> None:
    company.contracts.answers["SignContract"] = lambda _: contracts.SignContractResponse(contract=a_contract(1, 1))
    sign = "signContract(id: $id) { ... on ContractPayload { contract { customer { name } } } }"
    await gateway.data(f"mutation ($id: ID!) {{ a: {sign} b: {sign} }}", {"id": CONTRACT})
    assert company.calls == {"SignContract": 2, "BatchGetCustomers": 2}


async def test_requests_at_the_same_time_do_not_see_each_others_data(gateway: Client, company: FakeSuite) -> None:
    query = "query ($id: ID!) { member(id: $id) { id } }"
    ids = [an_id("mem", number) for number in range(20)]
    found = await asyncio.gather(*(gateway.data(query, {"id": each}) for each in ids))
    assert [each["member"]["id"] for each in found] == ids
