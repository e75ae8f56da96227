"""Roles by RPC: what came of it, and plans for key accounts."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
