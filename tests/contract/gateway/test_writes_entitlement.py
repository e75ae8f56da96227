"""Cover is asked for, allowances are used and chargeable services moved as people meant it."""

from typing import Any
from uuid import UUID

import pytest

from membercare.contracts.v1 import contract_pb2, entitlement_pb2, service_order_pb2
from membercare.contracts.v1 import entitlement_service_pb2 as pb
from tests.fakes.company import NOON, an_id
from tests.fakes.suite import Client, FakeSuite

CUS, AST, CON, ALW, SVC = (an_id(prefix, 1) for prefix in ("cus", "ast", "con", "alw", "svc"))
USAGE = entitlement_pb2.AllowanceUsage(id=ALW, state=entitlement_pb2.USAGE_STATE_RESERVED)
ORDER = service_order_pb2.ServiceOrder(id=SVC, state=service_order_pb2.SERVICE_ORDER_STATE_ESTIMATED)
ITEM = "{kind: LABOUR, quantity: 60}"
SENT = {"kind": 2, "quantity": 60}

CASES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "ReserveAllowance",
        f'input: {{reference: "cas_1", customerId: "{CUS}", serviceType: "repair", unit: VISITS, quantity: 2}}',
        {"reference": "cas_1", "customer_id": CUS, "service_type": "repair", "unit": 3, "quantity": 2},
    ),
    (
        "ConsumeAllowance",
        f'id: "{ALW}", actualQuantity: 0, etag: "2"',
        {"usage_id": ALW, "actual_quantity": 0, "etag": "2"},
    ),
    ("ConsumeAllowance", f'id: "{ALW}"', {"usage_id": ALW}),
    ("ReleaseAllowance", f'id: "{ALW}", reason: "gone"', {"usage_id": ALW, "release_reason": "gone"}),
    (
        "CorrectAllowance",
        f'id: "{ALW}", actualQuantity: 30, reason: "wrong"',
        {"usage_id": ALW, "actual_quantity": 30, "reason": "wrong"},
    ),
    (
        "CreateServiceOrder",
        f'input: {{customerId: "{CUS}", serviceType: "repair", items: [{ITEM}]}}, requestId: "r1"',
        {"customer_id": CUS, "service_type": "repair", "items": [SENT], "request_id": "r1"},
    ),
    ("ReviseServiceOrder", f'id: "{SVC}", items: [{ITEM}]', {"order_id": SVC, "items": [SENT]}),
    (
        "RecordServiceConsent",
        f'id: "{SVC}", input: {{estimateNumber: 1, givenBy: "李娜", channel: PHONE}}',
        {"order_id": SVC, "estimate_number": 1, "given_by": "李娜", "channel": 2},
    ),
    ("DeclineServiceOrder", f'id: "{SVC}", reason: "no"', {"order_id": SVC, "reason": "no"}),
    ("StartServiceOrder", f'id: "{SVC}", etag: "2"', {"order_id": SVC, "etag": "2"}),
    ("CompleteServiceOrder", f'id: "{SVC}", actuals: [{ITEM}]', {"order_id": SVC, "actuals": [SENT]}),
    ("CancelServiceOrder", f'id: "{SVC}", reason: "no"', {"order_id": SVC, "reason": "no"}),
]


@pytest.mark.parametrize(("rpc", "arguments", "arrived"), CASES, ids=[each[0] for each in CASES])
async def test_a_mutation_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, arrived: dict[str, Any]
) -> None:
    usage = rpc.endswith("Allowance")
    payload, noun, thing = (
        ("AllowanceUsagePayload", "usage", USAGE) if usage else ("ServiceOrderPayload", "order", ORDER)
    )
    suite.contracts.answers[rpc] = lambda _: getattr(pb, f"{rpc}Response")(**{noun: thing})
    field = rpc[0].lower() + rpc[1:]
    query = f"mutation {{ {field}({arguments}) {{ __typename ... on {payload} {{ {noun} {{ id state }} }} }} }}"
    state = "RESERVED" if usage else "ESTIMATED"
    assert await gateway.data(query) == {field: {"__typename": payload, noun: {"id": thing.id, "state": state}}}
    (request,) = suite.contracts.asked[rpc]
    if "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == getattr(pb, f"{rpc}Request")(**arrived)


ASKED = f"""{{ entitlement(customerId: "{CUS}", assetId: "{AST}", serviceType: "repair", unit: MINUTES,
      quantity: 120, at: "2026-11-22T12:00:00Z", knownAt: "2026-11-22T12:00:00Z") {{
        verdict reason coveredQuantity chargeableQuantity remaining price {{ amount }} listPrice {{ amount }}
        hint {{ titleEn }} explanationZh }} }}"""


async def test_a_verdict_is_asked_with_every_argument_and_shows_its_words(gateway: Client, suite: FakeSuite) -> None:
    said = entitlement_pb2.Entitlement(
        customer_id=CUS,
        asset_id=AST,
        service_type="repair",
        at=NOON,
        known_at=NOON,
        verdict=entitlement_pb2.ENTITLEMENT_VERDICT_PARTIAL,
        reason=entitlement_pb2.ENTITLEMENT_REASON_ALLOWANCE_INSUFFICIENT,
        quantity=120,
        covered_quantity=30,
        chargeable_quantity=90,
        price=contract_pb2.Money(currency_code="CNY", minor_units=45_000),
        explanation_zh="部分收费",
    )
    suite.contracts.answers["CheckEntitlement"] = lambda _: pb.CheckEntitlementResponse(entitlement=said)
    assert await gateway.data(ASKED) == {
        "entitlement": {
            "verdict": "PARTIAL",
            "reason": "ALLOWANCE_INSUFFICIENT",
            "coveredQuantity": "30",
            "chargeableQuantity": "90",
            "remaining": None,
            "price": {"amount": "450.00"},
            "listPrice": None,
            "hint": None,
            "explanationZh": "部分收费",
        }
    }
    (request,) = suite.contracts.asked["CheckEntitlement"]
    assert request == pb.CheckEntitlementRequest(
        customer_id=CUS,
        asset_id=AST,
        service_type="repair",
        unit=entitlement_pb2.SERVICE_UNIT_MINUTES,
        quantity=120,
        at=NOON,
        known_at=NOON,
    )


async def test_who_has_no_business_with_cover_is_refused_before_anybody_is_asked(
    gateway: Client, suite: FakeSuite
) -> None:
    query = f'{{ entitlement(customerId: "{CUS}", serviceType: "repair") {{ verdict }} }}'
    answer = await gateway.ask(query, roles=("employee",))
    assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert suite.calls == {}


async def test_a_contract_shows_what_is_left_of_its_allowances(gateway: Client, company: FakeSuite) -> None:
    left = entitlement_pb2.AllowanceBalance(
        contract_id=CON, line_id="lin_1", unit=entitlement_pb2.SERVICE_UNIT_VISITS, total=4, consumed=1, remaining=3
    )
    company.contracts.answers["BatchListAllowancesByContract"] = lambda _: pb.BatchListAllowancesByContractResponse(
        results=[pb.ContractAllowances(contract_id=CON, allowances=[left])]
    )
    query = f'{{ contract(id: "{CON}") {{ allowances {{ unit total consumed remaining }} }} }}'
    told = {"unit": "VISITS", "total": "4", "consumed": "1", "remaining": "3"}
    assert await gateway.data(query) == {"contract": {"allowances": [told]}}
