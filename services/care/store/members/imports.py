"""The rows of imported files and how far imports are, in MongoDB; both are forgotten after a week."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mongoengine import DateTimeField, Document, IntField, StringField
from pymongo.errors import BulkWriteError

from services.care.ports.imports import ImportPhase, Progress
from services.care.store.collisions import places_taken
from services.chassis.codec import Codec
from services.chassis.errors import NotFound
from services.chassis.ids import derived_id
from services.chassis.mongo import collection_of

_WEEK = 7 * 24 * 3600
_CODEC = Codec(Progress)


class ImportedRowDocument(Document):
    """On which line of a file a reference stands; the id is derived from both, so no reference is kept."""

    id = StringField(primary_key=True)
    line = IntField(required=True)
    time = DateTimeField(required=True)

    meta = {
        "db_alias": "care",
        "collection": "imported_rows",
        "auto_create_index": False,
        "indexes": [{"fields": ["time"], "expireAfterSeconds": _WEEK, "name": "forgotten", "cls": False}],
    }


class ImportProgressDocument(Document):
    """How far one file is."""

    id = StringField(primary_key=True)
    phase = StringField(required=True)
    rows = IntField(required=True)
    done = IntField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": "care",
        "collection": "import_progress",
        "auto_create_index": False,
        "indexes": [{"fields": ["update_time"], "expireAfterSeconds": _WEEK, "name": "forgotten", "cls": False}],
    }


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


class MongoImportProgress:
    """How far imports are."""

    def tell(self, file_key: str, phase: ImportPhase, *, rows: int, done: int, now: datetime) -> None:
        told = _CODEC.to_document(Progress(id=file_key, phase=phase, rows=rows, done=done, update_time=now))
        collection_of(ImportProgressDocument).replace_one({"_id": file_key}, told, upsert=True)

    def get(self, file_key: str) -> Progress:
        found = collection_of(ImportProgressDocument).find_one({"_id": file_key})
        if found is None:
            raise NotFound("import", file_key)
        return _CODEC.to_aggregate(found)
