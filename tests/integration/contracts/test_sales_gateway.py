"""From the first call to the contract and the delivered order: a real gateway in front of the real service."""

from typing import Any

from tests.fakes.suite import Client
from tests.integration.contracts.sales_builders import day

PAYLOADS = {
    "createLead": "... on LeadPayload { lead { id state } }",
    "qualifyLead": "... on QualifiedPayload { lead { state customer { name } } opportunity { id stage } }",
    "createContractFromQuote": "... on QuotedContractPayload { contract { id state price { amount } } }",
}
QUOTE = "... on QuotePayload { quote { id state current { number approver total { amount } lines { formula } } } }"
ORDER = "... on OrderPayload { order { id milestone cycleDays } }"
VERSIONS = [
    {"number": 1, "state": "VOID", "voidReason": "SUPERSEDED"},
    {"number": 2, "state": "ACCEPTED", "voidReason": None},
]
DEAL = """{ opportunity(id: "%s") {
  stage winReason amount { amount } customer { name opportunities { id } orders { id } }
  quotes { id versions { number state voidReason } order { id milestone } }
} }"""


async def change(gateway: Client, call: str, *, by: str = "sophie", role: str = "sales") -> dict[str, Any]:
    """Make one mutation as a person, and return what it answers; its field's name is what the call begins with."""
    field = call.partition("(")[0]
    payload = PAYLOADS.get(field, ORDER if "Order" in field else QUOTE)
    return await gateway.change(call, payload=payload, role=role, subject=by)


def quoted(price: str) -> str:
    return (
        f'input: {{title: "Care", startDate: "{day(40)}", signBy: "{day(30)}", lines: [{{description: "Care", '
        f'unitPrice: {{currencyCode: "CNY", minorUnits: "{price}"}}, quantity: "2", '
        "term: {unit: YEAR, count: 1}, period: {unit: MONTH, count: 1}}]}"
    )


async def a_qualified_deal(gateway: Client) -> str:
    lead = (await change(gateway, 'createLead(input: {source: EVENT, contact: "王芳"})'))["lead"]["id"]
    deal = 'input: {title: "Care", newCustomer: {kind: ORGANISATION, name: "North"}}'
    made = await change(gateway, f'qualifyLead(id: "{lead}", {deal})')
    assert made["lead"] == {"state": "QUALIFIED", "customer": {"name": "North"}}
    opportunity_id: str = made["opportunity"]["id"]
    return opportunity_id


async def test_a_lead_becomes_a_contract_and_a_delivered_order(gateway: Client) -> None:
    deal = await a_qualified_deal(gateway)
    quote = (await change(gateway, f'createQuote(opportunityId: "{deal}", {quoted("9000")})'))["quote"]
    revised = (await change(gateway, f'reviseQuote(id: "{quote["id"]}", {quoted("10000")})'))["quote"]
    assert revised["current"] == {
        "number": 2,
        "approver": None,
        "total": {"amount": "2400.00"},
        "lines": [{"formula": "2 × CNY 100.00 × 12 = CNY 2400.00"}],
    }
    key = f'id: "{quote["id"]}"'
    eyes = await change(gateway, f"approveQuote({key})", role="admin")
    assert eyes == {"__typename": "ForbiddenError", "code": "QUOTE_APPROVER_IS_AUTHOR", "field": None}
    await change(gateway, f"approveQuote({key})", by="anna", role="approver")
    await change(gateway, f"sendQuote({key})")
    signed = await change(gateway, f'acceptQuote({key}, acceptedBy: "王芳", quoteVersion: 2)')
    assert (signed["quote"]["state"], signed["quote"]["current"]["approver"]) == ("ACCEPTED", "anna")
    contract = (await change(gateway, f'createContractFromQuote(quoteId: "{quote["id"]}")'))["contract"]
    assert (contract["state"], contract["price"]) == ("DRAFT", {"amount": "2400.00"})
    order = (await change(gateway, f'createOrderFromQuote(quoteId: "{quote["id"]}")'))["order"]["id"]
    early = await change(gateway, f'shipOrder(id: "{order}")', role="technician")
    assert early == {"__typename": "PreconditionError", "code": "ORDER_TRANSITION_REFUSED", "field": None}
    for verb in ("startOrderProduction", "shipOrder", "deliverOrder"):
        await change(gateway, f'{verb}(id: "{order}")', role="technician")
    done = await change(gateway, f'acceptOrder(id: "{order}", acceptedBy: "王芳")', role="technician")
    assert (done["order"]["milestone"], done["order"]["cycleDays"]) == ("ACCEPTED", 0)
    seen = (await gateway.data(DEAL % deal, roles=("auditor",)))["opportunity"]
    assert seen == {
        "stage": "WON",
        "winReason": "QUOTE_ACCEPTED",
        "amount": {"amount": "2400.00"},
        "customer": {"name": "North", "opportunities": [{"id": deal}], "orders": [{"id": order}]},
        "quotes": [
            {
                "id": quote["id"],
                "versions": VERSIONS,
                "order": {"id": order, "milestone": "ACCEPTED"},
            }
        ],
    }


async def test_what_is_wrong_in_a_quote_is_named_as_the_schema_writes_it(gateway: Client) -> None:
    deal = await a_qualified_deal(gateway)
    wrong = await change(gateway, f'createQuote(opportunityId: "{deal}", {quoted("-1")})')
    assert wrong == {
        "__typename": "InvalidInputError",
        "code": "INVALID_FIELD",
        "field": "lines[0].unitPrice.minorUnits",
    }
    nobody = await change(gateway, f'createOrderFromQuote(quoteId: "{deal}")')
    assert nobody == {"__typename": "InvalidInputError", "code": "INVALID_ID", "field": "quoteId"}
