"""Who may call what: what came of it, and plans for key accounts."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
"""Roles by method. A test holds the gateway's table against it."""
