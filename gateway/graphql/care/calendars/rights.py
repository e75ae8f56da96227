"""Roles by RPC: days: statutory, lunar, occasions, blackouts."""

from collections.abc import Mapping

from gateway.graphql.roles import STAFF

_OPS = frozenset({"ops", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "ImportStatutoryDays": _OPS,
    "RestoreStatutoryYear": _OPS,
    "GetStatutoryYear": STAFF,
    "CreateOccasion": _OPS,
    "UpdateOccasion": _OPS,
    "RetireOccasion": _OPS,
    "BatchGetOccasions": STAFF,
    "ListOccasions": STAFF,
    "ListOccasionDates": STAFF,
    "CreateBlackout": _OPS,
    "UpdateBlackout": _OPS,
    "DeleteBlackout": _OPS,
    "BatchGetBlackouts": STAFF,
    "ListBlackouts": STAFF,
    "GetCareCalendar": STAFF,
}
