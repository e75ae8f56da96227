"""Roles by RPC: what is planned for whom, by which rule, who approved it."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
