"""Every call in every state of leads, opportunities, quotes and orders that does not allow it: refused by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from pymongo.database import Database

from membercare.contracts.v1 import lead_pb2, opportunity_pb2, order_pb2, quote_pb2
from membercare.contracts.v1 import sales_service_pb2 as pb
from membercare.contracts.v1.sales_service_pb2_grpc import SalesServiceStub
from services.contracts.rpc.sales.access import ACCESS
from tests.integration.calling import Calling
from tests.integration.contracts.builders import NOBODY
from tests.integration.contracts.moves import moving, refusals
from tests.integration.contracts.sales_builders import (
    a_lead,
    a_quote,
    an_accepted_quote,
    an_opportunity,
    content,
    customer_of,
    quote_line,
    yuan,
)

PUMPS = quote_line(description="Pump", quantity=1, unit_price=yuan(640_000), term=None, period=None)


@dataclass(frozen=True, kw_only=True)
class Room:
    """Something that moves: its calls, and by state how it gets there and which calls the state allows."""

    noun: str
    make: Callable[[Calling], str]
    calls: Mapping[str, Mapping[str, Any]]
    states: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
    values: Mapping[str, Any]
    """The numbers of its states, by name."""
    where: str = "state"

    def request(self, name: str, key: str) -> Any:
        """Return the request of a call that nothing is wrong with but the state."""
        return getattr(pb, f"{name}Request")(**{f"{self.noun}_id": key}, **self.calls[name])


LEADS = Room(
    noun="lead",
    make=lambda calling: a_lead(calling.as_subject(SalesServiceStub, "sophie", "sales")).id,
    calls={
        "AssignLead": {"owner_id": NOBODY},
        "FollowUpLead": {"note": "Called."},
        "QualifyLead": {"title": "Ten pumps", "new_customer": {"kind": 1, "name": "North Trading"}, "kind": 1},
        "DisqualifyLead": {"reason": lead_pb2.DISQUALIFY_REASON_OTHER, "note": "Moved abroad."},
        "ReopenLead": {},
    },
    states={
        "NEW": ((), ("AssignLead", "FollowUpLead", "QualifyLead", "DisqualifyLead")),
        "WORKING": (("FollowUpLead",), ("AssignLead", "FollowUpLead", "QualifyLead", "DisqualifyLead")),
        "QUALIFIED": (("QualifyLead",), ()),
        "DISQUALIFIED": (("DisqualifyLead",), ("ReopenLead",)),
    },
    values=dict(lead_pb2.LeadState.items()),
)
_OPEN = ("UpdateOpportunity", "FollowUpOpportunity", "WinOpportunity", "LoseOpportunity")
OPPORTUNITIES = Room(
    noun="opportunity",
    make=lambda calling: (
        an_opportunity(calling.as_subject(SalesServiceStub, "sophie", "sales"), customer_of(calling)).id
    ),
    calls={
        "UpdateOpportunity": {"title": "More", "update_mask": {"paths": ["title"]}},
        "FollowUpOpportunity": {"note": "Called."},
        "ProposeOpportunity": {},
        "NegotiateOpportunity": {},
        "WinOpportunity": {"reason": opportunity_pb2.WIN_REASON_PRICE},
        "LoseOpportunity": {"reason": opportunity_pb2.LOSS_REASON_PRICE},
        "ReopenOpportunity": {},
    },
    states={
        "QUALIFYING": ((), (*_OPEN, "ProposeOpportunity")),
        "PROPOSING": (("ProposeOpportunity",), (*_OPEN, "NegotiateOpportunity")),
        "NEGOTIATING": (("ProposeOpportunity", "NegotiateOpportunity"), (*_OPEN, "ProposeOpportunity")),
        "WON": (("WinOpportunity",), ()),
        "LOST": (("LoseOpportunity",), ("ReopenOpportunity",)),
    },
    values=dict(opportunity_pb2.OpportunityStage.items()),
    where="stage",
)


def a_deal(calling: Calling) -> str:
    sales = calling.as_subject(SalesServiceStub, "sophie", "sales")
    return a_quote(sales, an_opportunity(sales, customer_of(calling)).id, PUMPS).id


QUOTES = Room(
    noun="quote",
    make=a_deal,
    calls={
        "ReviseQuote": {"content": content(PUMPS)},
        "ApproveQuote": {},
        "SendQuote": {},
        "AcceptQuote": {"accepted_by": "Wang Fang"},
        "VoidQuote": {"note": "Given up."},
    },
    states={
        "DRAFT": ((), ("ReviseQuote", "ApproveQuote", "VoidQuote")),
        "APPROVED": (("ApproveQuote",), ("ReviseQuote", "SendQuote", "VoidQuote")),
        "SENT": (("ApproveQuote", "SendQuote"), ("ReviseQuote", "AcceptQuote", "VoidQuote")),
        "ACCEPTED": (("ApproveQuote", "SendQuote", "AcceptQuote"), ()),
        "VOID": (("VoidQuote",), ("ReviseQuote",)),
    },
    values=dict(quote_pb2.QuoteState.items()),
)


def an_order_of_pumps(calling: Calling) -> str:
    quote = an_accepted_quote(calling, PUMPS)
    sales = calling.as_subject(SalesServiceStub, "sophie", "sales")
    return sales.CreateOrderFromQuote(pb.CreateOrderFromQuoteRequest(quote_id=quote.id)).order.id


_PRODUCED = ("StartOrderProduction",)
_SHIPPED = (*_PRODUCED, "ShipOrder")
_DELIVERED = (*_SHIPPED, "DeliverOrder")
ORDERS = Room(
    noun="order",
    make=an_order_of_pumps,
    calls={
        "PlanOrder": {"plan": [{"milestone": order_pb2.ORDER_MILESTONE_ACCEPTED, "date": "2999-01-01"}]},
        "StartOrderProduction": {},
        "ShipOrder": {},
        "DeliverOrder": {},
        "AcceptOrder": {"accepted_by": "Wang Fang"},
        "CancelOrder": {"reason": "No budget."},
    },
    states={
        "PLANNED": ((), ("PlanOrder", "StartOrderProduction", "CancelOrder")),
        "IN_PRODUCTION": (_PRODUCED, ("PlanOrder", "ShipOrder", "CancelOrder")),
        "SHIPPED": (_SHIPPED, ("PlanOrder", "DeliverOrder")),
        "DELIVERED": (_DELIVERED, ("PlanOrder", "AcceptOrder")),
        "ACCEPTED": ((*_DELIVERED, "AcceptOrder"), ()),
        "CANCELLED": (("CancelOrder",), ()),
    },
    values=dict(order_pb2.OrderMilestone.items()),
    where="milestone",
)
ROOMS = (LEADS, OPPORTUNITIES, QUOTES, ORDERS)
PREFIX = {"lead": "LEAD_STATE", "opportunity": "OPPORTUNITY_STAGE", "quote": "QUOTE_STATE", "order": "ORDER_MILESTONE"}


def test_the_table_knows_every_state_and_every_call_that_moves_something() -> None:
    assert {name for room in ROOMS for name in room.calls} == moving(ACCESS)
    for room in ROOMS:
        told = {f"{PREFIX[room.noun]}_{state}" for state in room.states}
        assert told == {name for name, number in room.values.items() if number}


@pytest.mark.parametrize(
    ("room", "state"), [pytest.param(room, state, id=f"{room.noun} {state}") for room in ROOMS for state in room.states]
)
def test_what_a_state_does_not_allow_is_refused_and_changes_nothing(
    calling: Calling, database: Database[dict[str, Any]], room: Room, state: str
) -> None:
    anybody = calling.as_subject(SalesServiceStub, "root", "admin")
    key = room.make(calling)
    path, allowed = room.states[state]
    for name in path:
        getattr(anybody, name)(room.request(name, key))
    found = getattr(getattr(anybody, f"Get{room.noun.title()}")(get(room, key)), room.noun)
    assert getattr(found, room.where) == room.values[f"{PREFIX[room.noun]}_{state}"]
    stored = everything(database)
    asked = {name: room.request(name, key) for name in room.calls if name not in allowed}
    assert refusals(anybody, asked) == dict.fromkeys(asked, f"{room.noun.upper()}_TRANSITION_REFUSED")
    assert everything(database) == stored


@pytest.mark.parametrize("state", [state for state in QUOTES.states if state != "ACCEPTED"])
def test_only_what_the_customer_accepted_becomes_an_order_or_a_contract(
    calling: Calling, database: Database[dict[str, Any]], state: str
) -> None:
    anybody = calling.as_subject(SalesServiceStub, "root", "admin")
    key = QUOTES.make(calling)
    for name in QUOTES.states[state][0]:
        getattr(anybody, name)(QUOTES.request(name, key))
    stored = everything(database)
    asked = {
        "CreateOrderFromQuote": pb.CreateOrderFromQuoteRequest(quote_id=key),
        "CreateContractFromQuote": pb.CreateContractFromQuoteRequest(quote_id=key),
    }
    assert refusals(anybody, asked) == dict.fromkeys(asked, "QUOTE_NOT_ACCEPTED")
    assert everything(database) == stored


def get(room: Room, key: str) -> Any:
    return getattr(pb, f"Get{room.noun.title()}Request")(**{f"{room.noun}_id": key})


def everything(database: Database[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    names = ("leads", "opportunities", "quotes", "orders", "contracts", "customers", "assets")
    return {name: list(database[name].find()) for name in names}
