"""Words of providers in MongoDB: a document for those that came together, each word in one document only."""

from collections.abc import Sequence
from dataclasses import dataclass

from mongoengine import Document, ListField, StringField
from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError

from services.care.domain.sending.receipts import Receipt
from services.care.domain.sending.touch import Touch, TouchState
from services.care.ports.sending import Settled
from services.care.store.sending.touches import CODEC, touches
from services.chassis.clock import Clock
from services.chassis.ids import new_id
from services.chassis.mongo import collection_of
from services.chassis.outbox import pending

_GONE_OUT = [TouchState.SENT.value, TouchState.DELIVERED.value, TouchState.UNKNOWN.value]


class ReceiptsDocument(Document):
    id = StringField(primary_key=True)
    words = ListField()
    outbox = ListField()

    meta = {
        "db_alias": "care",
        "collection": "receipts",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["words.key"], "name": "words", "unique": True, "cls": False},
            {"fields": ["words.touch_id"], "name": "of_touch", "cls": False},
            {
                "fields": ["outbox.id"],
                "name": "outbox",
                "cls": False,
                "partialFilterExpression": {"outbox.id": {"$gt": ""}},
            },
        ],
    }


@dataclass(frozen=True, slots=True)
class MongoReceiptBook:
    """The words, and the touches that they are about."""

    clock: Clock

    def unknown_of(self, receipts: Sequence[Receipt]) -> list[Receipt]:
        told = {receipt.key: receipt for receipt in receipts}
        found = collection_of(ReceiptsDocument).find({"words.key": {"$in": list(told)}}, {"words.key": 1})
        filed = {word["key"] for each in found for word in each["words"]}
        return [receipt for key, receipt in told.items() if key not in filed]

    def touches(self, touch_ids: Sequence[str]) -> dict[str, Touch]:
        found = touches().find({"_id": {"$in": list(touch_ids)}})
        return {each["_id"]: CODEC.to_aggregate(each) for each in found}

    def settle(self, outcomes: Sequence[Settled]) -> None:
        now = self.clock.now()
        writes = [
            UpdateOne(
                {"_id": each.touch.id, "state": {"$in": _GONE_OUT}},
                {
                    "$set": {
                        "state": each.state.value,
                        "reason": each.reason.value if each.reason else "",
                        "updated_at": now,
                        "fallback_channel": each.fallback.value if each.fallback else "",
                    }
                },
            )
            for each in outcomes
        ]
        if writes:
            touches().bulk_write(writes, ordered=False)

    def file(self, receipts: Sequence[Receipt], *, said: Sequence[object]) -> bool:
        now = self.clock.now()
        words = [
            {"key": each.key, "touch_id": each.touch_id, "kind": each.kind.value, "at": each.at} for each in receipts
        ]
        document = {
            "_id": new_id("rcp", now),
            "words": words,
            "outbox": [pending(event, source="care", now=now) for event in said],
        }
        try:
            collection_of(ReceiptsDocument).insert_one(document)
        except DuplicateKeyError:
            return False
        return True
