"""Who may call what: steps over time, one member at a time."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
"""Roles by method. A test holds the gateway's table against it."""
