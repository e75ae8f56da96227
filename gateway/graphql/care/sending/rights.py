"""Roles by RPC: channels, providers, policy and the ledger."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
