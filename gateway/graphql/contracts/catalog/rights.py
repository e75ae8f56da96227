"""Roles by RPC: products, serviced assets and price lists."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
