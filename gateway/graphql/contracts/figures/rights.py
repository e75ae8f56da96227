"""Roles by RPC: recurring revenue, monthly statistics and customers' value."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
