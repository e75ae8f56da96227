"""The rows of imported files and how far imports are, in MongoDB; both are forgotten after a week."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mongoengine import DateTimeField, Document, IntField, StringField
from pymongo.errors import BulkWriteError

from services.care.store.collisions import places_taken
from services.chassis.ids import derived_id
from services.chassis.import_progress_store import WEEK_SECONDS, ProgressDocument
from services.chassis.mongo import collection_of


class ImportedRowDocument(Document):
    """On which line of a file a reference stands; the id is derived from both, so no reference is kept."""

    id = StringField(primary_key=True)
    line = IntField(required=True)
    time = DateTimeField(required=True)

    meta = {
        "db_alias": "care",
        "collection": "imported_rows",
        "auto_create_index": False,
        "indexes": [{"fields": ["time"], "expireAfterSeconds": WEEK_SECONDS, "name": "forgotten", "cls": False}],
    }


class ImportProgressDocument(ProgressDocument):
    """How far one file is."""

    meta = {"db_alias": "care", "collection": "import_progress"}


class MongoFileRows:
    """The rows."""

    def first_lines(self, file_key: str, lines: Mapping[str, int], *, store: bool, now: datetime) -> Mapping[str, int]:
        rows = collection_of(ImportedRowDocument)
        ids = {reference: derived_id("row", file_key, reference) for reference in lines}
        if store and lines:
            documents: list[dict[str, Any]] = [{"_id": ids[each], "line": lines[each], "time": now} for each in lines]
            try:
                rows.insert_many(documents, ordered=False)
            except BulkWriteError as error:
                places_taken(error)  # anything else is raised again
            else:
                return lines
        known = {each["_id"]: each["line"] for each in rows.find({"_id": {"$in": list(ids.values())}}, {"line": 1})}
        return {reference: known.get(ids[reference], line) for reference, line in lines.items()}
