"""Who may call what of FiguresService."""

from collections.abc import Mapping

ACCESS: Mapping[str, frozenset[str]] = {}
