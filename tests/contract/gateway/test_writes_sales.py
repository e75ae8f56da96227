"""Every change of leads, opportunities, quotes and orders arrives as it was meant."""

from typing import Any
from uuid import UUID

import pytest

from gateway.graphql.contracts.sales.enums import OrderMilestone
from membercare.contracts.v1 import lead_pb2, opportunity_pb2, order_pb2, quote_pb2
from membercare.contracts.v1 import sales_service_pb2 as pb
from tests.fakes.company import NOON, a_contract, an_id
from tests.fakes.rooms import SERVICES
from tests.fakes.suite import Client, FakeSuite

READS = ("Get", "BatchGet", "List", "BatchList")
(SALES,) = (service for service in SERVICES["contracts"] if service.name == "SalesService")
LED, OPP, QUO, ORD, CUS, EMP = (an_id(prefix, 1) for prefix in ("led", "opp", "quo", "ord", "cus", "emp"))
GUARDS = 'etag: "3", requestId: "r1"'
GUARDED = {"etag": "3", "request_id": "r1"}
YUAN = {"currency_code": "CNY", "minor_units": 9007199254740993}
MONEY = '{currencyCode: "CNY", minorUnits: "9007199254740993"}'
QUOTE = (
    'input: {title: "Care", startDate: "2027-01-01", signBy: "2026-12-31", discountBps: 250, lines: [{'
    f'description: "Pump", quantity: "2", unitPrice: {MONEY}, term: {{unit: YEAR, count: 1}}, '
    'period: {unit: MONTH, count: 1}, serviceTypes: ["repair"]}]}'
)
CONTENT = {
    "title": "Care",
    "start_date": "2027-01-01",
    "sign_by": "2026-12-31",
    "discount_bps": 250,
    "lines": [
        {
            "description": "Pump",
            "quantity": 2,
            "unit_price": YUAN,
            "term": {"unit": 5, "count": 1},
            "period": {"unit": 3, "count": 1},
            "service_types": ["repair"],
        }
    ],
}


def a_lead() -> lead_pb2.Lead:
    return lead_pb2.Lead(
        id=LED,
        source=lead_pb2.LEAD_SOURCE_WEB,
        contact="Wang Fang",
        state=lead_pb2.LEAD_STATE_NEW,
        create_time=NOON,
        update_time=NOON,
    )


def an_opportunity() -> opportunity_pb2.Opportunity:
    return opportunity_pb2.Opportunity(
        id=OPP,
        kind=opportunity_pb2.OPPORTUNITY_KIND_NEW,
        title="Pumps",
        stage=opportunity_pb2.OPPORTUNITY_STAGE_QUALIFYING,
        customer_id=CUS,
        create_time=NOON,
    )


def a_quote() -> quote_pb2.Quote:
    return quote_pb2.Quote(id=QUO, opportunity_id=OPP, customer_id=CUS, state=quote_pb2.QUOTE_STATE_DRAFT)


def an_order() -> order_pb2.Order:
    return order_pb2.Order(id=ORD, quote_id=QUO, customer_id=CUS, milestone=order_pb2.ORDER_MILESTONE_SHIPPED)


THINGS: dict[str, Any] = {
    "lead": a_lead(),
    "opportunity": an_opportunity(),
    "quote": a_quote(),
    "order": an_order(),
    "contract": a_contract(1, 1),
}
PAYLOADS = {"CreateContractFromQuote": "QuotedContractPayload", "QualifyLead": "QualifiedPayload"}

