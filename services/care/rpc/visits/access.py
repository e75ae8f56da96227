"""Who may call what: calls that are owed, and what was heard."""

from collections.abc import Mapping

from services.care.rpc.roles import READ

_CALL = frozenset({"ops", "agent", "technician", "sales", "admin"})
_LEAD = frozenset({"ops", "manager", "admin"})

ACCESS: Mapping[str, frozenset[str]] = {
    "NextCall": _CALL,
    "ReleaseCall": _CALL,
    "SkipCall": _CALL,
    "LogAttempt": _CALL,
    "RescheduleVisit": _CALL | _LEAD,
    "AssignVisit": _LEAD,
    "ShareOutVisits": _LEAD,
    "ListCallQueue": READ,
    "GetSpokenScript": _CALL | _LEAD,
    "PutVisitRule": _LEAD,
    "ListVisitRules": READ,
    "PutCallScript": _LEAD,
    "ListCallScripts": READ,
    "PutCallAgent": _LEAD,
    "ListCallAgents": READ,
}
"""Roles by method. A test holds the gateway's table against it."""
