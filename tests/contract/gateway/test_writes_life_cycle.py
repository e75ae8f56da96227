"""What a person says about a contract arrives as it was meant, and what held on a day is asked for as it was asked."""

from typing import Any
from uuid import UUID

import pytest

from membercare.contracts.v1 import contract_pb2
from membercare.contracts.v1 import contracts_service_pb2 as pb
from membercare.contracts.v1 import entitlement_service_pb2 as entitlement
from membercare.contracts.v1 import paperwork_service_pb2 as paperwork
from services.chassis.errors import NotFound
from tests.fakes.company import NOON, a_contract, an_id
from tests.fakes.suite import Client, FakeSuite

ID = an_id("con", 1)
TERMS = (
    'title: "T", endDate: "2026-12-31", price: {currencyCode: "CNY", minorUnits: "9007199254740993"}, '
    'lines: [{description: "L", price: {currencyCode: "CNY", minorUnits: 5}, quantity: 2, assetIds: ["ast_1"], '
    'serviceTypes: ["repair"], allowances: [{unit: VISITS, amount: 4}], endDate: "2026-11-30"}], '
    "billing: {period: {unit: MONTH, count: 1}, anchorMode: END_OF_MONTH, timing: IN_ARREARS, dayCount: THIRTY_360}, "
    "renewal: {kind: AUTO, notice: {unit: DAY, count: 30}, priceChange: UPLIFT, upliftBps: 250}"
)
ARRIVED = {
    "title": "T",
    "end_date": "2026-12-31",
    "price": {"currency_code": "CNY", "minor_units": 9007199254740993},
    "lines": [
        {
            "description": "L",
            "price": {"currency_code": "CNY", "minor_units": 5},
            "quantity": 2,
            "asset_ids": ["ast_1"],
            "service_types": ["repair"],
            "allowances": [{"unit": 3, "amount": 4}],
            "end_date": "2026-11-30",
        }
    ],
    "billing": {"period": {"unit": 3, "count": 1}, "anchor_mode": 3, "timing": 2, "day_count": 3},
    "renewal": {"kind": 2, "notice": {"unit": 1, "count": 30}, "price_change": 3, "uplift_bps": 250},
}
PARTICULARS = (
    'startDate: "2026-01-01", timeZone: "Asia/Shanghai", jurisdiction: "US-CA", consumer: true, '
    f'creditPolicy: FULL, suspensionExtends: true, predecessorId: "{ID}"'
)
PARTICULARS_ARRIVED = {
    "start_date": "2026-01-01",
    "time_zone": "Asia/Shanghai",
    "jurisdiction": "US-CA",
    "consumer": True,
    "credit_policy": 3,
    "suspension_extends": True,
    "predecessor_id": ID,
}
GUARDED = {"contract_id": "con_1", "etag": "4", "request_id": "r3"}

CASES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "createContract",
        f'input: {{customerId: "cus_1", {TERMS}, {PARTICULARS}}}',
        {"customer_id": "cus_1", **ARRIVED, **PARTICULARS_ARRIVED},
    ),
    (
        "updateContractDraft",
        f'id: "con_1", input: {{{TERMS}, {PARTICULARS}}}, etag: "4", requestId: "r3"',
        {**GUARDED, **ARRIVED, **PARTICULARS_ARRIVED},
    ),
    (
        "amendContract",
        f'id: "con_1", input: {{{TERMS}, effectiveDate: "2026-09-01", reason: "more"}}, etag: "4", requestId: "r3"',
        {**GUARDED, **ARRIVED, "effective_date": "2026-09-01", "reason": "more"},
    ),
    ("commentOnContract", 'id: "con_1", comment: "Which law?"', {"contract_id": "con_1", "comment": "Which law?"}),
    ("submitContract", 'id: "con_1"', {"contract_id": "con_1"}),
    ("submitContract", 'id: "con_1", reviewer: "zhou.min"', {"contract_id": "con_1", "reviewer": "zhou.min"}),
    ("assignReviewer", 'id: "con_1", reviewer: "zhou.min"', {"contract_id": "con_1", "reviewer": "zhou.min"}),
    ("approveContract", 'id: "con_1", etag: "4", requestId: "r3"', GUARDED),
    ("returnContract", 'id: "con_1", comment: "No."', {"contract_id": "con_1", "comment": "No."}),
    ("withdrawContract", 'id: "con_1", etag: "4", requestId: "r3"', GUARDED),
    ("confirmGate", 'id: "con_1", gate: PAYMENT, note: "INV-7"', {"contract_id": "con_1", "gate": 2, "note": "INV-7"}),
    (
        "suspendContract",
        'id: "con_1", reason: "Rebuilt", startDate: "2026-07-01", endDate: "2026-07-31"',
        {"contract_id": "con_1", "reason": "Rebuilt", "start_date": "2026-07-01", "end_date": "2026-07-31"},
    ),
    (
        "resumeContract",
        'id: "con_1", effectiveDate: "2026-08-01"',
        {"contract_id": "con_1", "effective_date": "2026-08-01"},
    ),
    (
        "terminateContract",
        'id: "con_1", code: NON_PAYMENT, reason: "Unpaid", effectiveDate: "2026-10-01", creditPolicy: PRORATED',
        {
            "contract_id": "con_1",
            "termination_code": 2,
            "termination_reason": "Unpaid",
            "effective_date": "2026-10-01",
            "credit_policy": 2,
        },
    ),
]


