"""Bills and prices as a front end sees them: the gateway in front of the real service."""

import base64
from typing import Any

import pytest

from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from tests.fakes.suite import Client
from tests.integration.contracts.billing_builders import a_line, billed_monthly

LINES = "billingLines { id state dueDate startDate endDate amount { amount currencyCode } formula }"
RUN = """... on PriceRunPayload { priceRun {
  id state author approver rule { kind upliftBps capBps roundTo }
  items { oldPrice { amount } newPrice { amount } formula contract { title } }
  outcomes { termsNumber problem }
} }"""


@pytest.fixture
def contract_id(sales: ContractsServiceStub, legal: ContractsServiceStub) -> str:
    """A contract of 2025 from 31 January to 30 April, 100.00 a month."""
    return billed_monthly(sales, legal, a_line(100), start_date="2025-01-31", end_date="2025-04-29").id


async def change(gateway: Client, call: str, *, payload: str = RUN, by: str = "chen.ops", role: str = "ops") -> Any:
    return await gateway.change(call, payload=payload, role=role, subject=by)


async def test_a_schedule_is_planned_explained_billed_and_exported(gateway: Client, contract_id: str) -> None:
    plan = f'planBilling(contractId: "{contract_id}")'
    planned = await change(gateway, plan, payload=f"... on BillingSchedulePayload {{ changes {LINES} }}")
    lines = planned["billingLines"]
    assert [(each["dueDate"], each["endDate"], each["amount"]["amount"], each["state"]) for each in lines] == [
        ("2025-01-31", "2025-02-27", "100.00", "DUE"),
        ("2025-02-28", "2025-03-30", "100.00", "DUE"),
        ("2025-03-31", "2025-04-29", "100.00", "DUE"),
    ]
    assert (planned["changes"], lines[0]["formula"]) == (3, "CNY 100.00 × 28/28 = CNY 100.00 (ACT/ACT)")

    told = await gateway.data(f'{{ explainBillingLine(id: "{lines[0]["id"]}") {{ explanationEn explanationZh }} }}')
    assert all("2025-01-31" in words for words in told["explainBillingLine"].values())

    billed = f'markBilled(ids: ["{lines[0]["id"]}"], invoice: "INV-1")'
    payload = "... on BilledPayload { billingLines { state invoice billedBy } }"
    for _ in range(2):
        answer = await change(gateway, billed, payload=payload)
        assert answer["billingLines"] == [{"state": "BILLED", "invoice": "INV-1", "billedBy": "chen.ops"}]
    twice = await change(gateway, billed.replace("INV-1", "INV-2"), payload=payload)
    assert twice == {"__typename": "PreconditionError", "code": "BILLING_LINE_BILLED", "field": None}

    seen = await gateway.data(f"""{{
      contract(id: "{contract_id}") {{ billingLines(first: 5) {{ state }} }}
      billingLines(first: 5, filter: {{contractId: "{contract_id}", state: DUE}}) {{ nodes {{ id contract {{ id }} }} }}
      exportBillingLines(filter: {{contractId: "{contract_id}"}}) {{ rows mediaType content }}
    }}""")
    assert [each["state"] for each in seen["contract"]["billingLines"]] == ["BILLED", "DUE", "DUE"]
    due = [{"id": each["id"], "contract": {"id": contract_id}} for each in lines[1:]]
    assert seen["billingLines"]["nodes"] == due
    file = base64.b64decode(seen["exportBillingLines"]["content"]).decode("utf-8-sig")
    assert (seen["exportBillingLines"]["rows"], file.count("\r\n")) == (2, 3)


async def test_a_price_run_is_previewed_approved_by_another_applied_and_undone(
    gateway: Client, contract_id: str
) -> None:
    rule = 'rule: {kind: UPLIFT, upliftBps: 1000, capBps: 500, roundTo: "100"}'
    asked = f'createPriceRun(input: {{name: "March", effectiveDate: "2025-03-31", {rule}}})'
    run = (await change(gateway, asked))["priceRun"]
    assert (run["state"], run["author"], run["approver"]) == ("PREVIEWED", "chen.ops", None)
    assert run["rule"] == {"kind": "UPLIFT", "upliftBps": 1000, "capBps": 500, "roundTo": "100"}
    assert run["items"] == [
        {
            "oldPrice": {"amount": "100.00"},
            "newPrice": {"amount": "105.00"},
            "formula": "CNY 100.00 × 11000/10000 = CNY 110.00 → CNY 105.00",
            "contract": {"title": "Care"},
        }
    ]
    key = f'(id: "{run["id"]}")'
    early = await change(gateway, f"applyPriceRun{key}")
    assert early == {"__typename": "PreconditionError", "code": "PRICE_RUN_TRANSITION_REFUSED", "field": None}
    own = await change(gateway, f"approvePriceRun{key}", role="approver")
    assert (own["__typename"], own["code"]) == ("ForbiddenError", "PRICE_RUN_OWN_WORK")
    approved = await change(gateway, f"approvePriceRun{key}", by="sun.boss", role="approver")
    assert (approved["priceRun"]["state"], approved["priceRun"]["approver"]) == ("APPROVED", "sun.boss")
    applied = (await change(gateway, f"applyPriceRun{key}"))["priceRun"]
    assert (applied["state"], applied["outcomes"]) == ("APPLIED", [{"termsNumber": 2, "problem": None}])
    assert await billed(gateway, contract_id) == ["100.00", "100.00", "105.00"]
    await change(gateway, f"undoPriceRun{key}")
    assert await billed(gateway, contract_id) == ["100.00", "100.00", "100.00"]
    assert await gateway.codes("{ priceRuns(first: 5) { nodes { id } } }", roles=("technician",)) == ["FORBIDDEN"]


async def billed(gateway: Client, contract_id: str) -> list[str]:
    plan = f'planBilling(contractId: "{contract_id}")'
    answer = await change(gateway, plan, payload="... on BillingSchedulePayload { billingLines { amount { amount } } }")
    return [each["amount"]["amount"] for each in answer["billingLines"]]
