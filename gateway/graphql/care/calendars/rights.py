"""Roles by RPC: days: statutory, lunar, occasions, blackouts."""

from collections.abc import Mapping

from gateway.graphql.roles import OPERATE, STAFF

RIGHTS: Mapping[str, frozenset[str]] = {
    "ImportStatutoryDays": OPERATE,
    "RestoreStatutoryYear": OPERATE,
    "GetStatutoryYear": STAFF,
    "CreateOccasion": OPERATE,
    "UpdateOccasion": OPERATE,
    "RetireOccasion": OPERATE,
    "BatchGetOccasions": STAFF,
    "ListOccasions": STAFF,
    "ListOccasionDates": STAFF,
    "CreateBlackout": OPERATE,
    "UpdateBlackout": OPERATE,
    "DeleteBlackout": OPERATE,
    "BatchGetBlackouts": STAFF,
    "ListBlackouts": STAFF,
    "GetCareCalendar": STAFF,
}