@pytest.mark.parametrize(("field", "arguments", "arrived"), CASES, ids=[each[0] for each in CASES])
async def test_a_verb_on_a_contract_sends_what_was_asked_and_shows_the_contract_after_it(
    gateway: Client, suite: FakeSuite, field: str, arguments: str, arrived: dict[str, Any]
) -> None:
    rpc = field[0].upper() + field[1:]
    reply = getattr(pb, f"{rpc}Response")(contract=a_contract(1, 1))
    suite.contracts.answers[rpc] = lambda _: reply
    data = await gateway.data(
        f"mutation {{ {field}({arguments}) {{ ... on ContractPayload {{ contract {{ id }} }} }} }}"
    )
    assert data[field] == {"contract": {"id": ID}}
    (request,) = suite.contracts.asked[rpc]
    if "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


AS_OF = """query ($id: ID!, $day: Date, $at: DateTime) {
  contract(id: $id, asOf: $day, knownAt: $at) {
    id state price { minorUnits }
    lines { id description price { amount } allowances { unit amount } }
    billing { period { unit count } anchorMode timing dayCount anchorDate }
    renewal { kind term { unit count } notice { unit count } priceChange }
    versions { number effectiveDate recordedTime title price { amount } reason }
    moves { state effectiveDate by reason }
    review { reviewer submittedTime comments { by text } }
    gates { gate by note } suspensions { startDate endDate extendsTerm }
    termination { code effectiveDate credit { amount } formula }
    customer { name }
  }
}"""


def a_whole_contract() -> contract_pb2.Contract:
    whole = a_contract(1, 1)
    line = whole.lines.add(id="lin_1", description="Maintenance", price={"currency_code": "CNY", "minor_units": 1050})
    line.allowances.add(unit=contract_pb2.ALLOWANCE_UNIT_VISITS, amount=4)
    whole.versions.add(
        number=2, effective_date="2026-09-01", recorded_time=NOON, title="T", price=whole.price, reason="more"
    )
    whole.moves.add(state=contract_pb2.CONTRACT_STATE_IN_REVIEW, effective_date="2026-05-04", by="li.wen")
    whole.review.comments.add(by="zhou.min", text="Which law?", time=NOON)
    whole.gates.add(gate=contract_pb2.CONTRACT_GATE_PAYMENT, by="finance", note="INV-7")
    whole.suspensions.add(start_date="2026-07-01", extends_term=True)
    whole.termination.code = contract_pb2.TERMINATION_CODE_MUTUAL
    whole.termination.effective_date = "2026-10-01"
    whole.termination.credit.CopyFrom(whole.price)
    return whole


async def test_a_contract_is_shown_with_all_that_it_was(gateway: Client, company: FakeSuite) -> None:
    whole = a_whole_contract()
    company.contracts.answers["BatchGetContracts"] = lambda _: pb.BatchGetContractsResponse(contracts=[whole])
    found = (await gateway.data(AS_OF, {"id": ID}))["contract"]
    assert company.calls == {"BatchGetContracts": 1, "BatchGetCustomers": 1}
    assert found["lines"] == [
        {
            "id": "lin_1",
            "description": "Maintenance",
            "price": {"amount": "10.50"},
            "allowances": [{"unit": "VISITS", "amount": 4}],
        }
    ]
    assert found["billing"] == {
        "period": {"unit": "YEAR", "count": 1},
        "anchorMode": "ANNIVERSARY",
        "timing": "IN_ADVANCE",
        "dayCount": "ACT_ACT",
        "anchorDate": None,
    }
    assert found["moves"] == [{"state": "IN_REVIEW", "effectiveDate": "2026-05-04", "by": "li.wen", "reason": None}]
    assert found["review"] == {
        "reviewer": None,
        "submittedTime": None,
        "comments": [{"by": "zhou.min", "text": "Which law?"}],
    }
    assert (found["versions"][0]["number"], found["versions"][0]["reason"]) == (2, "more")
    assert found["termination"]["credit"] == {"amount": "1280.50"}
    assert found["customer"] == {"name": "Customer 1"}