CASES: list[tuple[str, str, dict[str, Any]]] = [
    (
        "CreateLead",
        f'input: {{source: EVENT, contact: "王芳", need: "Pumps", ownerId: "{EMP}"}}',
        {"source": 3, "contact": "王芳", "need": "Pumps", "owner_id": EMP},
    ),
    ("AssignLead", f'id: "{LED}", ownerId: "{EMP}", {GUARDS}', {"lead_id": LED, "owner_id": EMP, **GUARDED}),
    (
        "FollowUpLead",
        f'id: "{LED}", input: {{note: "Called", nextAction: "Visit", nextActionDate: "2027-01-05"}}, {GUARDS}',
        {"lead_id": LED, "note": "Called", "next_action": "Visit", "next_action_date": "2027-01-05", **GUARDED},
    ),
    (
        "QualifyLead",
        (
            f'id: "{LED}", input: {{title: "Pumps", kind: EXPANSION, amount: {MONEY}, closeDate: "2027-03-01", '
            'newCustomer: {kind: ORGANISATION, name: "North", externalRef: "K-1"}}'
        ),
        {
            "lead_id": LED,
            "title": "Pumps",
            "kind": 3,
            "amount": YUAN,
            "close_date": "2027-03-01",
            "new_customer": {"kind": 1, "name": "North", "external_ref": "K-1"},
        },
    ),
    ("DisqualifyLead", f'id: "{LED}", reason: OTHER, note: "Moved"', {"lead_id": LED, "reason": 6, "note": "Moved"}),
    ("ReopenLead", f'id: "{LED}", {GUARDS}', {"lead_id": LED, **GUARDED}),
    (
        "CreateOpportunity",
        f'input: {{kind: SIGNING_OFFER, title: "Care", customerId: "{CUS}", assetIds: ["ast_1"]}}',
        {"kind": 2, "title": "Care", "customer_id": CUS, "asset_ids": ["ast_1"]},
    ),
    (
        "UpdateOpportunity",
        f'id: "{OPP}", input: {{title: "More", amount: null}}, {GUARDS}',
        {"opportunity_id": OPP, "title": "More", "update_mask": {"paths": ["title", "amount"]}, **GUARDED},
    ),
    (
        "FollowUpOpportunity",
        f'id: "{OPP}", input: {{note: "Called"}}, {GUARDS}',
        {"opportunity_id": OPP, "note": "Called", **GUARDED},
    ),
    *(
        (f"{verb}Opportunity", f'id: "{OPP}", {GUARDS}', {"opportunity_id": OPP, **GUARDED})
        for verb in ("Propose", "Negotiate", "Reopen")
    ),
    ("WinOpportunity", f'id: "{OPP}", reason: SERVICE', {"opportunity_id": OPP, "reason": 4}),
    (
        "LoseOpportunity",
        f'id: "{OPP}", reason: COMPETITOR, note: "Cheaper"',
        {"opportunity_id": OPP, "reason": 2, "note": "Cheaper"},
    ),
    ("CreateQuote", f'opportunityId: "{OPP}", {QUOTE}', {"opportunity_id": OPP, "content": CONTENT}),
    ("ReviseQuote", f'id: "{QUO}", {QUOTE}, {GUARDS}', {"quote_id": QUO, "content": CONTENT, **GUARDED}),
    *((f"{verb}Quote", f'id: "{QUO}", {GUARDS}', {"quote_id": QUO, **GUARDED}) for verb in ("Approve", "Send")),
    (
        "AcceptQuote",
        f'id: "{QUO}", acceptedBy: "王芳", quoteVersion: 2, {GUARDS}',
        {"quote_id": QUO, "accepted_by": "王芳", "quote_version": 2, **GUARDED},
    ),
    ("VoidQuote", f'id: "{QUO}", note: "Wrong"', {"quote_id": QUO, "note": "Wrong"}),
    ("CreateContractFromQuote", f'quoteId: "{QUO}", requestId: "r1"', {"quote_id": QUO, "request_id": "r1"}),
    (
        "CreateOrderFromQuote",
        f'quoteId: "{QUO}", plan: [{{milestone: SHIPPED, date: "2027-02-01"}}]',
        {"quote_id": QUO, "plan": [{"milestone": 3, "date": "2027-02-01"}]},
    ),
    (
        "PlanOrder",
        f'id: "{ORD}", plan: [{{milestone: DELIVERED, date: "2027-02-03"}}], {GUARDS}',
        {"order_id": ORD, "plan": [{"milestone": 4, "date": "2027-02-03"}], **GUARDED},
    ),
    ("StartOrderProduction", f'id: "{ORD}", {GUARDS}', {"order_id": ORD, **GUARDED}),
    (
        "ShipOrder",
        f'id: "{ORD}", carrier: "SF", trackingNumber: "1", actualDate: "2027-02-01"',
        {"order_id": ORD, "carrier": "SF", "tracking_number": "1", "actual_date": "2027-02-01"},
    ),
    (
        "DeliverOrder",
        f'id: "{ORD}", serials: [{{lineId: "lin_1", serials: ["A", "B"]}}]',
        {"order_id": ORD, "serials": [{"line_id": "lin_1", "serials": ["A", "B"]}]},
    ),
    (
        "AcceptOrder",
        f'id: "{ORD}", acceptedBy: "王芳", issues: [{{description: "Scratch"}}]',
        {"order_id": ORD, "accepted_by": "王芳", "issues": [{"description": "Scratch"}]},
    ),
    ("CancelOrder", f'id: "{ORD}", reason: "No budget", {GUARDS}', {"order_id": ORD, "reason": "No budget", **GUARDED}),
]


