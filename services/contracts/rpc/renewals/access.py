"""Who may call what of RenewalsService."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
