"""Who may call what of PaperworkService."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
