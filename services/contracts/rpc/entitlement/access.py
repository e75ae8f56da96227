"""Who may call what of EntitlementService."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
