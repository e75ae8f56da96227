"""Who may call what of SalesService."""

from collections.abc import Mapping

from services.contracts.rpc.roles import READ, WRITE

_TIPS = WRITE | {"agent", "technician"}
"""Whoever meets customers may write down that somebody may buy."""
_ASSIGN = WRITE | {"manager"}
_APPROVE = frozenset({"approver", "manager", "admin"})
"""Never the author, whatever the role: the domain sees to that."""
_DELIVER = WRITE | {"technician"}

ACCESS: Mapping[str, frozenset[str]] = {
    "CreateLead": _TIPS,
    "GetLead": READ,
    "BatchGetLeads": READ,
    "ListLeads": READ,
    "AssignLead": _ASSIGN,
    "FollowUpLead": WRITE,
    "QualifyLead": WRITE,
    "DisqualifyLead": WRITE,
    "ReopenLead": WRITE,
    "CreateOpportunity": WRITE,
    "GetOpportunity": READ,
    "BatchGetOpportunities": READ,
    "ListOpportunities": READ,
    "BatchListOpportunitiesByCustomer": READ,
    "UpdateOpportunity": _ASSIGN,
    "FollowUpOpportunity": WRITE,
    "ProposeOpportunity": WRITE,
    "NegotiateOpportunity": WRITE,
    "WinOpportunity": WRITE,
    "LoseOpportunity": WRITE,
    "ReopenOpportunity": WRITE,
    "CreateQuote": WRITE,
    "GetQuote": READ,
    "BatchGetQuotes": READ,
    "ListQuotes": READ,
    "BatchListQuotesByOpportunity": READ,
    "ReviseQuote": WRITE,
    "ApproveQuote": _APPROVE,
    "SendQuote": WRITE,
    "AcceptQuote": WRITE,
    "VoidQuote": WRITE | {"manager"},
    "CreateOrderFromQuote": WRITE,
    "CreateContractFromQuote": WRITE,
    "GetOrder": READ,
    "BatchGetOrders": READ,
    "BatchGetOrdersByQuote": READ,
    "ListOrders": READ,
    "BatchListOrdersByCustomer": READ,
    "PlanOrder": WRITE,
    "StartOrderProduction": _DELIVER,
    "ShipOrder": _DELIVER,
    "DeliverOrder": _DELIVER,
    "AcceptOrder": _DELIVER,
    "CancelOrder": WRITE,
}
