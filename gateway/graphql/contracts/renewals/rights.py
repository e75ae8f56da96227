"""Roles by RPC: warranties that end, renewals and their forecast."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
