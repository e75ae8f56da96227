"""Who may call what of BillingService."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
