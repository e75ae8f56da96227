"""Every mutating RPC has its mutation, and what a person sends arrives as it was meant."""

import base64
from typing import Any
from uuid import UUID

import pytest

from gateway.graphql.schema import schema
from membercare.care.v1 import care_service_pb2 as care
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from membercare.feedback.v1 import feedback_service_pb2 as feedback
from membercare.kpi.v1 import kpi_service_pb2 as kpi
from services.chassis.errors import DomainError, Kind
from tests.fakes.company import a_campaign, a_case, a_contract, a_customer, a_member, a_touch, a_visit
from tests.fakes.rooms import SERVICES
from tests.fakes.suite import Client, FakeSuite

READS = (
    *("Get", "BatchGet", "List", "BatchList", "Explain"),
    *("Check", "Preview", "Export", "Search", "Forecast", "Report", "Count"),
)
VERBS = [
    name
    for services in SERVICES.values()
    for service in services
    for method in service.methods
    if not (name := method.name).startswith(READS)
]


class AnswerLost(DomainError):
    kind, reason = Kind.UNAVAILABLE, "ANSWER_LOST"


def field_of(rpc: str) -> str:
    return rpc[0].lower() + rpc[1:]


def test_every_rpc_that_changes_something_has_a_mutation() -> None:
    mutation = schema().mutation_type
    assert mutation is not None
    assert sorted(mutation.fields) == sorted(map(field_of, VERBS))


CASES: list[tuple[str, str, str, Any, dict[str, Any]]] = [
    (
        "contracts",
        "CreateCustomer",
        'input: {kind: HOUSEHOLD, name: "Li", tags: ["a", "b"]}, requestId: "r1"',
        contracts.CreateCustomerResponse(customer=a_customer(1)),
        {"kind": 2, "name": "Li", "tags": ["a", "b"], "request_id": "r1"},
    ),
    (
        "contracts",
        "CreateContract",
        (
            'input: {customerId: "cus_1", title: "T", startDate: "2026-01-01", endDate: "2026-12-31", '
            'price: {currencyCode: "CNY", minorUnits: "9007199254740993"}}'
        ),
        contracts.CreateContractResponse(contract=a_contract(1, 1)),
        {
            "customer_id": "cus_1",
            "title": "T",
            "start_date": "2026-01-01",
            "end_date": "2026-12-31",
            "price": {"currency_code": "CNY", "minor_units": 9007199254740993},
        },
    ),
    (
        "contracts",
        "TerminateContract",
        'id: "con_1", code: CUSTOMER_CLOSED, reason: "Moved", etag: "3"',
        contracts.TerminateContractResponse(contract=a_contract(1, 1)),
        {"contract_id": "con_1", "termination_code": 4, "termination_reason": "Moved", "etag": "3"},
    ),
    (
        "care",
        "CreateMember",
        'input: {name: "王芳", birthday: {calendar: LUNAR, month: 4, day: 15, leapMonth: true}, emailConsent: true}',
        care.CreateMemberResponse(member=a_member(1)),
        {
            "member": {
                "name": "王芳",
                "birthday": {"calendar": 2, "month": 4, "day": 15, "leap_month": True},
                "email_consent": True,
            }
        },
    ),
    (
        "care",
        "UpdateMember",
        'id: "mem_1", input: {email: null, gender: FEMALE, doNotContact: false}, etag: "2", requestId: "r2"',
        care.UpdateMemberResponse(member=a_member(1)),
        {
            "member": {"id": "mem_1", "gender": 1, "etag": "2"},
            "update_mask": {"paths": ["gender", "email", "do_not_contact"]},
            "request_id": "r2",
        },
    ),
    (
        "care",
        "CreateCampaign",
        (
            'name: "B", plan: {sendAt: "09:00", catchUpDays: 2, leapDayPolicy: MAR_1, templates: '
            '[{language: EN, subject: "Hi", body: "Dear {{ member.name }}"}]}'
        ),
        care.CreateCampaignResponse(campaign=a_campaign(1)),
        {
            "name": "B",
            "plan": {
                "send_at": "09:00",
                "catch_up_days": 2,
                "leap_day_policy": 2,
                "templates": [{"language": 2, "subject": "Hi", "body": "Dear {{ member.name }}"}],
            },
        },
    ),
    (
        "care",
        "ResolveTouch",
        'id: "tch_1", resolution: SEND_AGAIN',
        care.ResolveTouchResponse(touch=a_touch(1, "mem_1")),
        {"touch_id": "tch_1", "resolution": 2},
    ),
    (
        "care",
        "CompleteVisit",
        'id: "vis_1", outcome: DISSATISFIED, satisfaction: 2, words: "Late"',
        care.CompleteVisitResponse(visit=a_visit(1, "mem_1")),
        {"visit_id": "vis_1", "outcome": 2, "satisfaction": 2, "words": "Late"},
    ),
    (
        "feedback",
        "OpenCase",
        'input: {kind: COMPLAINT, title: "Loud", memberId: "mem_1"}',
        feedback.OpenCaseResponse(case=a_case(1)),
        {"kind": 2, "title": "Loud", "member_id": "mem_1"},
    ),
    (
        "feedback",
        "AssignCase",
        'id: "cas_1", assigneeId: "emp_1"',
        feedback.AssignCaseResponse(case=a_case(1)),
        {"case_id": "cas_1", "assignee_id": "emp_1"},
    ),
    (
        "feedback",
        "CloseCase",
        'id: "cas_1", resolution: "Done"',
        feedback.CloseCaseResponse(case=a_case(1)),
        {"case_id": "cas_1", "resolution": "Done"},
    ),
    *(
        (
            "care",
            f"{verb}Campaign",
            'id: "cmp_1", etag: "4", requestId: "r3"',
            getattr(care, f"{verb}CampaignResponse")(campaign=a_campaign(1)),
            {"campaign_id": "cmp_1", "etag": "4", "request_id": "r3"},
        )
        for verb in ("Submit", "Approve", "Reject", "Start", "Pause", "Resume", "Archive")
    ),
    *(
        (
            "contracts",
            f"{verb}Contract",
            'id: "con_1"',
            getattr(contracts, f"{verb}ContractResponse")(contract=a_contract(1, 1)),
            {"contract_id": "con_1"},
        )
        for verb in ("Sign", "Activate")
    ),
]


