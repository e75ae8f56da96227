"""Lets a database refuse documents for a while: a fault that no check of ours foresees."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo.database import Database


@contextmanager
def taking_only(database: Database[dict[str, Any]], collection: str, *, rule: dict[str, Any]) -> Iterator[None]:
    """Take only documents of which the rule, a filter, holds; afterwards all again, for the tests that follow."""
    database.command("collMod", collection, validator=rule)
    try:
        yield
    finally:
        database.command("collMod", collection, validator={})
