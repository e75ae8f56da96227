"""Everything that is held of a person, over all collections, and the notes of who saw or ended it."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from mongoengine import DateTimeField, Document, StringField
from pymongo.errors import DuplicateKeyError

from services.care.domain.journeys.run import RunReason
from services.care.domain.members.privacy import Act, PrivacyAct
from services.care.domain.providers.broadcasts import BroadcastState
from services.care.store.journeys.runs import end_runs_of
from services.care.store.members.holdings import HOLDINGS
from services.chassis.codec import Codec
from services.chassis.ids import derived_id, new_id
from services.chassis.mongo import collection_of, handle
from services.chassis.paging import Page

_ALIAS = "care"
_CODEC = Codec(PrivacyAct)
_HELD = ("contracts", "warranties", "customer_value")
_FACTS = ("acts", "last_acts", "last_act_time", "answers", *_HELD, "heard", "import_row")
_BOOKKEEPING = ("outbox", "request_ids", "name_search", "batch_id")


class PrivacyActDocument(Document):
    """One note."""

    id = StringField(primary_key=True)
    member_id = StringField(required=True)
    act = StringField(required=True)
    by = StringField(required=True)
    reason = StringField()
    time = DateTimeField(required=True)

    meta = {
        "db_alias": _ALIAS,
        "collection": "privacy_acts",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["member_id", "time"], "name": "by_member", "cls": False},
            {"fields": ["time"], "name": "by_time", "cls": False},
        ],
    }


class MongoPrivacyActs:
    """The notes."""

    def note(self, member_id: str, act: Act, *, by: str, reason: str, now: datetime) -> None:
        _store(PrivacyAct(id=new_id("pva", now), member_id=member_id, act=act, by=by, reason=reason, time=now))

    def note_once(self, member_id: str, act: Act, *, by: str, reason: str, now: datetime) -> None:
        key = derived_id("pva", member_id, act)
        try:
            _store(PrivacyAct(id=key, member_id=member_id, act=act, by=by, reason=reason, time=now))
        except DuplicateKeyError:
            return

    def page(self, member_id: str, *, size: int, after: str) -> Page[PrivacyAct]:
        acts = collection_of(PrivacyActDocument)
        where: dict[str, Any] = {"member_id": member_id} if member_id else {}
        last = acts.find_one({"_id": after}) if after else None
        if last is not None:
            where["$or"] = [{"time": {"$lt": last["time"]}}, {"time": last["time"], "_id": {"$lt": after}}]
        found = list(acts.find(where).sort([("time", -1), ("_id", -1)]).limit(size + 1))
        items = tuple(_CODEC.to_aggregate(each) for each in found[:size])
        return Page(items, items[-1].id if len(found) > size else "")


_SAID_IN_VISITS = ("words", "next_step", "attempts.$[].note", "moves.$[].reason")
"""Where people write what a person said; each blanked by itself."""


class MongoPersonalData:
    """Finds what stands under a person's ids in all collections that hold any."""

    def export(self, family: Sequence[str]) -> str:
        members = {each["_id"]: _shown(each) for each in handle(_ALIAS)["members"].find({"_id": {"$in": list(family)}})}
        found: dict[str, Any] = {
            "member": members.get(family[0]),
            "merged": [members[key] for key in family[1:] if key in members],
        }
        touch_ids = _touch_ids(family)
        for holding in HOLDINGS:
            found[holding.collection] = [_shown(each) for each in holding.of(family, touch_ids)]
        return json.dumps(found, ensure_ascii=False, default=_text)

    def forget(self, family: Sequence[str], *, now: datetime) -> None:
        database, keys = handle(_ALIAS), {"$in": list(family)}
        database["members"].update_many({"_id": keys}, {"$unset": dict.fromkeys(_FACTS, "")})
        database["consents"].update_many({"member_id": keys, "proof": {"$gt": ""}}, {"$set": {"proof": ""}})
        # The version grows, or a change that read the visit before would write the words back.
        for blank in _SAID_IN_VISITS:
            spoken = {"member_id": keys, blank.replace("$[].", ""): {"$gt": ""}}
            database["visits"].update_many(spoken, {"$set": {blank: ""}, "$inc": {"version": 1}})
        database["visits"].update_many(
            {"member_id": keys, "outbox.data.words": {"$gt": ""}},
            {"$set": {"outbox.$[said].data.words": ""}},
            array_filters=[{"said.data.words": {"$gt": ""}}],
        )
        parked = {"envelope.data.member_id": keys, "envelope.data.words": {"$gt": ""}}
        database["parked"].update_many(parked, {"$set": {"envelope.data.words": ""}})
        for noted in ("reason", "reference"):
            database["points_entries"].update_many({"member_id": keys, noted: {"$gt": ""}}, {"$set": {noted: ""}})
        removed = {"member_id": keys, "reason": RunReason.REMOVED.value, "detail": {"$gt": ""}}
        database["journey_runs"].update_many(removed, {"$set": {"detail": ""}, "$inc": {"revision": 1}})
        end_runs_of(family, RunReason.MEMBER_GONE, now=now)
        database["contact_history"].delete_many({"_id": keys})
        database["wechat_credits"].delete_many({"member_id": keys})
        _forget_broadcasts(_touch_ids(family), now=now)


def _forget_broadcasts(touch_ids: Sequence[str], *, now: datetime) -> None:
    """Take out by which name WeCom knows the person; an open task keeps it for as long as it takes to stop it."""
    broadcasts, mine = handle(_ALIAS)["broadcasts"], {"touch_id": {"$in": list(touch_ids)}}
    quotas = broadcasts.distinct("quota_key", mine | {"quota_key": {"$gt": ""}})
    # A process that died after it took a place left no task to tell the quota by.
    taken = {"$or": [{"_id": {"$in": quotas}}, {"taken": {"$in": list(touch_ids)}}]}
    handle(_ALIAS)["broadcast_quotas"].delete_many(taken)
    created = BroadcastState.CREATED.value
    broadcasts.update_many(mine, {"$set": {"unwanted": True, "look_at": now, "quota_key": ""}})
    broadcasts.update_many(mine | {"state": {"$ne": created}}, {"$set": {"customer": "", "digest": ""}})


def _touch_ids(family: Sequence[str]) -> list[str]:
    found = handle(_ALIAS)["touches"].find({"member_id": {"$in": list(family)}}, {"_id": 1})
    return [each["_id"] for each in found]


def _shown(document: dict[str, Any]) -> dict[str, Any]:
    return {"id": document["_id"]} | {
        name: value for name, value in document.items() if name != "_id" and name not in _BOOKKEEPING
    }


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _store(act: PrivacyAct) -> None:
    collection_of(PrivacyActDocument).insert_one(_CODEC.to_document(act))
