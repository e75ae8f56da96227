"""What the database did, told by its own profiler."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pymongo.database import Database

_ROOM = 16 * 1024 * 1024
Operation = dict[str, Any]


@contextmanager
def profiled(database: Database[dict[str, Any]]) -> Iterator[list[Operation]]:
    """Yield a list that holds, after the block, each operation of the product on this database, oldest first."""
    operations: list[Operation] = []
    database.drop_collection("system.profile")
    database.create_collection("system.profile", capped=True, size=_ROOM)
    database.command("profile", 2)
    try:
        yield operations
    finally:
        database.command("profile", 0)
        found = list(database["system.profile"].find({"appName": {"$regex": "^membercare-"}}))
        database.drop_collection("system.profile")
    operations += [each for each in found if not each["ns"].endswith(".system.profile")]


def of(operations: list[Operation], collection: str) -> list[Operation]:
    """Return those on one collection."""
    return [each for each in operations if each["ns"].partition(".")[2] == collection]


def examined(operations: list[Operation]) -> int:
    """Return how many documents they read."""
    return sum(each.get("docsExamined", 0) for each in operations)


def scanned(operations: list[Operation]) -> list[str]:
    """Return the collections of which one of them read every document."""
    return sorted({each["ns"] for each in operations if "COLLSCAN" in each.get("planSummary", "")})
