"""Broadcast tasks in MongoDB, and the places under the quotas of customers."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from mongoengine import BooleanField, DateTimeField, Document, IntField, ListField, StringField
from pymongo.collection import Collection as MongoCollection
from pymongo.errors import DuplicateKeyError

from services.care.domain.providers.broadcasts import Broadcast, BroadcastEnd, BroadcastState, Circular, Quota
from services.chassis.codec import Codec
from services.chassis.mongo import collection_of

_CODEC = Codec(Broadcast)
_REMEMBERED = timedelta(days=100)
_CREATED = BroadcastState.CREATED.value


class BroadcastDocument(Document):
    """One message as a task for one of our people."""

    id = StringField(primary_key=True)
    touch_id = StringField()
    campaign_id = StringField()
    member_id = StringField()
    provider_id = StringField()
    corp_id = StringField()
    sender = StringField()
    customer = StringField()
    quota_key = StringField()
    asked_at = DateTimeField()
    look_at = DateTimeField()
    state = StringField()
    task_id = StringField()
    reminders = IntField()
    reminded_at = DateTimeField()
    withdrawn_at = DateTimeField()
    end = StringField()
    unwanted = BooleanField()
    digest = StringField()
    forget_at = DateTimeField()

    meta = {
        "db_alias": "care",
        "collection": "broadcasts",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["state", "look_at"], "name": "due", "cls": False},
            {"fields": ["touch_id"], "name": "of_touch", "cls": False},
            {"fields": ["task_id"], "name": "of_task", "cls": False},
            {"fields": ["forget_at"], "name": "forgotten", "cls": False, "expireAfterSeconds": 0},
        ],
    }


class BroadcastQuotaDocument(Document):
    """What one customer got within one day, week or month."""

    id = StringField(primary_key=True)
    taken = ListField(StringField())
    forget_at = DateTimeField()

    meta = {
        "db_alias": "care",
        "collection": "broadcast_quotas",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["taken"], "name": "by_touch", "cls": False},
            {"fields": ["forget_at"], "name": "forgotten", "cls": False, "expireAfterSeconds": 0},
        ],
    }


class MongoBroadcasts:
    """The place under the quota comes first: a crash after it takes a place too many, and never a message too many."""

    def begin(self, broadcast: Broadcast, quota: Quota) -> Broadcast | None:
        known = self.find(broadcast.id)
        if known:
            return known
        # A person has decided about an earlier attempt in doubt, else there were no other one.
        _broadcasts().delete_many({"touch_id": broadcast.touch_id, "state": BroadcastState.ASKED.value})
        if not _take(quota, broadcast.touch_id):
            return None
        try:
            _broadcasts().insert_one(_CODEC.to_document(broadcast))
        except DuplicateKeyError:
            return self.find(broadcast.id)
        return broadcast

    def drop(self, broadcast: Broadcast) -> None:
        # The place first: whoever begins again between the two finds the note, and asks nobody.
        _quotas().update_one({"_id": broadcast.quota_key}, {"$pull": {"taken": broadcast.touch_id}})
        _quotas().delete_one({"_id": broadcast.quota_key, "taken": []})  # its key names the customer
        _broadcasts().delete_one({"_id": broadcast.id, "state": BroadcastState.ASKED.value})

    def created(self, circular: Circular, task_id: str, *, look_at: datetime) -> None:
        told = {"state": _CREATED, "task_id": task_id, "sender": circular.sender, "look_at": look_at, "digest": ""}
        mine = {"_id": {"$in": [each.id for each in circular.broadcasts]}, "state": BroadcastState.ASKED.value}
        _broadcasts().update_many(mine, {"$set": told})

    def find(self, broadcast_id: str) -> Broadcast | None:
        found = _broadcasts().find_one({"_id": broadcast_id})
        return _read(found) if found else None

    def doubtful_like(self, broadcast: Broadcast, *, look_at: datetime) -> Sequence[Broadcast]:
        alike = {"provider_id": broadcast.provider_id, "sender": broadcast.sender, "digest": broadcast.digest}
        where = {"state": BroadcastState.ASKED.value, **alike}
        found = [_read(each) for each in _broadcasts().find(where).sort("_id", 1)]
        _broadcasts().update_many(where, {"$set": {"look_at": look_at}})
        return found

    def unknown_of(self, task_ids: Collection[str]) -> set[str]:
        known = _broadcasts().distinct("task_id", {"task_id": {"$in": list(task_ids)}})
        return set(task_ids) - set(known)

    def due(self, now: datetime, *, most: int) -> Sequence[Sequence[Broadcast]]:
        waiting = _broadcasts().aggregate(
            [
                {"$match": {"state": _CREATED, "look_at": {"$lte": now}}},
                {"$group": {"_id": "$task_id", "look_at": {"$min": "$look_at"}}},
                {"$sort": {"look_at": 1, "_id": 1}},
                {"$limit": most},
            ]
        )
        order = [each["_id"] for each in waiting]
        tasks: dict[str, dict[str, list[Broadcast]]] = {task_id: {} for task_id in order}
        for each in map(_read, _broadcasts().find({"task_id": {"$in": order}, "state": _CREATED}).sort("_id", 1)):
            tasks[each.task_id].setdefault(each.provider_id, []).append(each)  # two companies may number alike
        return [task for by_provider in tasks.values() for task in by_provider.values()]

    def look_later(self, task: Sequence[Broadcast], look_at: datetime) -> None:
        _change(task, {"$set": {"look_at": look_at}})

    def reminded(self, task: Sequence[Broadcast], *, now: datetime, look_at: datetime) -> None:
        _change(task, {"$inc": {"reminders": 1}, "$set": {"reminded_at": now, "look_at": look_at}})

    def withdrawn(self, task: Sequence[Broadcast], *, now: datetime) -> None:
        _change(task, {"$set": {"withdrawn_at": now}})

    def ended(self, broadcasts: Sequence[Broadcast], end: BroadcastEnd, *, now: datetime) -> None:
        told = {"state": BroadcastState.ENDED.value, "end": end.value, "forget_at": now + _REMEMBERED, "customer": ""}
        _change(broadcasts, {"$set": told})


def _take(quota: Quota, key: str) -> bool:
    """Take a place for this key, once; False if there is none."""
    if quota.most <= 0:
        return False
    room = {"_id": quota.key, "taken": {"$ne": key}, f"taken.{quota.most - 1}": {"$exists": False}}
    change = {"$push": {"taken": key}, "$setOnInsert": {"forget_at": quota.ends_at}}
    for _ in range(2):  # the second time another process has just made the document
        try:
            _quotas().update_one(room, change, upsert=True)
        except DuplicateKeyError:
            continue
        return True
    return _quotas().count_documents({"_id": quota.key, "taken": key}) == 1


def _change(broadcasts: Sequence[Broadcast], change: dict[str, Any]) -> None:
    _broadcasts().update_many({"_id": {"$in": [each.id for each in broadcasts]}, "state": _CREATED}, change)


def _read(found: dict[str, Any]) -> Broadcast:
    return _CODEC.to_aggregate(found)


def _broadcasts() -> MongoCollection[dict[str, Any]]:
    return collection_of(BroadcastDocument)


def _quotas() -> MongoCollection[dict[str, Any]]:
    return collection_of(BroadcastQuotaDocument)
