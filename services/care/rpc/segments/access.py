"""Who may call what: who belongs to a group, and why."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
"""Roles by method. A test holds the gateway's table against it."""
