"""Roles by RPC: clause templates, rendered contracts and signed documents."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
