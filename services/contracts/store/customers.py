"""Customers in MongoDB."""

from collections.abc import Sequence
from typing import Any

from mongoengine import DateTimeField, ListField, StringField

from services.chassis.aggregates import (
    AggregateDocument,
    AggregateStore,
    DuplicateKey,
    aggregate_indexes,
    unique_when_set,
)
from services.chassis.clock import Clock
from services.chassis.paging import Page
from services.contracts.domain.customer import Customer, search_key
from services.contracts.domain.errors import CustomerExternalRefTaken
from services.contracts.ports.customers import CustomerFilter
from services.contracts.store.database import ALIAS, set_only

_LAST_LETTER = "\U0010ffff"  # sorts after every text that begins alike


class CustomerDocument(AggregateDocument):
    """A customer."""

    kind = StringField(required=True)
    name = StringField(required=True)
    name_key = StringField(required=True)
    external_ref = StringField()
    tax_id = StringField()
    owner_id = StringField()
    tags = ListField(StringField())
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": ALIAS,
        "collection": "customers",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            unique_when_set("external_ref"),
            # One for each filter of a list; the id behind it keeps the order of pages.
            {"fields": ["kind", "_id"], "name": "by_kind", "cls": False},
            {"fields": ["owner_id", "_id"], "name": "by_owner", "cls": False},
            {"fields": ["tags", "_id"], "name": "by_tag", "cls": False},
            {"fields": ["name_key", "_id"], "name": "by_name", "cls": False},
        ],
    }


class MongoCustomers:
    """The customers on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(CustomerDocument, Customer, noun="customer", source=ALIAS, clock=clock)

    def add(self, customer: Customer, *, request_key: str) -> Customer:
        try:
            return self._store.add(customer, request_key)
        except DuplicateKey as error:
            raise CustomerExternalRefTaken(customer.external_ref) from error

    def get(self, customer_id: str) -> Customer:
        return self._store.get(customer_id)

    def batch_get(self, customer_ids: Sequence[str]) -> Sequence[Customer]:
        return self._store.batch_get(customer_ids)

    def page(self, match: CustomerFilter, *, size: int, after: str) -> Page[Customer]:
        query: dict[str, Any] = set_only(
            kind=match.kind, owner_id=match.owner_id, tags=match.tag, external_ref=match.external_ref
        )
        if prefix := search_key(match.name_prefix):
            query["name_key"] = {"$gte": prefix, "$lt": prefix + _LAST_LETTER}
        return self._store.page(query, size=size, after=after)
