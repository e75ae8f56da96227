"""Opportunities in MongoDB."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mongoengine import DateTimeField, DictField, ListField, StringField

from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.paging import Page
from services.contracts.domain.sales.opportunity import Opportunity
from services.contracts.domain.sales.opportunity_stages import OPEN
from services.contracts.ports.sales import OpportunityFilter
from services.contracts.store.customers.families import families, family, gathered
from services.contracts.store.database import ALIAS, set_only

_OPEN = [stage.value for stage in OPEN]


class OpportunityDocument(AggregateDocument):
    """An opportunity."""

    kind = StringField(required=True)
    title = StringField(required=True)
    customer_id = StringField(required=True)
    owner_id = StringField()
    amount = DictField()
    close_date = StringField()
    stage = StringField(required=True)
    moves = ListField(DictField())
    follow_ups = ListField(DictField())
    next_action = StringField()
    next_action_date = StringField()
    lead_id = StringField()
    contract_id = StringField()
    asset_ids = ListField(StringField())
    win_reason = StringField()
    loss_reason = StringField()
    outcome_note = StringField()
    closed_time = DateTimeField()
    author = StringField()
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "opportunities",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            # One for each filter of a list; the id behind it keeps the order of pages.
            {"fields": ["customer_id", "_id"], "name": "by_customer", "cls": False},
            {"fields": ["owner_id", "_id"], "name": "by_owner", "cls": False},
            {"fields": ["stage", "_id"], "name": "by_stage", "cls": False},
            {"fields": ["kind", "_id"], "name": "by_kind", "cls": False},
            {"fields": ["next_action_date"], "name": "by_next_action", "cls": False},
            {"fields": ["close_date"], "name": "by_close_date", "cls": False},
        ],
    }


def opportunity_store(clock: Clock) -> AggregateStore[Opportunity]:
    """Return the opportunities as aggregates, for writes that go together with others."""
    return AggregateStore.of(OpportunityDocument, Opportunity, noun="opportunity", source=ALIAS, clock=clock)


class MongoOpportunities:
    """The opportunities on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = opportunity_store(clock)

    def add(self, opportunity: Opportunity, *, request_key: str) -> Opportunity:
        try:
            return self._store.add(opportunity, request_key)
        except DuplicateKey:
            return self._store.get(opportunity.id)

    def get(self, opportunity_id: str) -> Opportunity:
        return self._store.get(opportunity_id)

    def batch_get(self, opportunity_ids: Sequence[str]) -> Sequence[Opportunity]:
        return self._store.batch_get(opportunity_ids)

    def page(self, match: OpportunityFilter, *, size: int, after: str) -> Page[Opportunity]:
        return self._store.page(_query(match), size=size, after=after)

    def of_customers(self, customer_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Opportunity]]:
        of = families(customer_ids)
        members = [each for family in of.values() for each in family]
        return gathered(of, self._store.top_by("customer_id", members, limit=most), most=most)

    def change(
        self, opportunity_id: str, step: Callable[[Opportunity], Opportunity], *, etag: str, request_key: str
    ) -> Opportunity:
        try:
            return self._store.change(opportunity_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another opportunity.") from error


def _query(match: OpportunityFilter) -> dict[str, Any]:
    query = set_only(owner_id=match.owner_id, kind=match.kind, stage=match.stage)
    if match.customer_id:
        query["customer_id"] = {"$in": family(match.customer_id)}
    if match.open_only and not match.stage:
        query["stage"] = {"$in": _OPEN}
    elif match.open_only and match.stage not in OPEN:
        query["stage"] = {"$in": []}
    if match.action_before:
        query["next_action_date"] = {"$lt": match.action_before.isoformat()}
    closes = {}
    if match.closes_from:
        closes["$gte"] = match.closes_from.isoformat()
    if match.closes_through:
        closes["$lte"] = match.closes_through.isoformat()
    return query | ({"close_date": closes} if closes else {})
