"""Who may call what: what is planned for whom, by which rule, who approved it."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
"""Roles by method. A test holds the gateway's table against it."""
