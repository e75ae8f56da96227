"""Who may call what: points, tiers and privileges."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
"""Roles by method. A test holds the gateway's table against it."""
