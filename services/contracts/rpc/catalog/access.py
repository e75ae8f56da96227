"""Who may call what of CatalogService."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