def test_every_change_of_the_room_is_tested_here() -> None:
    verbs = [method.name for method in SALES.methods if not method.name.startswith(READS)]
    assert sorted(case[0] for case in CASES) == sorted(verbs)


@pytest.mark.parametrize(("rpc", "arguments", "arrived"), CASES, ids=[case[0] for case in CASES])
async def test_a_mutation_sends_what_was_asked_and_shows_what_came_back(
    gateway: Client, suite: FakeSuite, rpc: str, arguments: str, arrived: dict[str, Any]
) -> None:
    kind = getattr(pb, f"{rpc}Response")
    nouns = [field.name for field in kind.DESCRIPTOR.fields]
    suite.contracts.answers[rpc] = lambda _: kind(**{noun: THINGS[noun] for noun in nouns})
    payload = PAYLOADS.get(rpc, f"{nouns[0].capitalize()}Payload")
    field = rpc[0].lower() + rpc[1:]
    shown = " ".join(f"{noun} {{ id }}" for noun in nouns)
    data = await gateway.data(f"mutation {{ {field}({arguments}) {{ __typename ... on {payload} {{ {shown} }} }} }}")
    assert data[field] == {"__typename": payload, **{noun: {"id": THINGS[noun].id} for noun in nouns}}
    (request,) = suite.contracts.asked[rpc]
    if "request_id" not in arrived:
        UUID(request.request_id)
        request.request_id = ""
    assert request == type(request)(**arrived)


JOINS = """
{
  opportunity(id: "%s") {
    customer { name }
    quotes { id order { id customer { name opportunities { id } orders { id } } } opportunity { id } }
  }
}
"""


async def test_a_deal_shows_its_customer_its_quotes_and_their_orders_in_one_call_each(
    gateway: Client, company: FakeSuite
) -> None:
    company.contracts.answers |= {
        "BatchGetOpportunities": lambda _: pb.BatchGetOpportunitiesResponse(opportunities=[an_opportunity()]),
        "BatchListQuotesByOpportunity": lambda _: pb.BatchListQuotesByOpportunityResponse(
            results=[pb.OpportunityQuotes(opportunity_id=OPP, quotes=[a_quote()])]
        ),
        "BatchGetOrdersByQuote": lambda _: pb.BatchGetOrdersByQuoteResponse(orders=[an_order()]),
        "BatchListOpportunitiesByCustomer": lambda _: pb.BatchListOpportunitiesByCustomerResponse(
            results=[pb.CustomerOpportunities(customer_id=CUS, opportunities=[an_opportunity()])]
        ),
        "BatchListOrdersByCustomer": lambda _: pb.BatchListOrdersByCustomerResponse(
            results=[pb.CustomerOrders(customer_id=CUS, orders=[an_order()])]
        ),
    }
    data = await gateway.data(JOINS % OPP)
    customer = {"name": "Customer 1", "opportunities": [{"id": OPP}], "orders": [{"id": ORD}]}
    order = {"id": ORD, "customer": customer}
    assert data["opportunity"] == {
        "customer": {"name": "Customer 1"},
        "quotes": [{"id": QUO, "order": order, "opportunity": {"id": OPP}}],
    }
    assert set(company.contracts.calls.values()) == {1}


