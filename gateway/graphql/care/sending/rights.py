"""Roles by RPC: channels, providers, policy and the ledger."""

from collections.abc import Mapping

_OPS = frozenset({"ops", "admin"})

RIGHTS: Mapping[str, frozenset[str]] = {
    "CreateProvider": _OPS,
    "UpdateProvider": _OPS,
    "PauseProvider": _OPS,
    "ResumeProvider": _OPS,
    "BatchGetProviders": _OPS,
    "ListProviders": _OPS,
}
