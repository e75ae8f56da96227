"""Roles by RPC: calls that are owed, and what was heard."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
