"""Roles by RPC: who belongs to a group, and why."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
