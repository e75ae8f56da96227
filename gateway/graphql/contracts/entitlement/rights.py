"""Roles by RPC: what is covered, what is left of allowances, and chargeable service."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
