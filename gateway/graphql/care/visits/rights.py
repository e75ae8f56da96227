"""Roles by RPC: calls that are owed, and what was heard."""

from collections.abc import Mapping

from gateway.graphql.roles import STAFF

_CALL = frozenset({"ops", "agent", "technician", "sales", "admin"})
_LEAD = frozenset({"ops", "manager", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "NextCall": _CALL,
    "ReleaseCall": _CALL,
    "SkipCall": _CALL,
    "LogAttempt": _CALL,
    "RescheduleVisit": _CALL | _LEAD,
    "AssignVisit": _LEAD,
    "ShareOutVisits": _LEAD,
    "ListCallQueue": STAFF,
    "GetSpokenScript": _CALL | _LEAD,
    "PutVisitRule": _LEAD,
    "ListVisitRules": STAFF,
    "PutCallScript": _LEAD,
    "ListCallScripts": STAFF,
    "PutCallAgent": _LEAD,
    "ListCallAgents": STAFF,
}
