"""Members on their way through journeys: what waits is never read, what is due is found by the index of its time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeVar

from mongoengine import DateTimeField, DictField, Document, IntField, ListField, LongField, StringField
from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.care.domain.journeys.run import JourneyRun, RunReason, RunState
from services.care.domain.sending.touch import OPEN, TouchState
from services.care.ports.journeys import RunFilter, StepCount
from services.care.store.collisions import places_taken
from services.care.store.members.families import families
from services.care.store.members.members import MemberDocument
from services.care.store.sending.batches import DONE, batches
from services.care.store.sending.touches import touches
from services.chassis.codec import Codec
from services.chassis.errors import NotFound
from services.chassis.mongo import collection_of
from services.chassis.paging import Page

CODEC = Codec(JourneyRun)
CLOCK_SKEW = timedelta(minutes=2)
"""Processes and database may differ so much in their clocks; waking a run too often costs a look."""
_Found = TypeVar("_Found")
_AT_ONCE = 1_000
_UNDER_WAY = RunState.UNDER_WAY.value


class JourneyRunDocument(Document):
    id = StringField(primary_key=True)
    campaign_id = StringField()
    member_id = StringField()
    occurrence = StringField()
    plan_version = IntField()
    day = StringField()
    step = StringField()
    arrived_at = DateTimeField()
    wake_time = DateTimeField()
    began_at = DateTimeField()
    updated_at = DateTimeField()
    state = StringField()
    reason = StringField()
    detail = StringField()
    ended_by = StringField()
    waiting_for = StringField()
    waiting_touch = StringField()
    last_outcome = StringField()
    history = ListField(DictField())
    failures = IntField()
    ended_at = DateTimeField()
    revision = IntField()
    token = LongField()

    meta = {
        "db_alias": "care",
        "collection": "journey_runs",
        "auto_create_index": False,
        "indexes": [
            # Who is due, campaign by campaign: those of a paused one are not even passed over.
            {"fields": ["state", "campaign_id", "wake_time"], "name": "due", "cls": False},
            {"fields": ["campaign_id", "step", "state", "reason", "id"], "name": "by_step", "cls": False},
            {"fields": ["member_id", "id"], "name": "by_member", "cls": False},
            {
                "fields": ["waiting_touch"],
                "name": "waiting_touch",
                "cls": False,
                "partialFilterExpression": {"waiting_touch": {"$gt": ""}},
            },
        ],
    }


class JourneyCursorDocument(Document):
    id = StringField(primary_key=True)
    at = DateTimeField()
    token = LongField()

    meta = {"db_alias": "care", "collection": "journey_cursors", "auto_create_index": False}


def journey_runs() -> Collection[dict[str, Any]]:
    """Return the collection of runs."""
    return collection_of(JourneyRunDocument)


def end_runs_of(member_ids: Sequence[str], reason: RunReason, *, now: datetime) -> None:
    """End what these members are on the way through, or are parked in; a leader that moves one on notices."""
    open_ = {"member_id": {"$in": list(member_ids)}, "state": {"$in": [_UNDER_WAY, RunState.PARKED.value]}}
    journey_runs().update_many(open_, {"$set": _ended(reason, now), "$inc": {"revision": 1}})


def _ended(reason: RunReason, now: datetime) -> dict[str, Any]:
    over = {"state": RunState.ENDED.value, "reason": reason.value, "wake_time": None, "ended_at": now}
    return over | {"waiting_for": "", "waiting_touch": "", "updated_at": now}


@dataclass(frozen=True, slots=True)
class MongoJourneyRuns:
    """Enrolments, the leader's writes, and the book that people read."""

    def enrol(self, runs: Sequence[JourneyRun]) -> int:
        if not runs:
            return 0
        wanted = {"_id": {"$in": [run.id for run in runs]}}
        known = {each["_id"]: each["day"] for each in journey_runs().find(wanted, {"day": 1})}
        fresh = list({run.id: run for run in runs if run.id not in known}.values())
        moved = [run for run in runs if known.get(run.id, run.day.isoformat()) != run.day.isoformat()]
        if moved:
            journey_runs().bulk_write([_begins_on_another_day(run) for run in moved], ordered=False)
        return _insert_new(fresh)

    def under_way_in(self) -> Sequence[str]:
        return sorted(journey_runs().distinct("campaign_id", {"state": _UNDER_WAY}))

    def due(self, campaign_id: str, now: datetime, *, most: int) -> Sequence[JourneyRun]:
        where = {"state": _UNDER_WAY, "campaign_id": campaign_id, "wake_time": {"$lte": now}}
        found = journey_runs().find(where, hint="due").sort("wake_time", 1).limit(most)
        return [CODEC.to_aggregate(each) for each in found]

    def save(self, moved: Sequence[tuple[JourneyRun, JourneyRun]], *, token: int) -> int:
        if not moved:
            return 0
        fence = {"$not": {"$gt": token}}
        writes = [UpdateOne(_as_it_was(old) | {"token": fence}, _change(old, new, token=token)) for old, new in moved]
        return journey_runs().bulk_write(writes, ordered=False).modified_count

    def end_all(self, campaign_id: str, reason: RunReason, *, now: datetime, token: int) -> int:
        where = {"state": _UNDER_WAY, "campaign_id": campaign_id, "token": {"$not": {"$gt": token}}}
        ended = {"$set": _ended(reason, now) | {"token": token}, "$inc": {"revision": 1}}
        return journey_runs().update_many(where, ended, hint="due").modified_count

    def wake_heard(self, now: datetime, *, token: int) -> int:
        since = _cursor("heard", now)
        found = collection_of(MemberDocument).find({"heard_time": {"$gt": since - CLOCK_SKEW}}, {"heard_time": 1})
        woken, latest = 0, since
        for some in _some(iter(found.sort("heard_time", 1))):
            members = {"member_id": {"$in": [each["_id"] for each in some]}, "waiting_for": {"$gt": ""}}
            woken += _wake(members, now=now)
            latest = max(latest, some[-1]["heard_time"])
        _advance("heard", latest, token=token)
        return woken

    def wake_settled(self, now: datetime, *, token: int) -> int:
        since = _cursor("settled", now)
        done = {"state": DONE, "finished_at": {"$gt": since - CLOCK_SKEW}}
        woken, latest = 0, since
        for batch in batches().find(done, {"finished_at": 1}).sort("finished_at", 1):
            for some in _some(_ended_in(batch["_id"])):
                woken += _wake({"waiting_touch": {"$in": some}}, now=now)
            latest = max(latest, batch["finished_at"])
        _advance("settled", latest, token=token)
        return woken

    def get(self, run_id: str) -> JourneyRun:
        found = journey_runs().find_one({"_id": run_id})
        if found is None:
            raise NotFound("journey_run", run_id)
        return CODEC.to_aggregate(found)

    def batch_get(self, run_ids: Sequence[str]) -> Sequence[JourneyRun]:
        return [CODEC.to_aggregate(each) for each in journey_runs().find({"_id": {"$in": list(run_ids)}})]

    def page(self, match: RunFilter, *, size: int, after: str) -> Page[JourneyRun]:
        wanted = (("campaign_id", match.campaign_id), ("state", match.state), ("step", match.step))
        where: dict[str, Any] = {field: str(value) for field, value in wanted if value}
        if match.member_id:
            where["member_id"] = {"$in": families([match.member_id])[match.member_id]}
        if after:
            where["_id"] = {"$gt": after}
        found = [CODEC.to_aggregate(each) for each in journey_runs().find(where).sort("_id", 1).limit(size + 1)]
        return Page(tuple(found[:size]), found[size - 1].id if len(found) > size else "")

    def counts(self, campaign_id: str) -> Sequence[StepCount]:
        groups = journey_runs().aggregate(
            [
                {"$match": {"campaign_id": campaign_id}},
                {"$group": {"_id": {"t": "$step", "s": "$state", "r": "$reason"}, "count": {"$sum": 1}}},
                {"$sort": {"_id.t": 1, "_id.s": 1, "_id.r": 1}},
            ]
        )
        keys = ((each["_id"], each["count"]) for each in groups)
        return [StepCount(key["t"], RunState(key["s"]), key["r"], count) for key, count in keys]

    def replace(self, old: JourneyRun, new: JourneyRun) -> bool:
        change = _change(old, new, token=None)
        return journey_runs().update_one({"_id": old.id, "revision": old.revision}, change).matched_count == 1


