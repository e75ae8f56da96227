"""The deploy step of a service: indexes, and changes of stored data that run once."""

from collections.abc import Callable, Sequence
from typing import Any

from mongoengine import Document
from pymongo.database import Database

from services.chassis import logs, mongo
from services.chassis.clock import SystemClock

Step = tuple[str, Callable[[Database[dict[str, Any]]], None]]
_log = logs.get("chassis.migrations")


def migrate(alias: str, *, documents: Sequence[type[Document]], steps: Sequence[Step] = ()) -> None:
    """Build the declared indexes, then run each named step that this database has not seen. Safe to repeat.

    Two deploys at once may run a step twice; a step must bear that.
    """
    for document in documents:
        document.ensure_indexes()
    database = mongo.handle(alias)
    done = {entry["_id"] for entry in database["migrations"].find({}, {"_id": 1})}
    for name, change in steps:
        if name in done:
            continue
        change(database)
        database["migrations"].update_one({"_id": name}, {"$set": {"at": SystemClock().now()}}, upsert=True)
        _log.info("migrated", step=name)
    _log.info("database_ready", database=database.name)
