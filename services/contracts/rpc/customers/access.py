"""Who may call what of CustomersService."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
