"""Who may call what: days: statutory, lunar, occasions, blackouts."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
"""Roles by method. A test holds the gateway's table against it."""
