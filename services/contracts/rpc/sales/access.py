"""Who may call what of SalesService."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
