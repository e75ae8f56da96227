"""Roles by RPC: billing schedules, price changes and exports for accounting."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