def _as_it_was(old: JourneyRun) -> dict[str, Any]:
    return {"_id": old.id, "revision": old.revision, "state": _UNDER_WAY}


def _change(old: JourneyRun, new: JourneyRun, *, token: int | None) -> dict[str, Any]:
    changes = CODEC.to_changes(old, replace(new, revision=old.revision + 1))
    return {"$set": changes if token is None else changes | {"token": token}}


def _begins_on_another_day(run: JourneyRun) -> UpdateOne:
    untouched = {"_id": run.id, "revision": 1, "state": _UNDER_WAY}
    day = {"day": run.day.isoformat(), "wake_time": run.wake_time, "arrived_at": run.arrived_at}
    return UpdateOne(untouched, {"$set": day})


def _insert_new(fresh: Sequence[JourneyRun]) -> int:
    if not fresh:
        return 0
    try:
        journey_runs().insert_many([CODEC.to_document(run) for run in fresh], ordered=False)
    except BulkWriteError as error:
        return len(fresh) - len(places_taken(error))
    return len(fresh)


def _wake(which: dict[str, Any], *, now: datetime) -> int:
    """Make runs due; what is being moved on at this moment notices by the revision, and is looked at again."""
    where = {"state": _UNDER_WAY, **which}
    return journey_runs().update_many(where, {"$set": {"wake_time": now}, "$inc": {"revision": 1}}).modified_count


def _some(found: Iterator[_Found]) -> Iterator[list[_Found]]:
    while some := list(islice(found, _AT_ONCE)):
        yield some


def _ended_in(batch_id: str) -> Iterator[str]:
    ended = {"batch_id": batch_id, "state": {"$nin": [*sorted(OPEN), TouchState.UNKNOWN.value]}}
    return (each["_id"] for each in touches().find(ended, {"_id": 1}))


def _cursor(name: str, now: datetime) -> datetime:
    found = collection_of(JourneyCursorDocument).find_one({"_id": name})
    at: datetime = found["at"] if found else now
    return at


def _advance(name: str, at: datetime, *, token: int) -> None:
    fence = {"_id": name, "token": {"$lte": token}}
    try:
        collection_of(JourneyCursorDocument).update_one(fence, {"$set": {"at": at, "token": token}}, upsert=True)
    except DuplicateKeyError:
        return  # a newer leader has taken over
