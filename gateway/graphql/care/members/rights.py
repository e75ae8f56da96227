"""Roles by RPC: the people we care for: consent, merge, import, export, erasure."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
