"""Who may call what of SalesService."""

from collections.abc import Mapping

from services.contracts.rpc.roles import READ, WRITE

_TIPS = WRITE | {"agent", "technician"}
"""Whoever meets customers may write down that somebody may buy."""
_ASSIGN = WRITE | {"manager"}

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
}
