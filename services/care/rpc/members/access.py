"""Who may call what: the people we care for: consent, merge, import, export, erasure."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
"""Roles by method. A test holds the gateway's table against it."""
