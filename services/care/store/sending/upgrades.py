"""Changes of the ledger that run once."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from pymongo.database import Database
from pymongo.errors import OperationFailure

from services.care.domain.sending.touch import OPEN
from services.care.store.sending.batches import new_batch
from services.chassis.migrations import Step

_REPLACED = ("campaign_id_1_state_1_reason_1__id_1", "campaign_id_1_date_1_state_1")
_OF_STRANDED = ("planned",)


def _drop_replaced_indexes(database: Database[dict[str, Any]]) -> None:
    """Drop the two indexes of a campaign's messages in whose place one stands."""
    _drop_indexes(database, _REPLACED)


def _drop_indexes(database: Database[dict[str, Any]], names: Sequence[str]) -> None:
    for name in set(names) & database["touches"].index_information().keys():
        with suppress(OperationFailure):  # another deploy has dropped it just now
            database["touches"].drop_index(name)


def _give_each_touch_its_batch(database: Database[dict[str, Any]]) -> None:
    """Store the batches that touches name and that never came; drop the index by which such touches were found."""
    homeless = database["touches"].aggregate(
        [
            {"$match": {"state": {"$in": sorted(OPEN)}}},
            {"$group": {"_id": "$batch_id", "touch": {"$first": "$$ROOT"}}},
            {"$lookup": {"from": "batches", "localField": "_id", "foreignField": "_id", "as": "batch"}},
            {"$match": {"batch": []}},
        ]
    )
    for each in homeless:
        touch = each["touch"]
        batch = new_batch(each["_id"], touch["campaign_id"], channel=touch["channel"], due_at=touch["due_at"])
        database["batches"].update_one({"_id": batch.pop("_id")}, {"$setOnInsert": batch}, upsert=True)
    _drop_indexes(database, _OF_STRANDED)


STEPS: Sequence[Step] = (
    ("one_index_of_a_campaigns_messages", _drop_replaced_indexes),
    ("batches_before_their_touches", _give_each_touch_its_batch),
)
