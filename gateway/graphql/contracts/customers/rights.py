"""Roles by RPC: customers' upkeep: change, merge, import, export."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