@pytest.mark.parametrize(
    ("rpc", "noun", "kind"),
    [
        ("BatchGetLeads", "leads", "Lead"),
        ("BatchGetOpportunities", "opportunities", "Opportunity"),
        ("BatchGetQuotes", "quotes", "Quote"),
        ("BatchGetOrders", "orders", "Order"),
    ],
)
async def test_a_node_of_the_room_is_found_by_its_id(
    gateway: Client, suite: FakeSuite, rpc: str, noun: str, kind: str
) -> None:
    thing = THINGS[kind.lower()]
    suite.contracts.answers[rpc] = lambda _: getattr(pb, f"{rpc}Response")(**{noun: [thing]})
    data = await gateway.data(f'{{ node(id: "{thing.id}") {{ __typename id }} }}')
    assert data["node"] == {"__typename": kind, "id": thing.id}


LISTS = [
    ("leads", "ListLeads", "state: WORKING, overdue: true", {"state": 2, "overdue": True}),
    (
        "opportunities",
        "ListOpportunities",
        f'customerId: "{CUS}", open: true, closesThrough: "2027-03-31"',
        {"customer_id": CUS, "open": True, "closes_through": "2027-03-31"},
    ),
    ("quotes", "ListQuotes", 'state: SENT, signByFrom: "2027-01-01"', {"state": 3, "sign_by_from": "2027-01-01"}),
    ("orders", "ListOrders", "milestone: SHIPPED, late: true", {"milestone": 3, "late": True}),
]


@pytest.mark.parametrize(("field", "rpc", "wanted", "arrived"), LISTS, ids=[each[0] for each in LISTS])
async def test_a_list_of_the_room_is_filtered_and_paged(
    gateway: Client, suite: FakeSuite, field: str, rpc: str, wanted: str, arrived: dict[str, Any]
) -> None:
    thing = THINGS["opportunity" if field == "opportunities" else field[:-1]]
    reply = getattr(pb, f"{rpc}Response")(**{field: [thing]}, next_page_token=thing.id)
    suite.contracts.answers[rpc] = lambda _: reply
    arguments = f'first: 1, after: "{thing.id}", filter: {{{wanted}}}'
    query = f"{{ {field}({arguments}) {{ nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }}"
    data = await gateway.data(query)
    page = {"hasNextPage": True, "endCursor": thing.id}
    assert data[field] == {"nodes": [{"id": thing.id}], "pageInfo": page}
    (request,) = suite.contracts.asked[rpc]
    assert request == type(request)(page_size=1, page_token=thing.id, filter=arrived)


async def test_who_may_not_approve_is_refused_before_the_service_is_asked(gateway: Client, suite: FakeSuite) -> None:
    query = f'mutation {{ approveQuote(id: "{QUO}") {{ __typename }} }}'
    data = await gateway.data(query, roles=("sales",))
    assert data["approveQuote"] == {"__typename": "ForbiddenError"}
    assert suite.calls == {}


def test_the_milestones_that_a_plan_names_have_the_numbers_of_their_proto() -> None:
    theirs = {
        name.removeprefix("ORDER_MILESTONE_"): number for name, number in order_pb2.OrderMilestone.items() if number
    }
    assert {member.name: member.value for member in OrderMilestone} == theirs
