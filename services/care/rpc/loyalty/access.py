"""Who may call what: points, tiers and privileges."""

from collections.abc import Mapping

from services.care.rpc.roles import OPERATE, READ

_SERVE = OPERATE | {"agent", "sales"}
_PUT_RIGHT = OPERATE | {"manager"}

ACCESS: Mapping[str, frozenset[str]] = {
    "GetLoyaltyProgram": READ,
    "UpdateLoyaltyProgram": OPERATE,
    "EarnPoints": _SERVE,
    "RedeemPoints": _SERVE,
    "AdjustPoints": _PUT_RIGHT,
    "ReturnPoints": _PUT_RIGHT,
    "UsePrivilege": _SERVE,
    "BatchGetPointsAccounts": READ,
    "BatchGetPointsEntries": READ,
    "ListPointsEntries": READ,
    "ExplainTier": READ,
}
"""Roles by method. A test holds the gateway's table against it."""