@pytest.mark.parametrize(("service", "rpc", "arguments", "reply", "arrived"), CASES, ids=[each[1] for each in CASES])
async def test_a_mutation_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client,
    suite: FakeSuite,
    service: str,
    rpc: str,
    arguments: str,
    reply: Any,
    arrived: dict[str, Any],
) -> None:
    suite.all[service].answers[rpc] = lambda _: reply
    (noun,) = (field.name for field in reply.DESCRIPTOR.fields)
    payload = f"{noun.capitalize()}Payload"
    query = f"mutation {{ {field_of(rpc)}({arguments}) {{ __typename ... on {payload} {{ {noun} {{ id }} }} }} }}"
    data = await gateway.data(query)
    assert data[field_of(rpc)] == {"__typename": payload, noun: {"id": getattr(reply, noun).id}}
    (request,) = suite.all[service].asked[rpc]
    if "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


async def test_a_write_whose_answer_was_lost_is_repeated_under_the_same_request_id(
    gateway: Client, suite: FakeSuite
) -> None:
    stored: list[str] = []

    def lose_the_first_answer(request: contracts.CreateCustomerRequest) -> contracts.CreateCustomerResponse:
        stored.append(request.request_id)
        if len(stored) == 1:
            raise AnswerLost("The server went away after it had written.")
        return contracts.CreateCustomerResponse(customer=a_customer(1))

    suite.contracts.answers["CreateCustomer"] = lose_the_first_answer
    query = 'mutation { createCustomer(input: {kind: PERSON, name: "Li"}) { __typename } }'
    assert await gateway.data(query) == {"createCustomer": {"__typename": "CustomerPayload"}}
    first, second = stored
    assert first == second != ""


IMPORT = """
mutation ($csv: String, $bytes: String, $dryRun: Boolean!) {
  %s(csv: $csv, csvBase64: $bytes, dryRun: $dryRun, mode: ALL_OR_NOTHING, lineOffset: 100) {
    __typename
    ... on %s { rows created updated unchanged failed stored errors { line column code message } }
    ... on UserError { code field }
  }
}
"""


@pytest.mark.parametrize(
    ("service", "rpc", "module"), [("care", "ImportMembers", care), ("kpi", "ImportEmployees", kpi)]
)
async def test_a_file_is_imported_as_text_or_as_bytes(
    gateway: Client, suite: FakeSuite, service: str, rpc: str, module: Any
) -> None:
    reply = getattr(module, f"{rpc}Response")(
        rows=2, created=1, failed=1, errors=[module.ImportRowError(line=103, code="INVALID_FIELD", message="No.")]
    )
    suite.all[service].answers[rpc] = lambda _: reply
    query = IMPORT % (field_of(rpc), f"{rpc}Payload")
    row = {"line": 103, "column": None, "code": "INVALID_FIELD", "message": "No."}
    told = {"rows": 2, "created": 1, "updated": 0, "unchanged": 0, "failed": 1, "stored": False, "errors": [row]}
    gbk = "external_ref,name\n1,王".encode("gbk")
    for sent, content in (
        ({"csv": "external_ref,name\n1,王"}, "external_ref,name\n1,王".encode()),
        ({"bytes": base64.b64encode(gbk).decode()}, gbk),
    ):
        data = await gateway.data(query, {**sent, "dryRun": True})
        assert data[field_of(rpc)] == {"__typename": f"{rpc}Payload", **told}
        request = suite.all[service].asked[rpc][-1]
        assert (request.content, request.dry_run, request.mode, request.line_offset) == (content, True, 2, 100)


@pytest.mark.parametrize("sent", [{}, {"csv": "a", "bytes": "YQ=="}, {"bytes": "%"}])
async def test_a_file_that_comes_in_no_or_in_two_ways_is_refused(
    gateway: Client, suite: FakeSuite, sent: dict[str, str]
) -> None:
    suite.care.answers["ImportMembers"] = lambda _: care.ImportMembersResponse()
    data = await gateway.data(IMPORT % ("importMembers", "ImportMembersPayload"), {**sent, "dryRun": False})
    assert data["importMembers"]["__typename"] == "InvalidInputError"
    assert data["importMembers"]["code"] == "INVALID_FIELD"
    assert suite.calls == {}


@pytest.mark.parametrize(
    "price",
    [
        '{currencyCode: "CNY", minorUnits: "1.5"}',
        '{currencyCode: "CNY", minorUnits: "9223372036854775808"}',
        '{currencyCode: "CNY", minorUnits: true}',
        '{currencyCode: "CNY"}',
    ],
)
async def test_money_that_is_no_whole_number_is_refused(gateway: Client, suite: FakeSuite, price: str) -> None:
    query = (
        'mutation { createContract(input: {customerId: "cus_1", title: "T", startDate: "2026-01-01", '
        f'endDate: "2026-12-31", price: {price}}}) {{ __typename }} }}'
    )
    assert await gateway.codes(query) == ["GRAPHQL_VALIDATION_FAILED"]
    assert suite.calls == {}
