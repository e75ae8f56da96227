"""Roles by RPC: days: statutory, lunar, occasions, blackouts."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
