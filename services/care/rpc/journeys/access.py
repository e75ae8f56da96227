"""Who may call what: steps over time, one member at a time."""

from collections.abc import Mapping

from services.care.rpc.roles import OPERATE, READ

_CARE_FOR_MEMBERS = OPERATE | {"agent"}

ACCESS: Mapping[str, frozenset[str]] = {
    "BatchGetJourneyRuns": READ,
    "ListJourneyRuns": READ,
    "CountJourneyRuns": READ,
    "RemoveFromJourney": _CARE_FOR_MEMBERS,
    "RetryJourneyRun": OPERATE,
}
"""Roles by method. A test holds the gateway's table against it."""
