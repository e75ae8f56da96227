"""Who may call what: days: statutory, lunar, occasions, blackouts."""

from collections.abc import Mapping

from services.care.rpc.roles import OPERATE, READ

ACCESS: Mapping[str, frozenset[str]] = {
    "ImportStatutoryDays": OPERATE,
    "RestoreStatutoryYear": OPERATE,
    "GetStatutoryYear": READ,
    "CreateOccasion": OPERATE,
    "UpdateOccasion": OPERATE,
    "RetireOccasion": OPERATE,
    "BatchGetOccasions": READ,
    "ListOccasions": READ,
    "ListOccasionDates": READ,
    "CreateBlackout": OPERATE,
    "UpdateBlackout": OPERATE,
    "DeleteBlackout": OPERATE,
    "BatchGetBlackouts": READ,
    "ListBlackouts": READ,
    "GetCareCalendar": READ,
}
"""Roles by method. A test holds the gateway's table against it."""
