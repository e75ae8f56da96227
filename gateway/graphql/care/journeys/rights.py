"""Roles by RPC: steps over time, one member at a time."""

from collections.abc import Mapping

from gateway.graphql.roles import OPERATE, STAFF

RIGHTS: Mapping[str, frozenset[str]] = {
    "BatchGetJourneyRuns": STAFF,
    "ListJourneyRuns": STAFF,
    "CountJourneyRuns": STAFF,
    "RemoveFromJourney": OPERATE | {"agent"},
    "RetryJourneyRun": OPERATE,
}
