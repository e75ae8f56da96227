"""Quotes in MongoDB."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from mongoengine import DateTimeField, DictField, ListField, StringField

from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.paging import Page
from services.contracts.domain.sales.opportunity import Opportunity
from services.contracts.domain.sales.quote import Quote
from services.contracts.domain.sales.quote_states import LIVE
from services.contracts.ports.quotes import QuoteFilter
from services.contracts.store.customers.families import family
from services.contracts.store.database import ALIAS, set_only
from services.contracts.store.sales.opportunities import opportunity_store
from services.contracts.store.together import Write, change_together

_LIVE = [state.value for state in LIVE]


class QuoteDocument(AggregateDocument):
    """A quote with its versions."""

    opportunity_id = StringField(required=True)
    customer_id = StringField(required=True)
    owner_id = StringField()
    state = StringField(required=True)
    sign_by = StringField(required=True)
    versions = ListField(DictField())
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "quotes",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            # One for each filter of a list; the id behind it keeps the order of pages.
            {"fields": ["opportunity_id", "_id"], "name": "by_opportunity", "cls": False},
            {"fields": ["customer_id", "_id"], "name": "by_customer", "cls": False},
            {"fields": ["owner_id", "_id"], "name": "by_owner", "cls": False},
            {"fields": ["state", "_id"], "name": "by_state", "cls": False},
            # The quotes that nobody signed in time.
            {"fields": ["state", "sign_by"], "name": "by_window", "cls": False},
        ],
    }


class MongoQuotes:
    """The quotes on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(QuoteDocument, Quote, noun="quote", source=ALIAS, clock=clock)
        self._opportunities = opportunity_store(clock)

    def add(self, quote: Quote, *, request_key: str) -> Quote:
        return self._store.add(quote, request_key)

    def get(self, quote_id: str) -> Quote:
        return self._store.get(quote_id)

    def batch_get(self, quote_ids: Sequence[str]) -> Sequence[Quote]:
        return self._store.batch_get(quote_ids)

    def page(self, match: QuoteFilter, *, size: int, after: str) -> Page[Quote]:
        return self._store.page(_query(match), size=size, after=after)

    def of_opportunities(self, opportunity_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Quote]]:
        return self._store.top_by("opportunity_id", opportunity_ids, limit=most)

    def change(self, quote_id: str, step: Callable[[Quote], Quote], *, etag: str, request_key: str) -> Quote:
        try:
            return self._store.change(quote_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another quote.") from error

    def accept(
        self,
        quote_id: str,
        step: Callable[[Quote, Opportunity], tuple[Quote, Opportunity]],
        *,
        etag: str,
        request_key: str,
    ) -> Quote:
        def plan(old: Quote) -> list[Write]:
            deal = self._opportunities.get(old.opportunity_id)
            quote, won = step(old, deal)
            writes = [Write(store=self._store, new=quote, old=old, request_key=request_key)]
            return writes if won is deal else [*writes, Write(store=self._opportunities, new=won, old=deal)]

        try:
            return change_together(self._store, quote_id, plan=plan, etag=etag, request_key=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another quote.") from error

    def unsigned_before(self, day: date) -> Iterator[str]:
        query = {"state": {"$in": _LIVE}, "sign_by": {"$lt": day.isoformat()}}
        for found in self._store.collection.find(query, {"_id": 1}):
            yield found["_id"]


def _query(match: QuoteFilter) -> dict[str, Any]:
    query = set_only(opportunity_id=match.opportunity_id, owner_id=match.owner_id, state=match.state)
    if match.customer_id:
        query["customer_id"] = {"$in": family(match.customer_id)}
    window = {}
    if match.sign_by_from:
        window["$gte"] = match.sign_by_from.isoformat()
    if match.sign_by_through:
        window["$lte"] = match.sign_by_through.isoformat()
    return query | ({"sign_by": window} if window else {})
