"""Roles by RPC: words by language and channel."""

from collections.abc import Mapping

RIGHTS: Mapping[str, frozenset[str]] = {}
