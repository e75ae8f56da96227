"""Customers in MongoDB."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from mongoengine import DateTimeField, DictField, ListField, StringField
from pymongo import UpdateOne
from pymongo.client_session import ClientSession

from services.chassis.aggregates import (
    AggregateDocument,
    AggregateStore,
    DuplicateKey,
    aggregate_indexes,
    unique_when_set,
)
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField, NotFound, StaleVersion
from services.chassis.paging import Page
from services.contracts.domain.customers.customer import Customer, CustomerTier, search_key
from services.contracts.domain.customers.customers_errors import CustomerExternalRefTaken
from services.contracts.ports.customers import CustomerFilter
from services.contracts.store.database import ALIAS, set_only

_LAST_LETTER = "\U0010ffff"  # sorts after every text that begins alike
_BESIDE_STATE = ("_id", "outbox", "request_ids")


class CustomerDocument(AggregateDocument):
    """A customer."""

    kind = StringField(required=True)
    name = StringField(required=True)
    name_key = StringField(required=True)
    external_ref = StringField()
    tax_id = StringField()
    owner_id = StringField()
    tags = ListField(StringField())
    time_zone = StringField()
    stage = StringField()
    stage_changes = ListField(DictField())
    tier = StringField()
    merged_into_id = StringField()
    merged_ids = ListField(StringField())
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
            {"fields": ["stage", "_id"], "name": "by_stage", "cls": False},
            {"fields": ["tier", "_id"], "name": "by_tier", "cls": False},
            # A merge sends the doublets of a doublet on to the survivor.
            {"fields": ["merged_into_id"], "name": "by_survivor", "cls": False,
             "partialFilterExpression": {"merged_into_id": {"$gt": ""}}},
        ],
    }  # fmt: skip


class MongoCustomers:
    """The customers on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `contracts`."""
        self._store = AggregateStore.of(CustomerDocument, Customer, noun="customer", source=ALIAS, clock=clock)

    def add(self, customer: Customer, *, request_key: str) -> Customer:
        try:
            return self._store.add(customer, request_key)
        except DuplicateKey as error:
            raise _refusal(error, customer.external_ref) from error

    def get(self, customer_id: str) -> Customer:
        return self._store.get(customer_id)

    def batch_get(self, customer_ids: Sequence[str]) -> Sequence[Customer]:
        return self._store.batch_get(customer_ids)

    def page(self, match: CustomerFilter, *, size: int, after: str) -> Page[Customer]:
        query: dict[str, Any] = set_only(
            kind=match.kind,
            owner_id=match.owner_id,
            tags=match.tag,
            external_ref=match.external_ref,
            stage=match.stage,
            tier=match.tier,
        )
        if prefix := search_key(match.name_prefix):
            query["name_key"] = {"$gte": prefix, "$lt": prefix + _LAST_LETTER}
        if not match.include_merged and not match.external_ref:  # a key finds its customer, whatever became of it
            query["merged_into_id"] = {"$in": ["", None]}
        return self._store.page(query, size=size, after=after)

    def change(
        self, customer_id: str, step: Callable[[Customer], Customer], *, etag: str, request_key: str
    ) -> Customer:
        try:
            return self._store.change(customer_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise _refusal(error, step(self.get(customer_id)).external_ref) from error

    def merge(
        self,
        customer_id: str,
        into_id: str,
        *,
        step: Callable[[Customer, Customer], tuple[Customer, Customer]],
        etag: str,
    ) -> tuple[Customer, Customer]:
        def both(session: ClientSession) -> tuple[Customer, Customer]:
            doublet, survivor = self._read(customer_id, session), self._read(into_id, session)
            if etag and etag != str(doublet.version):
                raise StaleVersion("customer", customer_id)
            merged, kept = step(doublet, survivor)
            if merged is doublet:
                return doublet, survivor
            outcome = self._write(doublet, merged, session=session), self._write(survivor, kept, session=session)
            sent_on = {"$set": {"merged_into_id": into_id}, "$inc": {"version": 1}}
            self._store.collection.update_many({"merged_into_id": customer_id}, sent_on, session=session)
            return outcome

        with self._store.collection.database.client.start_session() as session:
            return session.with_transaction(both)  # tries again by itself when somebody else was faster

    def set_value(self, tiers: Mapping[str, CustomerTier], *, now: datetime) -> int:
        # The version grows, or a change that read the customer before would write the old tier back.
        updates = [
            UpdateOne(
                {"_id": customer_id, "tier": {"$ne": tier.value}},
                {"$set": {"tier": tier.value, "update_time": now}, "$inc": {"version": 1}},
            )
            for customer_id, tier in tiers.items()
        ]
        return self._store.collection.bulk_write(updates, ordered=False).modified_count if updates else 0

    def by_external_refs(self, external_refs: Sequence[str]) -> Mapping[str, Customer]:
        found = self._store.collection.find({"external_ref": {"$in": list(external_refs)}}, {"outbox": 0})
        return {document["external_ref"]: self._store.codec.to_aggregate(document) for document in found}

    def add_many(self, customers: Sequence[Customer]) -> set[str]:
        return {customer.external_ref for customer in self._store.add_many(customers)}

    def change_many(self, changes: Sequence[tuple[Customer, Customer]]) -> set[str]:
        return {customer.external_ref for customer in self._store.change_many(changes)}

    def _read(self, customer_id: str, session: ClientSession) -> Customer:
        found = self._store.collection.find_one({"_id": customer_id}, session=session)
        if found is None:
            raise NotFound("customer", customer_id)
        return self._store.codec.to_aggregate(found)

    def _write(self, old: Customer, new: Customer, *, session: ClientSession) -> Customer:
        stored = replace(new, version=old.version + 1)
        document = self._store.new_document(stored)
        state = {field: value for field, value in document.items() if field not in _BESIDE_STATE}
        update = {"$set": state, "$push": {"outbox": {"$each": document["outbox"]}}}
        self._store.collection.update_one({"_id": old.id, "version": old.version}, update, session=session)
        return stored


def _refusal(error: DuplicateKey, external_ref: str) -> Exception:
    if "external_ref" in error.fields:
        return CustomerExternalRefTaken(external_ref)
    return InvalidField("request_id", "request_id was used for another customer.")
