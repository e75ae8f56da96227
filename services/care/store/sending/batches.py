"""Batches: touches that leave together. A batch is stored before its touches, and opened once they are there.

Whoever dies in between leaves a batch that is still being filled, which is found by itself, however long the ledger is
and whenever its touches are due; a touch without a batch, which nobody would ever look at, cannot be.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from mongoengine import DateTimeField, Document, ListField, LongField, StringField
from pymongo import UpdateOne
from pymongo.collection import Collection

from services.chassis import logs
from services.chassis.clock import epoch_ms
from services.chassis.mongo import collection_of

FILLING, READY, DONE = "filling", "ready", "done"
FILLING_SINCE, READY_BY_DUE = "filling_since", "ready"
"""Indexes."""
OPENED: Mapping[str, Any] = {"$set": {"state": READY, "lease_until": 0}, "$inc": {"token": 1}}
"""What opens a batch. If its writer stood still for so long that it was taken for dead, this also opens one that is
done already, for the touches that came late, and takes it from a dispatcher who may have looked before they came."""
_log = logs.get("care.batches")


class BatchDocument(Document):
    id = StringField(primary_key=True)
    campaign_id = StringField()
    channel = StringField()
    due_at = DateTimeField()
    state = StringField()
    filling_since = LongField()
    lease_until = LongField()
    owner = StringField()
    token = LongField()
    sending = ListField(StringField())
    finished_at = DateTimeField()
    outbox = ListField()

    meta = {
        "db_alias": "care",
        "collection": "batches",
        "auto_create_index": False,
        "indexes": [
            {
                "fields": ["filling_since"],
                "name": FILLING_SINCE,
                "cls": False,
                "partialFilterExpression": {"state": FILLING},
            },
            # Only work that is still to do is in this index, so it stays small however long the ledger grows.
            {"fields": ["due_at"], "name": READY_BY_DUE, "cls": False, "partialFilterExpression": {"state": READY}},
            # Journeys look for messages that came to their end since they looked last.
            {"fields": ["finished_at"], "name": "finished", "cls": False, "partialFilterExpression": {"state": DONE}},
            {
                "fields": ["outbox.id"],
                "name": "outbox",
                "cls": False,
                "partialFilterExpression": {"outbox.id": {"$gt": ""}},
            },
        ],
    }


def batches() -> Collection[dict[str, Any]]:
    """Return the collection of batches."""
    return collection_of(BatchDocument)


def new_batch(batch_id: str, campaign_id: str, *, channel: str, due_at: datetime) -> dict[str, Any]:
    """Return the document of a batch that is about to be filled, from this moment on."""
    return {
        "_id": batch_id,
        "campaign_id": campaign_id,
        "channel": channel,
        "due_at": due_at,
        "state": FILLING,
        "filling_since": epoch_ms(),
        "lease_until": 0,
        "owner": "",
        "token": 0,
    }


def open_batches(batch_ids: Sequence[str]) -> None:
    """Let dispatchers lease these batches: their touches are stored."""
    batches().bulk_write([UpdateOne({"_id": batch_id}, OPENED) for batch_id in batch_ids], ordered=False)


def open_stranded(after: timedelta) -> int:
    """Open what has been filled for at least so long: its writer is dead. Return how many."""
    since = epoch_ms() - after // timedelta(milliseconds=1)
    opened = batches().update_many({"state": FILLING, "filling_since": {"$lte": since}}, OPENED).modified_count
    if opened:
        _log.warning("stranded_batches_opened", count=opened)
    return opened