async def test_what_held_on_a_day_as_it_was_known_is_asked_of_the_service_with_both(
    gateway: Client, company: FakeSuite
) -> None:
    company.contracts.answers["GetContract"] = lambda _: pb.GetContractResponse(contract=a_contract(1, 1))
    data = await gateway.data(AS_OF, {"id": ID, "day": "2026-08-01", "at": "2026-07-01T08:00:00+08:00"})
    assert (data["contract"]["id"], data["contract"]["customer"]) == (ID, {"name": "Customer 1"})
    (request,) = company.contracts.asked["GetContract"]
    assert (request.contract_id, request.as_of) == (ID, "2026-08-01")
    assert request.known_at.ToJsonString() == "2026-07-01T00:00:00Z"


async def test_day_and_moment_travel_with_every_read_of_contracts(gateway: Client, company: FakeSuite) -> None:
    answers = company.contracts.answers
    answers["ListContracts"] = lambda _: pb.ListContractsResponse(contracts=[a_contract(1, 1)])
    answers["BatchListAllowancesByContract"] = lambda _: entitlement.BatchListAllowancesByContractResponse()
    answers["GetContractText"] = lambda _: paperwork.GetContractTextResponse()
    query = """query ($id: ID!, $day: Date, $at: DateTime) {
      contracts(asOf: $day, knownAt: $at) { nodes {
        allowances(asOf: $day, knownAt: $at) { total }
        customer { contracts(asOf: $day, knownAt: $at) { id } now: contracts { id } }
      } }
      renderContract(contractId: $id, asOf: $day, knownAt: $at) { sha256 }
    }"""
    await gateway.data(query, {"id": ID, "day": "2026-08-01", "at": "2026-07-01T08:00:00+08:00"})
    asked = company.contracts.asked
    now, then = sorted(asked["BatchListContractsByCustomer"], key=lambda each: str(each.as_of))
    assert (now.as_of, now.HasField("known_at")) == ("", False)
    for name in ("ListContracts", "BatchListAllowancesByContract", "GetContractText"):
        assert len(asked[name]) == 1
    for request in (then, *(asked[name][0] for name in asked if "Customers" not in name and "ByCustomer" not in name)):
        assert (request.as_of, request.known_at.ToJsonString()) == ("2026-08-01", "2026-07-01T00:00:00Z")


async def test_a_contract_that_nobody_knew_of_then_is_null(gateway: Client, suite: FakeSuite) -> None:
    def refuse(_: Any) -> Any:
        raise NotFound.of("contract", ID)

    suite.contracts.answers["GetContract"] = refuse
    assert await gateway.data(AS_OF, {"id": ID, "day": "2026-08-01"}) == {"contract": None}


async def test_the_queue_of_reviews_is_a_list_like_any_other(gateway: Client, suite: FakeSuite) -> None:
    suite.contracts.answers["ListReviews"] = lambda _: pb.ListReviewsResponse(
        contracts=[a_contract(1, 1)], next_page_token=ID
    )
    query = """{ contractReviews(first: 1, filter: {reviewer: "zhou.min"}) {
      nodes { id review { submittedBy } } pageInfo { hasNextPage endCursor }
    } }"""
    assert await gateway.data(query) == {
        "contractReviews": {
            "nodes": [{"id": ID, "review": {"submittedBy": None}}],
            "pageInfo": {"hasNextPage": True, "endCursor": ID},
        }
    }
    (request,) = suite.contracts.asked["ListReviews"]
    assert (request.filter.reviewer, request.page_size) == ("zhou.min", 1)


async def test_contracts_are_listed_by_state_by_end_and_by_reviewer(gateway: Client, suite: FakeSuite) -> None:
    suite.contracts.answers["ListContracts"] = lambda _: pb.ListContractsResponse()
    query = """{ contracts(filter: {
      states: [ACTIVE, SUSPENDED], endingFrom: "2026-01-01", endingTo: "2026-12-31", reviewer: "zhou.min"
    }) { nodes { id } } }"""
    await gateway.data(query)
    (request,) = suite.contracts.asked["ListContracts"]
    assert list(request.filter.states) == [3, 7]
    assert (request.filter.ending_from, request.filter.ending_to) == ("2026-01-01", "2026-12-31")
    assert request.filter.reviewer == "zhou.min"
