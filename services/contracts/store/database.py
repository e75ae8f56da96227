"""The database of the contracts service."""

from typing import Any

ALIAS = "contracts"
"""What the process knows the database by, and the source that its events name."""


def set_only(**wanted: str | None) -> dict[str, Any]:
    """Return the query for those fields that are asked for."""
    return {field: str(value) for field, value in wanted.items() if value}
