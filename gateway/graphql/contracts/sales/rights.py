"""Roles by RPC: leads, opportunities, quotes and orders."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
