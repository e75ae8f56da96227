"""Roles by RPC: points, tiers and privileges."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
