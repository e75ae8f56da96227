"""Roles by RPC: steps over time, one member at a time."""

from collections.abc import Mapping

_READ = frozenset({"ops", "approver", "agent", "technician", "legal", "sales", "manager", "auditor", "admin"})
_OPERATE = frozenset({"ops", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "BatchGetJourneyRuns": _READ,
    "ListJourneyRuns": _READ,
    "CountJourneyRuns": _READ,
    "RemoveFromJourney": _OPERATE | {"agent"},
    "RetryJourneyRun": _OPERATE,
}
