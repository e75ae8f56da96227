"""What is covered and what is charged as a front end sees it: the gateway in front of the real service."""

from typing import Any

import pytest

from membercare.contracts.v1.contracts_service_pb2_grpc import ContractsServiceStub
from tests.fakes.suite import Client
from tests.integration.calling import Calling
from tests.integration.contracts.builders import a_customer
from tests.integration.contracts.entitlement_builders import CASES, a_line, allowing, covering, listed

USAGE = """... on AllowanceUsagePayload { usage {
  id state verdict quantity coveredQuantity chargeableQuantity covers { contractId remaining } releaseReason
} }"""
ORDER = """... on ServiceOrderPayload { order {
  id state estimatedAmount { amount } estimateNumber estimate { kind amount { amount } chargedQuantity }
  consents { givenBy channel amount { amount } } charge { amount } customer { name }
} }"""


@pytest.fixture
def customer_id(calling: Calling) -> str:
    return a_customer(calling.as_role(ContractsServiceStub, "sales")).id


async def change(gateway: Client, call: str, *, role: str = "agent") -> Any:
    payload = USAGE if "Allowance" in call else ORDER
    return await gateway.change(call, payload=payload, role=role)


async def test_an_allowance_is_asked_about_reserved_used_and_given_back(
    gateway: Client, calling: Calling, customer_id: str
) -> None:
    contract = covering(calling, customer_id, a_line(allowances=[allowing(CASES, 2)]))
    question = f'entitlement(customerId: "{customer_id}", serviceType: "repair", unit: CASES)'
    asked = f"{{ {question} {{ verdict reason remaining contract {{ id }} explanationEn explanationZh }} }}"
    told = (await gateway.data(asked, roles=("agent",)))["entitlement"]
    assert (told["verdict"], told["reason"], told["remaining"]) == ("COVERED", "CONTRACT", "2")
    assert told["contract"] == {"id": contract.id}
    assert told["explanationZh"].startswith("免费：由合同“Care”")

    def reserving(reference: str) -> str:
        who = f'customerId: "{customer_id}", serviceType: "repair", unit: CASES'
        return f'reserveAllowance(input: {{{who}, reference: "{reference}"}})'

    first, second, third = [(await change(gateway, reserving(f"cas-{n}")))["usage"] for n in range(3)]
    assert [each["state"] for each in (first, second, third)] == ["RESERVED", "RESERVED", "CHARGEABLE"]
    assert third["covers"] == []
    assert (third["coveredQuantity"], third["chargeableQuantity"]) == ("0", "1")
    used = await change(gateway, f'consumeAllowance(id: "{first["id"]}")', role="technician")
    assert used["usage"]["state"] == "CONSUMED"
    release = f'releaseAllowance(id: "{second["id"]}", reason: "called off")'
    assert (await change(gateway, release))["usage"]["releaseReason"] == "called off"
    again = await change(gateway, release)
    assert again == {"__typename": "PreconditionError", "code": "USAGE_TRANSITION_REFUSED", "field": None}
    balances = f'{{ contract(id: "{contract.id}") {{ allowances {{ total consumed reserved remaining }} }} }}'
    (balance,) = (await gateway.data(balances))["contract"]["allowances"]
    assert balance == {"total": "2", "consumed": "1", "reserved": "0", "remaining": "1"}


async def test_a_chargeable_service_is_estimated_consented_to_done_and_charged(
    gateway: Client, calling: Calling, customer_id: str
) -> None:
    listed(calling, hour=30_000, visit=12_000)
    items = '[{kind: LABOUR, quantity: "60"}, {kind: TRAVEL, quantity: "1"}]'
    asked = f'createServiceOrder(input: {{customerId: "{customer_id}", serviceType: "repair", items: {items}}})'
    order = (await change(gateway, asked))["order"]
    assert (order["state"], order["estimatedAmount"]) == ("ESTIMATED", {"amount": "420.00"})
    assert order["customer"] == {"name": "North Trading"}
    assert order["estimate"] == [
        {"kind": "LABOUR", "amount": {"amount": "300.00"}, "chargedQuantity": "60"},
        {"kind": "TRAVEL", "amount": {"amount": "120.00"}, "chargedQuantity": "1"},
    ]
    key = f'id: "{order["id"]}"'
    early = await change(gateway, f"startServiceOrder({key})", role="technician")
    assert early == {"__typename": "PreconditionError", "code": "CONSENT_MISSING", "field": None}
    said = f'recordServiceConsent({key}, input: {{estimateNumber: 1, givenBy: "Li Na", channel: PHONE}})'
    agreed = (await change(gateway, said))["order"]
    assert agreed["consents"] == [{"givenBy": "Li Na", "channel": "PHONE", "amount": {"amount": "420.00"}}]
    await change(gateway, f"startServiceOrder({key})", role="technician")
    done = f"completeServiceOrder({key}, actuals: {items})"
    completed = (await change(gateway, done, role="technician"))["order"]
    assert (completed["state"], completed["charge"]) == ("COMPLETED", {"amount": "420.00"})
    wrong = await change(gateway, asked.replace('"60"', '"-60"'))
    assert wrong == {"__typename": "InvalidInputError", "code": "INVALID_FIELD", "field": "items[0].quantity"}
    listing = f'{{ serviceOrders(first: 5, filter: {{customerId: "{customer_id}"}}) {{ nodes {{ id state }} }} }}'
    assert (await gateway.data(listing))["serviceOrders"]["nodes"] == [{"id": order["id"], "state": "COMPLETED"}]
