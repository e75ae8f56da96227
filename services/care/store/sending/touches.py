"""The touch ledger as it is planned and read; how it is worked through stands in `dispatching`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mongoengine import DateTimeField, Document, IntField, StringField
from pymongo.collection import Collection
from pymongo.cursor import Cursor
from pymongo.errors import BulkWriteError

from services.care.domain.sending.reasons import Reason
from services.care.domain.sending.touch import OPEN, Touch, TouchNotUnknown, TouchResolution, TouchState
from services.care.ports.touches import TouchFilter
from services.care.store.collisions import places_taken
from services.care.store.members.families import families, gathered
from services.care.store.sending.batches import batches, new_batch, open_batches, open_stranded
from services.care.store.sending.state_pages import ORDER, PLACE, of_state
from services.chassis.codec import Codec
from services.chassis.errors import InvalidField, NotFound
from services.chassis.ids import new_id
from services.chassis.mongo import collection_of
from services.chassis.paging import Page

CODEC = Codec(Touch)
TOOK_PLACE = [TouchState.SENT.value, TouchState.DELIVERED.value, TouchState.UNKNOWN.value]
"""States in which the person has the message, or may have it."""
OF_CAMPAIGN = "campaign_id_1_state_1_reason_1_date_1__id_1"
"""The index of a campaign's messages."""
_LOOKED_AT = 8
_REMEMBERED = 8
"""Request ids by which a touch tells a decision that is said again."""


class TouchDocument(Document):
    id = StringField(primary_key=True)
    campaign_id = StringField()
    member_id = StringField()
    occurrence = StringField()
    channel = StringField()
    date = StringField()
    due_at = DateTimeField()
    batch_id = StringField()
    updated_at = DateTimeField()
    state = StringField()
    reason = StringField()
    attempts = IntField()
    step = StringField()
    variant = StringField()
    version = IntField()
    priority = IntField()
    purpose = StringField()
    held_until = DateTimeField()
    fallback_of = StringField()
    fallback_channel = StringField()
    moved_by = StringField()

    meta = {
        "db_alias": "care",
        "collection": "touches",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["batch_id", "id"], "cls": False},
            {"fields": ["member_id", "-id"], "cls": False},
            # The ledger of one campaign: pages by state, its progress, and the care of a month, from the index alone.
            # One index for all of them, because each one more is paid for by every message, twice.
            {"fields": ["campaign_id", "state", "reason", "date", "id"], "name": OF_CAMPAIGN, "cls": False},
            {
                "fields": ["updated_at"],
                "name": "unknown",
                "cls": False,
                "partialFilterExpression": {"state": TouchState.UNKNOWN.value},
            },
        ],
    }


def touches() -> Collection[dict[str, Any]]:
    """Return the ledger's collection."""
    return collection_of(TouchDocument)


@dataclass(frozen=True, slots=True)
class MongoTouches:
    """The ledger."""

    stranded_after: timedelta = timedelta(minutes=2)
    """Whoever stores a batch opens it at once after; this much later they are dead."""

    def plan(self, planned: Sequence[Touch]) -> int:
        if not planned:
            return 0
        dates = _dates_of_known(planned)
        new = [touch for touch in planned if touch.id not in dates]
        elsewhere = [touch for touch in planned if dates.get(touch.id, touch.date) != touch.date]
        if not new and not elsewhere:
            return 0
        first = planned[0]
        batches().insert_one(new_batch(first.batch_id, first.campaign_id, channel=first.channel, due_at=first.due_at))
        overtaken = _insert_new(new)
        elsewhere.extend(overtaken)
        moved = _move_to_new_day(elsewhere) if elsewhere else 0
        open_batches([first.batch_id])
        return len(new) - len(overtaken) + moved

    def open_stranded(self) -> int:
        return open_stranded(self.stranded_after)

    def batch_get(self, touch_ids: Sequence[str]) -> list[Touch]:
        return [CODEC.to_aggregate(each) for each in touches().find({"_id": {"$in": list(touch_ids)}})]

    def page(self, match: TouchFilter, *, size: int, after: str) -> Page[Touch]:
        if match.state and not match.campaign_id and not match.member_id:
            return _page_of_state(match.state, size=size, after=after)
        wanted = (
            *(("campaign_id", match.campaign_id), ("member_id", match.member_id)),
            *(("state", match.state), ("reason", match.reason)),
        )
        where: dict[str, Any] = {field: str(value) for field, value in wanted if value}
        if match.member_id:
            where["member_id"] = {"$in": families([match.member_id])[match.member_id]}
        if after:
            where["_id"] = {"$gt": after}
        return _page(touches().find(where).sort("_id", 1), size=size)

    def top_by_member(self, member_ids: Sequence[str], limit: int) -> dict[str, list[Touch]]:
        """Return the latest touches of each member; ids are derived, so the newest is told by the day it was due."""
        of = families(member_ids)
        groups = touches().aggregate(
            [
                {"$match": {"member_id": {"$in": [key for members in of.values() for key in members]}}},
                {"$sort": {"member_id": 1, "due_at": -1, "_id": -1}},
                {"$group": {"_id": "$member_id", "items": {"$firstN": {"n": limit, "input": "$$ROOT"}}}},
            ]
        )
        found = {group["_id"]: [CODEC.to_aggregate(item) for item in group["items"]] for group in groups}
        return gathered(of, found, newest=lambda touch: (touch.due_at, touch.id), most=limit)

    def progress(self, campaign_ids: Sequence[str]) -> dict[str, list[tuple[str, str, int]]]:
        """Return (state, reason, count) of each campaign, from the index alone."""
        groups = touches().aggregate(
            [
                {"$match": {"campaign_id": {"$in": list(campaign_ids)}}},
                {"$group": {"_id": {"c": "$campaign_id", "s": "$state", "r": "$reason"}, "count": {"$sum": 1}}},
                {"$sort": {"_id.s": 1, "_id.r": 1}},
            ]
        )
        counts: dict[str, list[tuple[str, str, int]]] = {}
        for group in groups:
            key = group["_id"]
            counts.setdefault(key["c"], []).append((key["s"], key["r"], group["count"]))
        return counts

    def resolve(self, touch_id: str, resolution: TouchResolution, *, request_key: str, now: datetime) -> Touch:
        """Settle an unknown touch by a person's word; of two at once the slower is told that it is settled.

        A repeat settles nothing, also if the touch is unknown once more: what was sent again may have arrived.
        """
        touch, was_sent = _stored(touch_id), resolution is TouchResolution.SENT
        if _is_repeat(touch_id, request_key):
            return touch
        if touch.state is not TouchState.UNKNOWN or not settle_unknown(
            touch, was_sent=was_sent, now=now, request_key=request_key
        ):
            after = _stored(touch_id)
            if _is_repeat(touch_id, request_key):
                return after
            raise TouchNotUnknown(touch_id, after.state)
        return _stored(touch_id)


