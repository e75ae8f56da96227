"""Roles by RPC: leads, opportunities, quotes and orders."""

from collections.abc import Mapping

from gateway.graphql.roles import SALES, STAFF

_TIPS = SALES | {"agent", "technician"}
_ASSIGN = SALES | {"manager"}
_DELIVER = SALES | {"technician"}

RIGHTS: Mapping[str, frozenset[str]] = {
    "CreateLead": _TIPS,
    "BatchGetLeads": STAFF,
    "ListLeads": STAFF,
    "AssignLead": _ASSIGN,
    "FollowUpLead": SALES,
    "QualifyLead": SALES,
    "DisqualifyLead": SALES,
    "ReopenLead": SALES,
    "CreateOpportunity": SALES,
    "BatchGetOpportunities": STAFF,
    "ListOpportunities": STAFF,
    "BatchListOpportunitiesByCustomer": STAFF,
    "UpdateOpportunity": _ASSIGN,
    "FollowUpOpportunity": SALES,
    "ProposeOpportunity": SALES,
    "NegotiateOpportunity": SALES,
    "WinOpportunity": SALES,
    "LoseOpportunity": SALES,
    "ReopenOpportunity": SALES,
    "CreateQuote": SALES,
    "BatchGetQuotes": STAFF,
    "ListQuotes": STAFF,
    "BatchListQuotesByOpportunity": STAFF,
    "ReviseQuote": SALES,
    "ApproveQuote": frozenset({"approver", "manager", "admin"}),
    "SendQuote": SALES,
    "AcceptQuote": SALES,
    "VoidQuote": _ASSIGN,
    "CreateOrderFromQuote": SALES,
    "CreateContractFromQuote": SALES,
    "BatchGetOrders": STAFF,
    "BatchGetOrdersByQuote": STAFF,
    "ListOrders": STAFF,
    "BatchListOrdersByCustomer": STAFF,
    "PlanOrder": SALES,
    "StartOrderProduction": _DELIVER,
    "ShipOrder": _DELIVER,
    "DeliverOrder": _DELIVER,
    "AcceptOrder": _DELIVER,
    "CancelOrder": SALES,
}
