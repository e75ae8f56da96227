"""Roles by RPC: points, tiers and privileges."""

from collections.abc import Mapping

from gateway.graphql.roles import OPERATE, STAFF

_SERVE = OPERATE | {"agent", "sales"}
_PUT_RIGHT = OPERATE | {"manager"}

RIGHTS: Mapping[str, frozenset[str]] = {
    "GetLoyaltyProgram": STAFF,
    "UpdateLoyaltyProgram": OPERATE,
    "EarnPoints": _SERVE,
    "RedeemPoints": _SERVE,
    "AdjustPoints": _PUT_RIGHT,
    "ReturnPoints": _PUT_RIGHT,
    "UsePrivilege": _SERVE,
    "BatchGetPointsAccounts": STAFF,
    "BatchGetPointsEntries": STAFF,
    "ListPointsEntries": STAFF,
    "ExplainTier": STAFF,
}
