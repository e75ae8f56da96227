"""Who may call what: channels, providers, policy and the ledger."""

from collections.abc import Mapping

from services.care.rpc.roles import OPERATE

ACCESS: Mapping[str, frozenset[str]] = {
    "CreateProvider": OPERATE,
    "UpdateProvider": OPERATE,
    "PauseProvider": OPERATE,
    "ResumeProvider": OPERATE,
    "BatchGetProviders": OPERATE,
    "ListProviders": OPERATE,
}
"""Roles by method. A test holds the gateway's table against it."""
