"""How far imports are, in MongoDB; forgotten after a week."""

from datetime import datetime
from typing import Any, ClassVar

from mongoengine import DateTimeField, Document, IntField, StringField

from services.chassis.codec import Codec
from services.chassis.errors import NotFound
from services.chassis.import_progress import ImportPhase, Progress
from services.chassis.mongo import collection_of

WEEK_SECONDS = 7 * 24 * 3600
_CODEC = Codec(Progress)


class ProgressDocument(Document):
    """How far one file is; a service names its database and its collection."""

    meta: ClassVar[dict[str, Any]] = {
        "abstract": True,
        "auto_create_index": False,
        "indexes": [{"fields": ["update_time"], "expireAfterSeconds": WEEK_SECONDS, "name": "forgotten", "cls": False}],
    }

    id = StringField(primary_key=True)
    phase = StringField(required=True)
    rows = IntField(required=True)
    done = IntField(required=True)
    update_time = DateTimeField(required=True)


class MongoImportProgress:
    """How far imports are."""

    def __init__(self, document: type[ProgressDocument]) -> None:
        """Take the service's own document."""
        self._document = document

    def tell(self, file_key: str, phase: ImportPhase, *, rows: int, done: int, now: datetime) -> None:
        told = _CODEC.to_document(Progress(id=file_key, phase=phase, rows=rows, done=done, update_time=now))
        collection_of(self._document).replace_one({"_id": file_key}, told, upsert=True)

    def fail(self, file_key: str, *, now: datetime) -> None:
        failed = {"phase": ImportPhase.FAILED.value, "update_time": now}
        collection_of(self._document).update_one({"_id": file_key}, {"$set": failed})

    def get(self, file_key: str, *, now: datetime) -> Progress:
        found = collection_of(self._document).find_one({"_id": file_key})
        if found is None:
            raise NotFound("import", file_key)
        return _CODEC.to_aggregate(found).seen_at(now)
