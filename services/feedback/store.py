"""Cases in MongoDB; documents never leave this module."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mongoengine import BooleanField, DateTimeField, Document, LongField, StringField
from pymongo import ReturnDocument

from services.chassis.aggregates import (
    AggregateDocument,
    AggregateStore,
    DuplicateKey,
    aggregate_indexes,
    unique_when_set,
)
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.mongo import collection_of
from services.chassis.paging import Page
from services.feedback.domain.case import Case
from services.feedback.ports import CaseFilter, Owner

ALIAS = "feedback"


class CaseDocument(AggregateDocument):
    """A case."""

    number = StringField(required=True)
    kind = StringField(required=True)
    severity = StringField(required=True)
    title = StringField(required=True)
    description = StringField()
    state = StringField(required=True)
    source = StringField(required=True)
    source_id = StringField()
    source_event_id = StringField()
    customer_id = StringField()
    member_id = StringField()
    contract_id = StringField()
    assignee_id = StringField()
    due_time = DateTimeField(required=True)
    opened_time = DateTimeField(required=True)
    assigned_time = DateTimeField()
    closed_time = DateTimeField()
    resolution = StringField()
    closed_on_time = BooleanField()

    meta = {
        "db_alias": ALIAS,
        "collection": "cases",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            unique_when_set("number"),
            unique_when_set("source_event_id"),
            # One for each filter of a list; the id behind it keeps the order of pages.
            {"fields": ["state", "_id"], "name": "by_state", "cls": False},
            {"fields": ["kind", "_id"], "name": "by_kind", "cls": False},
            {"fields": ["source", "_id"], "name": "by_source", "cls": False},
            {"fields": ["assignee_id", "_id"], "name": "by_assignee", "cls": False},
            {"fields": ["customer_id", "_id"], "name": "by_customer", "cls": False},
            {"fields": ["member_id", "_id"], "name": "by_member", "cls": False},
        ],
    }


class NumberDocument(Document):
    """The last number given out in a year; the year is the key."""

    year = LongField(primary_key=True)
    last = LongField(required=True)

    meta = {"db_alias": ALIAS, "collection": "case_numbers", "auto_create_index": False}


class MergedCustomerDocument(Document):
    """A customer that was merged, and the one that stays."""

    id = StringField(primary_key=True)
    into_id = StringField(required=True)

    meta = {"db_alias": ALIAS, "collection": "merged_customers", "auto_create_index": False}


class ErasedMemberDocument(Document):
    """A member of whom everything is to be forgotten."""

    id = StringField(primary_key=True)

    meta = {"db_alias": ALIAS, "collection": "erased_members", "auto_create_index": False}


DOCUMENTS = (CaseDocument, NumberDocument, MergedCustomerDocument, ErasedMemberDocument)
OUTBOXES = ("cases",)


class MongoCases:
    """The cases on record."""

    def __init__(self, clock: Clock) -> None:
        """Write through the alias `feedback`."""
        self._store = AggregateStore.of(CaseDocument, Case, noun="case", source=ALIAS, clock=clock)

    def open(self, case: Case, *, request_key: str) -> Case:
        if first := self._opened_before(case, request_key):
            return first
        try:
            return self._store.add(case.numbered(_next_number(case.opened_time.year)), request_key)
        except DuplicateKey:
            # Two deliveries of one event at once: the unique index let one of them through.
            first = self._opened_before(case, request_key)
            if first is None:
                raise
            return first

    def get(self, case_id: str) -> Case:
        return self._store.get(case_id)

    def batch_get(self, case_ids: Sequence[str]) -> Sequence[Case]:
        return self._store.batch_get(case_ids)

    def page(self, match: CaseFilter, *, size: int, after: str) -> Page[Case]:
        query = _set_only(
            state=match.state,
            kind=match.kind,
            assignee_id=match.assignee_id,
            customer_id=match.customer_id,
            member_id=match.member_id,
            source=match.source,
        )
        return self._store.page(query, size=size, after=after)

    def of(self, owner: Owner, owner_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Case]]:
        return self._store.top_by(owner, owner_ids, limit=most)

    def linked_to(self, customer_id: str, *, most: int) -> Sequence[str]:
        found = self._store.collection.find({"customer_id": customer_id}, {"_id": 1}, limit=most)
        return [each["_id"] for each in found]

    def about(self, member_id: str, *, after: str, most: int) -> Sequence[str]:
        where = {"member_id": member_id, "_id": {"$gt": after}}
        return [each["_id"] for each in self._store.collection.find(where, {"_id": 1}).sort("_id", 1).limit(most)]

    def change(self, case_id: str, step: Callable[[Case], Case], *, etag: str, request_key: str) -> Case:
        try:
            return self._store.change(case_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another case.") from error

    def _opened_before(self, case: Case, request_key: str) -> Case | None:
        """Asked first, so that a repeat does not use up a number."""
        if case.source_event_id and (first := self._store.find({"source_event_id": case.source_event_id})):
            return first
        return self._store.find({"request_ids": request_key}) if request_key else None


class MongoMergedCustomers:
    """The merges that feedback has heard of."""

    def heard(self, customer_id: str, *, into_id: str) -> None:
        news = {"$set": {"into_id": into_id}}
        collection_of(MergedCustomerDocument).update_one({"_id": customer_id}, news, upsert=True)

    def survivor_of(self, customer_id: str) -> str:
        seen = {""}
        while customer_id not in seen:
            seen.add(customer_id)
            found = collection_of(MergedCustomerDocument).find_one({"_id": customer_id})
            customer_id = found["into_id"] if found else customer_id
        return customer_id


class MongoErasedMembers:
    """The erasures that feedback has heard of."""

    def heard(self, member_id: str) -> None:
        collection_of(ErasedMemberDocument).update_one({"_id": member_id}, {"$setOnInsert": {}}, upsert=True)

    def holds(self, member_id: str) -> bool:
        return bool(member_id) and collection_of(ErasedMemberDocument).find_one({"_id": member_id}) is not None


def _next_number(year: int) -> int:
    """Return the next number of the year; one that is taken and never stored leaves a gap, which is allowed."""
    numbers = NumberDocument._get_collection()  # noqa: SLF001  # mongoengine's way
    counted: dict[str, int] = numbers.find_one_and_update(
        {"_id": year}, {"$inc": {"last": 1}}, upsert=True, return_document=ReturnDocument.AFTER
    )
    return counted["last"]


def _set_only(**wanted: str | None) -> dict[str, Any]:
    return {field: str(value) for field, value in wanted.items() if value}
