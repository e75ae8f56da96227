"""Return visits, and what care has heard of contracts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mongoengine import BooleanField, DateTimeField, DictField, Document, IntField, ListField, LongField, StringField
from pymongo.errors import DuplicateKeyError

from services.care.domain.visits.kinds import VisitKind, VisitState
from services.care.domain.visits.visit import Visit
from services.care.ports.visits import VisitFilter
from services.care.store.members.families import families, gathered
from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.mongo import collection_of
from services.chassis.paging import Page

_EVERY: Mapping[str, list[str | None]] = {"state": [*VisitState], "kind": [*VisitKind, None]}
"""What the fields of a visit can hold; those of the first version have no kind."""


class VisitDocument(AggregateDocument):
    contract_id = StringField()
    customer_id = StringField()
    due_date = StringField()
    created_at = DateTimeField()
    member_id = StringField()
    owner_id = StringField()
    state = StringField()
    outcome = StringField()
    satisfaction = IntField()
    words = StringField()
    completed_at = DateTimeField()
    kind = StringField()
    means = StringField()
    topic = StringField()
    source_id = StringField()
    campaign_id = StringField()
    case_id = StringField()
    round = IntField()
    plan_id = StringField()
    script_code = StringField()
    skill = StringField()
    avoid_id = StringField()
    window_from = StringField()
    window_to = StringField()
    time_zone = StringField()
    next_at = DateTimeField()
    attempt_rule = DictField()
    attempts = ListField(DictField())
    claimed_by_id = StringField()
    claimed_by = StringField()
    claimed_until = DateTimeField()
    moves = ListField(DictField())
    overdue_at = DateTimeField()
    follow_up_of = StringField()
    next_step = StringField()
    cancel_reason = StringField()
    completed_by = StringField()
    unsettled = BooleanField()

    meta = {
        "db_alias": "care",
        "collection": "visits",
        "auto_create_index": False,
        "indexes": [
            {"fields": ["member_id", "-id"], "cls": False},
            {"fields": ["customer_id", "id"], "cls": False},
            {"fields": ["contract_id"], "cls": False},
            # The care of a month: counted from the index alone.
            {"fields": ["due_date", "state"], "cls": False},
            # Lists by state, by kind or by both, in the order of ids.
            {"fields": ["state", "kind", "id"], "name": "listed", "cls": False},
            # Call lists: what is due for one employee.
            {"fields": ["owner_id", "state", "id"], "cls": False},
            # Queues and the next call, in the order of what is due first; what was made is not in it.
            {
                "fields": ["due_date", "id"],
                "name": "due",
                "cls": False,
                "partialFilterExpression": {"state": VisitState.DUE.value},
            },
            {
                "fields": ["owner_id", "due_date", "id"],
                "name": "due_by_owner",
                "cls": False,
                "partialFilterExpression": {"state": VisitState.DUE.value},
            },
            {
                "fields": ["claimed_by_id"],
                "name": "in_hand",
                "cls": False,
                "partialFilterExpression": {"claimed_by_id": {"$gt": ""}},
            },
            {
                "fields": ["case_id"],
                "name": "by_case",
                "cls": False,
                "partialFilterExpression": {"case_id": {"$gt": ""}},
            },
            # Which campaigns have calls that are due, from the index alone.
            {
                "fields": ["state", "campaign_id"],
                "name": "due_by_campaign",
                "cls": False,
                "partialFilterExpression": {"state": VisitState.DUE.value, "campaign_id": {"$gt": ""}},
            },
            {
                "fields": ["plan_id", "due_date"],
                "name": "by_plan",
                "cls": False,
                "partialFilterExpression": {"plan_id": {"$gt": ""}},
            },
            {
                "fields": ["follow_up_of"],
                "name": "by_follow_up",
                "cls": False,
                "partialFilterExpression": {"follow_up_of": {"$gt": ""}},
            },
            {
                "fields": ["unsettled"],
                "name": "unsettled",
                "cls": False,
                "partialFilterExpression": {"unsettled": True},
            },
            *aggregate_indexes(),
        ],
    }


class ContractStateDocument(Document):
    id = StringField(primary_key=True)
    version = LongField()
    ended = BooleanField()

    meta = {"db_alias": "care", "collection": "contract_states", "auto_create_index": False}


class CaseStateDocument(Document):
    id = StringField(primary_key=True)
    version = LongField()
    """Twice the round for its closing, one less for the reopening that began it."""
    ended = BooleanField()

    meta = {"db_alias": "care", "collection": "case_states", "auto_create_index": False}


@dataclass(frozen=True, slots=True)
class MongoVisits:
    """Visits as aggregates."""

    store: AggregateStore[Visit]

    @classmethod
    def of(cls, clock: Clock) -> "MongoVisits":
        return cls(AggregateStore.of(VisitDocument, Visit, noun="visit", source="care", clock=clock))

    def add(self, visit: Visit) -> None:
        try:
            self.store.add(visit)
        except DuplicateKey:
            return  # the event was heard before, and the visit may have moved on since

    def get(self, visit_id: str) -> Visit:
        return self.store.get(visit_id)

    def batch_get(self, visit_ids: Sequence[str]) -> list[Visit]:
        return self.store.batch_get(visit_ids)

    def page(self, match: VisitFilter, *, size: int, after: str) -> Page[Visit]:
        return self.store.page(_listed(_query(match)), size=size, after=after)

    def top_by_member(self, member_ids: Sequence[str], limit: int) -> dict[str, list[Visit]]:
        of = families(member_ids)
        found = self.store.top_by("member_id", [key for members in of.values() for key in members], limit=limit)
        return gathered(of, found, newest=lambda visit: visit.id, most=limit)

    def change(self, visit_id: str, step: Callable[[Visit], Visit], *, etag: str, request_id: str) -> Visit:
        try:
            return self.store.change(visit_id, step, etag=etag, request_id=request_id)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another visit.") from error

    def linked_to(self, customer_id: str, *, most: int) -> Sequence[str]:
        found = self.store.collection.find({"customer_id": customer_id}, {"_id": 1}, limit=most)
        return [each["_id"] for each in found]

    def open_of(self, member_ids: Sequence[str]) -> list[Visit]:
        still_open = [{"state": VisitState.DUE.value}, {"unsettled": True}]
        found = self.store.collection.find({"member_id": {"$in": list(member_ids)}, "$or": still_open})
        return [self.store.codec.to_aggregate(each) for each in found]

    def known(self, visit_ids: Sequence[str]) -> frozenset[str]:
        found = self.store.collection.find({"_id": {"$in": list(visit_ids)}}, {"_id": 1})
        return frozenset(each["_id"] for each in found)

    def not_made_of(self, plan_ids: Sequence[str]) -> list[Visit]:
        not_made = [VisitState.DUE.value, VisitState.CANCELLED.value]
        of_them = {"plan_id": {"$in": list(plan_ids)}, "state": {"$in": not_made}}
        return [self.store.codec.to_aggregate(each) for each in self.store.collection.find(of_them, {"outbox": 0})]

    def due_of(self, match: VisitFilter) -> list[Visit]:
        query = _query(match)
        if not query:
            return []  # nothing was named: whoever withdraws what is due must never get everything
        found = self.store.collection.find({**query, "state": VisitState.DUE.value})
        return [self.store.codec.to_aggregate(each) for each in found]


class MongoContractStates:
    """The newest news of each contract."""

    def heard(self, contract_id: str, *, version: int, ended: bool) -> bool:
        return _heard(ContractStateDocument, contract_id, version=version, ended=ended)

    def ended(self, contract_id: str) -> bool:
        return collection_of(ContractStateDocument).find_one({"_id": contract_id, "ended": True}) is not None


class MongoCaseStates:
    """The newest news of each case."""

    def heard(self, case_id: str, *, version: int, ended: bool) -> bool:
        return _heard(CaseStateDocument, case_id, version=version, ended=ended)


def _heard(document: type[Document], key: str, *, version: int, ended: bool) -> bool:
    news = {"$set": {"version": version, "ended": ended}}
    older = {"_id": key, "version": {"$lte": version}}
    try:
        # An upsert that finds no news at all stores the first; one that finds newer news collides with it.
        collection_of(document).update_one(older, news, upsert=True)
    except DuplicateKeyError:
        return False
    return True


def _listed(query: dict[str, Any]) -> dict[str, Any]:
    """Return the query for a list; where a state or a kind is all that is asked for, every other one is named as well.

    Each pair is a place in the index from which the database reads in the order of ids, and it merges a few of them.
    """
    if not query or query.keys() - _EVERY.keys():
        return query
    return {field: query.get(field, {"$in": every}) for field, every in _EVERY.items()}


def _query(match: VisitFilter) -> dict[str, Any]:
    equal = ("state", "owner_id", "customer_id", "kind", "contract_id", "case_id", "plan_id", "follow_up_of")
    query: dict[str, Any] = {field: str(value) for field in equal if (value := getattr(match, field))}
    if match.due_through:
        query["due_date"] = {"$lte": match.due_through}
    return query
