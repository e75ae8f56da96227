"""Words of providers in MongoDB: a document for those that came together, each word in one document only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mongoengine import Document, ListField, StringField
from pymongo import UpdateOne
from pymongo.errors import DuplicateKeyError

from services.care.domain.channels import Channel
from services.care.domain.sending.receipts import GONE_OUT, Receipt
from services.care.domain.sending.touch import OPEN, Touch, TouchState
from services.care.ports.sending import Settled
from services.care.store.sending.batches import batches, new_batch, open_batches
from services.care.store.sending.stand_ins import take_overs
from services.care.store.sending.touches import CODEC, touches
from services.chassis.clock import Clock
from services.chassis.ids import new_id
from services.chassis.mongo import collection_of
from services.chassis.outbox import pending

_GONE_OUT = sorted(GONE_OUT)


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

    def last_out(self, member_ids: Sequence[str], channel: Channel) -> str:
        gone = {"member_id": {"$in": list(member_ids)}, "channel": channel.value, "state": {"$in": _GONE_OUT}}
        found = touches().find_one(gone, {"_id": 1}, sort=[("due_at", -1), ("_id", 1)])
        return str(found["_id"]) if found else ""

    def stand_in(self, given_way: Sequence[Touch]) -> None:
        for each in take_overs(given_way, now=self.clock.now()):
            batches().insert_one(each.batch)
            touches().bulk_write(each.new, ordered=False)
            touches().bulk_write(each.revived, ordered=False)
            open_batches([each.batch["_id"]])

    def settle(self, outcomes: Sequence[Settled]) -> None:
        now = self.clock.now()
        told = [(each, _batch_of(each.touch, now=now)) for each in outcomes]
        writes = [_ending(each, batch_id=batch["_id"], now=now) for each, batch in told]
        new = [batch for each, batch in told if batch["_id"] != each.touch.batch_id]
        if new:
            batches().insert_many(new)
        if writes:
            touches().bulk_write(writes, ordered=False)
        if new:
            open_batches([batch["_id"] for batch in new])

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


def _batch_of(touch: Touch, *, now: datetime) -> dict[str, Any]:
    """Return a batch in which an unknown touch is told as having left; any other was told, or will be, in its own."""
    batch_id = new_id("bat", now) if touch.state is TouchState.UNKNOWN else touch.batch_id
    return new_batch(batch_id, touch.campaign_id, channel=touch.channel, due_at=now)


def _ending(outcome: Settled, *, batch_id: str, now: datetime) -> UpdateOne:
    end = {
        "state": outcome.state.value,
        "reason": outcome.reason.value if outcome.reason else "",
        "updated_at": now,
        "held_until": None,
        "fallback_channel": outcome.fallback.value if outcome.fallback else "",
        "batch_id": batch_id,
    }
    touch = outcome.touch
    # What was about to be recorded as sent may have been meanwhile; the greater number of attempts is right either way.
    may_be = [*_GONE_OUT, *sorted(OPEN)] if touch.state in OPEN else _GONE_OUT
    change = {"$set": end, "$max": {"attempts": touch.attempts}}
    return UpdateOne({"_id": touch.id, "state": {"$in": may_be}}, change)
