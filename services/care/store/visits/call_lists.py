"""Call lists in MongoDB: what is due, by owner and day."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from services.care.domain.visits.kinds import VisitState
from services.care.domain.visits.visit import Visit
from services.care.ports.calling import Queue, QueueView
from services.care.store.visits.holds import MongoHolds
from services.care.store.visits.visits import MongoVisits
from services.chassis.aggregates import DuplicateKey
from services.chassis.checks import civil_date
from services.chassis.clock import Clock
from services.chassis.codec import readable
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id
from services.chassis.paging import Page

_DUE = {"state": VisitState.DUE.value}
_AT_ONCE = 50
"""Of so many visits it is asked at once whether their members may be spoken with."""
_ORDER = [("due_date", 1), ("_id", 1)]


@dataclass(frozen=True, slots=True)
class MongoCallLists:
    """Reads by the indexes of what is due."""

    visits: MongoVisits
    holds: MongoHolds

    @classmethod
    def of(cls, clock: Clock) -> "MongoCallLists":
        return cls(MongoVisits.of(clock), MongoHolds.of(clock))

    def page(self, queue: Queue, *, size: int, after: str) -> Page[Visit]:
        where = _where(queue)
        if after:
            day, visit_id = _place(after)
            where["$or"] = [{"due_date": {"$gt": day}}, {"due_date": day, "_id": {"$gt": visit_id}}]
        found = list(self._find(where).limit(size + 1))
        items = tuple(self._visit(each) for each in found[:size])
        return Page(items, f"{items[-1].due_date}/{items[-1].id}" if len(found) > size else "")

    def waiting(
        self, owner_id: str, *, through: date, at: datetime | None = None, fits: Callable[[Visit], bool] | None = None
    ) -> Iterator[Visit]:
        where = {**_DUE, "owner_id": owner_id, "due_date": {"$lte": through.isoformat()}}
        if at:
            where["next_at"] = {"$not": {"$gt": at}}
        found = self._readable(self._find(where))
        while some := list(islice(found, _AT_ONCE)):
            fitting = [each for each in some if fits is None or fits(each)]
            held = self.holds.on(fitting)
            yield from (each for each in fitting if each.id not in held)

    def in_hand(self, agent_id: str, subject: str, *, now: datetime) -> Visit | None:
        held = {**_DUE, "claimed_by_id": agent_id, "claimed_by": subject, "claimed_until": {"$gt": now}}
        return self.visits.store.find(held)

    def of_request(self, request_key: str) -> Visit | None:
        return self.visits.store.find({"request_ids": request_key}) if request_key else None

    def take(self, visit_id: str, step: Callable[[Visit], Visit], *, request_key: str) -> Visit:
        try:
            return self.visits.store.change(visit_id, step, etag="", request_id=request_key)
        except DuplicateKey as error:
            first = self.of_request(request_key)
            if first is None:
                raise InvalidField("request_id", "request_id was used for another call.") from error
            return first

    def loads(self, *, through: date) -> Mapping[str, int]:
        where = {**_DUE, "owner_id": {"$gt": ""}, "due_date": {"$lte": through.isoformat()}}
        groups = self.visits.store.collection.aggregate(
            [{"$match": where}, {"$group": {"_id": "$owner_id", "count": {"$sum": 1}}}]
        )
        return {group["_id"]: group["count"] for group in groups}

    def late(self, *, before: date) -> Iterator[Visit]:
        where = {**_DUE, "due_date": {"$lt": before.isoformat()}, "overdue_at": None}
        return self._readable(self._find(where))

    def campaigns_waiting(self) -> Sequence[str]:
        return sorted(self.visits.store.collection.distinct("campaign_id", {**_DUE, "campaign_id": {"$gt": ""}}))

    def due_for(self, campaign_id: str) -> Iterator[Visit]:
        return self._readable(self.visits.store.collection.find({**_DUE, "campaign_id": campaign_id}, {"outbox": 0}))

    def unsettled(self) -> Iterator[Visit]:
        return self._readable(self.visits.store.collection.find({"unsettled": True}))

    def _find(self, where: Mapping[str, Any]) -> Any:
        return self.visits.store.collection.find(where, {"outbox": 0}).sort(_ORDER)

    def _readable(self, documents: Iterable[dict[str, Any]]) -> Iterator[Visit]:
        return readable(documents, self._visit, collection="visits")

    def _visit(self, found: dict[str, Any]) -> Visit:
        return self.visits.store.codec.to_aggregate(found)


def _where(queue: Queue) -> dict[str, Any]:
    where: dict[str, Any] = dict(_DUE)
    if queue.view is QueueView.MINE or queue.agent_id:
        where["owner_id"] = queue.agent_id
    if queue.view is QueueView.UNASSIGNED:
        where["owner_id"] = ""
    if queue.view is QueueView.OVERDUE:
        where["overdue_at"] = {"$ne": None}
    if queue.kind:
        where["kind"] = queue.kind.value
    if queue.skill:
        where["skill"] = queue.skill
    if queue.due_through:
        where["due_date"] = {"$lte": queue.due_through}
    return where


def _place(token: str) -> tuple[str, str]:
    day, _, visit_id = token.partition("/")
    return civil_date(day, "page_token").isoformat(), check_id(visit_id, "vis", field="page_token")
