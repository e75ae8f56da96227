"""Empties a database between tests: what holds nothing costs nothing, and most collections hold nothing."""

from collections.abc import Collection
from typing import Any

from pymongo.database import Database


def empty(database: Database[dict[str, Any]], *, but: Collection[str] = ()) -> None:
    """Delete every document of every collection, except those named; indexes stay."""
    names = [name for name in database.list_collection_names() if name not in but]
    if not names:
        return
    first, *others = names
    pipeline = [*_named(first), *({"$unionWith": {"coll": name, "pipeline": _named(name)}} for name in others)]
    for each in list(database[first].aggregate(pipeline)):
        database[each["_id"]].delete_many({})


def _named(name: str) -> list[dict[str, Any]]:
    """Return stages that yield the name of a collection, if it holds anything."""
    return [{"$limit": 1}, {"$project": {"_id": {"$literal": name}}}]
