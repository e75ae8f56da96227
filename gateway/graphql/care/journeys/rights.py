"""Roles by RPC: steps over time, one member at a time."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