def _is_repeat(touch_id: str, request_key: str) -> bool:
    return bool(request_key) and touches().count_documents({"_id": touch_id, "request_ids": request_key}, limit=1) > 0


def _stored(touch_id: str) -> Touch:
    found = touches().find_one({"_id": touch_id})
    if found is None:
        raise NotFound("touch", touch_id)
    return CODEC.to_aggregate(found)


def _page_of_state(state: TouchState, *, size: int, after: str) -> Page[Touch]:
    place = touches().find_one({"_id": after}, dict.fromkeys(PLACE, 1)) if after else None
    if after and place is None:
        raise InvalidField("page_token", "page_token is not one that an earlier page returned.")
    return _page(touches().find(of_state(state, behind=place), hint=OF_CAMPAIGN).sort(ORDER), size=size)


def _page(found: Cursor[dict[str, Any]], *, size: int) -> Page[Touch]:
    items = tuple(CODEC.to_aggregate(each) for each in found.limit(size + 1))
    return Page(items[:size], items[size - 1].id if len(items) > size else "")


def settle_unknown(touch: Touch, *, was_sent: bool, now: datetime, request_key: str) -> bool:
    """Record an unknown touch as sent, or plan it again; False: somebody was faster."""
    batch = new_batch(new_id("bat", now), touch.campaign_id, channel=touch.channel, due_at=now)
    batches().insert_one(batch)
    settled = touches().update_one(
        {"_id": touch.id, "state": TouchState.UNKNOWN.value},
        settling(batch, was_sent=was_sent, now=now)
        | ({"$push": {"request_ids": {"$each": [request_key], "$slice": -_REMEMBERED}}} if request_key else {}),
    )
    open_batches([batch["_id"]])
    return settled.modified_count == 1


def settling(batch: dict[str, Any], *, was_sent: bool, now: datetime) -> dict[str, Any]:
    """Return the change of an unknown touch; in a batch of its own it leaves again, or is told as having left."""
    state = TouchState.SENT if was_sent else TouchState.PLANNED
    return {"$set": {"state": state.value, "reason": "", "batch_id": batch["_id"], "updated_at": now}}


def _dates_of_known(planned: Sequence[Touch]) -> dict[str, str]:
    """Return the days of those that are stored already, or nothing if none of a few is.

    A second run of the day meets what the first has stored: reading it costs a tenth of refused inserts. The first run
    meets nothing, and need not read it; what a few do not tell, the insert does.
    """
    ids = [touch.id for touch in planned]
    if touches().find_one({"_id": {"$in": ids[:: len(ids) // _LOOKED_AT + 1]}}, {"_id": 1}) is None:
        return {}
    return {each["_id"]: each["date"] for each in touches().find({"_id": {"$in": ids}}, {"date": 1})}


def _insert_new(planned: Sequence[Touch]) -> list[Touch]:
    """Insert them; return those that another planner has stored meanwhile."""
    if not planned:
        return []
    try:
        touches().insert_many([CODEC.to_document(touch) for touch in planned], ordered=False)
    except BulkWriteError as error:
        return [planned[place] for place in places_taken(error)]
    return []


def _move_to_new_day(known: Sequence[Touch]) -> int:
    """Move touches whose birthday was corrected to the day it falls on now; all others stay as they are."""
    movable = [
        {"state": {"$in": sorted(OPEN)}},
        {"state": TouchState.SKIPPED.value, "reason": Reason.BIRTHDAY_CHANGED.value},
    ]
    first = known[0]
    where = {"_id": {"$in": [touch.id for touch in known]}, "date": {"$ne": first.date}, "$or": movable}
    change = {
        "date": first.date,
        "due_at": first.due_at,
        "batch_id": first.batch_id,
        "state": TouchState.PLANNED.value,
        "reason": "",
        "held_until": None,
        "moved_by": first.moved_by,
        "updated_at": first.updated_at,
    }
    return touches().update_many(where, {"$set": change}).modified_count
