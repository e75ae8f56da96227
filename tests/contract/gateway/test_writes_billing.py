"""Every mutation of billing sends what was asked and shows what came back."""

from typing import Any

import pytest

from membercare.contracts.v1 import billing_line_pb2, contract_pb2
from membercare.contracts.v1 import billing_service_pb2 as pb
from membercare.contracts.v1 import contracts_service_pb2 as contracts
from tests.fakes.company import a_contract, an_id
from tests.fakes.suite import Client, FakeSuite

LINE = billing_line_pb2.BillingLine(
    id=an_id("bil", 1),
    contract_id=an_id("con", 1),
    customer_id=an_id("cus", 1),
    description="Maintenance",
    kind=billing_line_pb2.BILLING_LINE_KIND_CREDIT,
    state=billing_line_pb2.BILLING_LINE_STATE_DUE,
    period_start="2026-01-01",
    period_end="2026-01-31",
    start_date="2026-01-01",
    end_date="2026-01-31",
    due_date="2026-02-01",
    amount=contract_pb2.Money(currency_code="CNY", minor_units=-5000),
    formula="CNY -50.00",
    terms_number=1,
    etag="1",
)
SHOWN = {"id": LINE.id, "kind": "CREDIT", "state": "DUE", "amount": {"minorUnits": "-5000", "amount": "-50.00"}}
FIELDS = "billingLines { id kind state amount { minorUnits amount } }"

CASES: list[tuple[str, str, str, Any, dict[str, Any]]] = [
    (
        "PlanBilling",
        'contractId: "con_1"',
        f"... on BillingSchedulePayload {{ changes {FIELDS} }}",
        pb.PlanBillingResponse(changes=3, billing_lines=[LINE]),
        {"contract_id": "con_1"},
    ),
    (
        "RetryBilling",
        'contractId: "con_1"',
        f"... on BillingSchedulePayload {{ changes {FIELDS} }}",
        pb.RetryBillingResponse(changes=3, billing_lines=[LINE]),
        {"contract_id": "con_1"},
    ),
    (
        "MarkBilled",
        'ids: ["bil_1", "bil_2"], invoice: "INV-7"',
        f"... on BilledPayload {{ {FIELDS} }}",
        pb.MarkBilledResponse(billing_lines=[LINE]),
        {"billing_line_ids": ["bil_1", "bil_2"], "invoice": "INV-7"},
    ),
]


@pytest.mark.parametrize(("rpc", "arguments", "shown", "reply", "arrived"), CASES, ids=[each[0] for each in CASES])
async def test_a_mutation_of_billing_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, shown: str, reply: Any, arrived: dict[str, Any]
) -> None:
    suite.contracts.answers[rpc] = lambda _: reply
    field = rpc[0].lower() + rpc[1:]
    data = await gateway.data(f"mutation {{ {field}({arguments}) {{ {shown} }} }}")
    assert data[field]["billingLines"] == [SHOWN]
    (request,) = suite.contracts.asked[rpc]
    assert request.request_id
    request.request_id = ""
    assert request == type(request)(**arrived)


async def test_the_billing_lines_of_many_contracts_cost_one_call(gateway: Client, company: FakeSuite) -> None:
    company.contracts.answers["BatchListBillingLinesByContract"] = lambda request: (
        pb.BatchListBillingLinesByContractResponse(
            results=[pb.ContractBillingLines(contract_id=key, billing_lines=[LINE]) for key in request.contract_ids]
        )
    )
    company.contracts.answers["ListContracts"] = lambda _: contracts.ListContractsResponse(
        contracts=[a_contract(n, 1) for n in range(3)]
    )
    data = await gateway.data("{ contracts(first: 3) { nodes { id billingLines(first: 2) { id state } } } }")
    assert [each["billingLines"] for each in data["contracts"]["nodes"]] == 3 * [[{"id": LINE.id, "state": "DUE"}]]
    (asked,) = company.contracts.asked["BatchListBillingLinesByContract"]
    assert (len(asked.contract_ids), asked.limit_per_contract) == (3, 2)


EVERYTHING = """{
  billingLines(filter: {state: DUE, dueUntil: "2026-02-28"}) { nodes { id invoice formula } }
  explainBillingLine(id: "bil_1") { explanationEn explanationZh billingLine { id } }
  exportBillingLines(format: JSON, limit: 5000) { content mediaType rows nextPageToken }
  parkedBilling { parked { contractId reason attempts } nextPageToken }
  billingDeliveries(undelivered: true) { nodes { id lastError deliveredTime } }
}"""


async def test_what_bills_are_shown_as(gateway: Client, suite: FakeSuite) -> None:
    suite.contracts.answers["ListBillingLines"] = lambda _: pb.ListBillingLinesResponse(billing_lines=[LINE])
    suite.contracts.answers["ExplainBillingLine"] = lambda _: pb.ExplainBillingLineResponse(
        billing_line=LINE, explanation_en="Words.", explanation_zh="说明。"
    )
    suite.contracts.answers["ExportBillingLines"] = lambda _: pb.ExportBillingLinesResponse(
        content=b"id\r\n", media_type="text/csv; charset=utf-8", rows=0
    )
    suite.contracts.answers["ListParkedBilling"] = lambda _: pb.ListParkedBillingResponse(
        parked=[billing_line_pb2.ParkedBilling(contract_id="con_1", reason="R", message="M", attempts=2)]
    )
    suite.contracts.answers["ListBillingDeliveries"] = lambda _: pb.ListBillingDeliveriesResponse(
        billing_deliveries=[billing_line_pb2.BillingDelivery(id="dlv_1", attempts=1, last_error="HTTP 500")]
    )
    data = await gateway.data(EVERYTHING)
    assert data["billingLines"]["nodes"] == [{"id": LINE.id, "invoice": None, "formula": "CNY -50.00"}]
    assert data["explainBillingLine"] == {
        "explanationEn": "Words.",
        "explanationZh": "说明。",
        "billingLine": {"id": LINE.id},
    }
    assert data["exportBillingLines"] == {
        "content": "aWQNCg==",
        "mediaType": "text/csv; charset=utf-8",
        "rows": 0,
        "nextPageToken": None,
    }
    assert data["parkedBilling"]["parked"] == [{"contractId": "con_1", "reason": "R", "attempts": 2}]
    assert data["billingDeliveries"]["nodes"] == [{"id": "dlv_1", "lastError": "HTTP 500", "deliveredTime": None}]
    (listed,) = suite.contracts.asked["ListBillingLines"]
    assert listed.filter == pb.BillingLineFilter(state=2, due_until="2026-02-28")  # type: ignore[arg-type]  # a number
    (exported,) = suite.contracts.asked["ExportBillingLines"]
    assert (exported.format, exported.page_size) == (pb.BILLING_EXPORT_FORMAT_JSON, 5000)


async def test_due_lines_are_exported_without_a_limit(gateway: Client, suite: FakeSuite) -> None:
    suite.contracts.answers["ExportBillingLines"] = lambda _: pb.ExportBillingLinesResponse(rows=3)
    assert await gateway.data("{ exportBillingLines { rows } }") == {"exportBillingLines": {"rows": 3}}
    (exported,) = suite.contracts.asked["ExportBillingLines"]
    assert exported == pb.ExportBillingLinesRequest(format=pb.BILLING_EXPORT_FORMAT_CSV)
