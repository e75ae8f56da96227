"""Roles by RPC: points, tiers and privileges."""

from collections.abc import Mapping

from gateway.graphql.roles import STAFF

_OPERATE = frozenset({"ops", "admin"})
_SERVE = _OPERATE | {"agent", "sales"}
_PUT_RIGHT = _OPERATE | {"manager"}

RIGHTS: Mapping[str, frozenset[str]] = {
    "GetLoyaltyProgram": STAFF,
    "UpdateLoyaltyProgram": _OPERATE,
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
