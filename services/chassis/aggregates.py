"""Aggregates in MongoDB: one document each; state, version, new events and request id in one conditional write."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from mongoengine import DictField, Document, ListField, LongField, StringField
from pymongo import UpdateOne
from pymongo.collection import Collection
from pymongo.errors import BulkWriteError, DuplicateKeyError

from services.chassis import logs
from services.chassis.clock import Clock
from services.chassis.codec import Codec, codec_of
from services.chassis.errors import NotFound, StaleVersion
from services.chassis.mongo import collection_of
from services.chassis.outbox import pending
from services.chassis.paging import Page

_MOST_RACES = 50
"""A change without an etag is tried again this often when somebody else was faster."""
_REMEMBERED_REQUESTS = 32
"""A document remembers this many request ids; far more than a caller repeats."""
_BOOKKEEPING = frozenset({"_id", "version", "outbox", "request_ids"})
_DUPLICATE_KEY = 11000


class AggregateRoot(Protocol):
    """What an aggregate must have: a frozen dataclass with these fields."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def events(self) -> tuple[object, ...]: ...


Root = TypeVar("Root", bound=AggregateRoot)


class DuplicateKey(Exception):
    """A unique index refused the write; `fields` says which. The store translates it into its own refusal."""

    def __init__(self, fields: tuple[str, ...]) -> None:
        """Name the fields of the index."""
        super().__init__(f"duplicate {fields}")
        self.fields = fields


class AggregateDocument(Document):
    """The fields that every aggregate's document has beside its own."""

    meta: ClassVar[dict[str, Any]] = {"abstract": True}

    id = StringField(primary_key=True)
    version = LongField(required=True)
    outbox = ListField(DictField())
    request_ids = ListField(StringField())


def aggregate_indexes() -> list[dict[str, Any]]:
    """Return the indexes behind the outbox and repeated requests, for `meta["indexes"]` of each document."""
    return [
        {
            "fields": ["outbox.id"],
            "name": "outbox",
            "cls": False,
            "partialFilterExpression": {"outbox.id": {"$gt": ""}},
        },
        {
            "fields": ["request_ids"],
            "name": "request_ids",
            "unique": True,
            "cls": False,
            "partialFilterExpression": {"request_ids": {"$gt": ""}},
        },
    ]


def unique_when_set(field: str) -> dict[str, Any]:
    """Return an index that keeps a text unique among the documents where it is not empty."""
    return {
        "fields": [field],
        "name": f"{field}_unique",
        "unique": True,
        "cls": False,
        "partialFilterExpression": {field: {"$gt": ""}},
    }


@dataclasses.dataclass(frozen=True, slots=True)
class AggregateStore(Generic[Root]):
    """Reads and writes one kind of aggregate."""

    document: type[AggregateDocument]
    codec: Codec[Root]
    noun: str
    source: str
    clock: Clock

    @classmethod
    def of(
        cls, document: type[AggregateDocument], aggregate: type[Root], *, noun: str, source: str, clock: Clock
    ) -> Self:
        """Build the store of one aggregate class; `noun` names it in refusals, `source` is the service's name."""
        return cls(document, codec_of(aggregate), noun, source, clock)

    @property
    def collection(self) -> Collection[dict[str, Any]]:
        """Return the collection, for reads that this class does not offer and for bulk writes."""
        return collection_of(self.document)

    def new_document(self, aggregate: Root, request_id: str = "") -> dict[str, Any]:
        """Return what `add` stores; bulk writers insert these themselves."""
        document = self.codec.to_document(aggregate)
        document["outbox"] = self._pending(aggregate)
        document["request_ids"] = [request_id] if request_id else []
        return document

    def add(self, aggregate: Root, request_id: str = "") -> Root:
        """Store a new aggregate with its events; a repeated request id returns what the first one stored."""
        try:
            self.collection.insert_one(self.new_document(aggregate, request_id))
        except DuplicateKeyError as error:
            return self._first_of(request_id, error)
        return aggregate

    def get(self, key: str) -> Root:
        """Return the aggregate, or refuse with `<NOUN>_NOT_FOUND`."""
        return self._to_aggregate(key, self.collection.find_one({"_id": key}))

    def find(self, query: Mapping[str, Any]) -> Root | None:
        """Return one that matches, or None."""
        found = self.collection.find_one(query)
        return None if found is None else self.codec.to_aggregate(found)

    def batch_get(self, keys: Sequence[str]) -> list[Root]:
        """Return those that exist, in no promised order."""
        return [self.codec.to_aggregate(found) for found in self.collection.find({"_id": {"$in": list(keys)}})]

    def page(self, query: Mapping[str, Any], *, size: int, after: str = "") -> Page[Root]:
        """Return one page in the order of ids, beginning after the id given."""
        where = {**query, "_id": {"$gt": after}} if after else dict(query)
        found = list(self.collection.find(where, {"outbox": 0}).sort("_id", 1).limit(size + 1))
        items = tuple(self.codec.to_aggregate(each) for each in found[:size])
        return Page(items, items[-1].id if len(found) > size else "")

    def top_by(
        self,
        field: str,
        keys: Sequence[str],
        *,
        limit: int,
        newest_first: bool = True,
        where: Mapping[str, Any] | None = None,
    ) -> dict[str, list[Root]]:
        """Return at most `limit` aggregates for each value of a field, in one read; a value without any is left out.

        With `where` only of those that match it.
        """
        groups = self.collection.aggregate(
            [
                {"$match": {**(where or {}), field: {"$in": list(keys)}}},
                {"$sort": {field: 1, "_id": -1 if newest_first else 1}},
                {"$unset": "outbox"},
                {"$group": {"_id": f"${field}", "items": {"$firstN": {"n": limit, "input": "$$ROOT"}}}},
            ]
        )
        return {group["_id"]: [self.codec.to_aggregate(item) for item in group["items"]] for group in groups}

    def change(self, key: str, step: Callable[[Root], Root], *, etag: str = "", request_id: str = "") -> Root:
        """Apply one step of the domain and store what it returns with its events, in one conditional write.

        A repeated request id returns the state as it is, without a second step. A step that returns its argument
        writes nothing. Refuses with `<NOUN>_NOT_FOUND`, STALE_VERSION (a set etag that is not the version stored) and
        whatever the step refuses. After a lost race all is asked again of the newer state: this request may
        have been the faster one, too.
        """
        for _ in range(_MOST_RACES):
            found = self.collection.find_one({"_id": key})
            old = self._to_aggregate(key, found)
            if request_id and found and request_id in (found.get("request_ids") or ()):
                return old
            if etag and etag != str(old.version):
                raise StaleVersion(self.noun, key)
            new = step(old)
            if new is old:
                return old
            if stored := self._replace(old, new, request_id=request_id):
                return stored
        raise StaleVersion(self.noun, key)

    def change_only(self, start: Root, step: Callable[[Root], Root], *, etag: str = "", request_id: str = "") -> Root:
        """Change the only aggregate of its kind, which is `start` as long as nobody has changed it.

        Refuses as `change` does, and nothing is stored that the step refuses.
        """
        if self.collection.find_one({"_id": start.id}, {"_id": 1}) is None:
            if etag not in {"", str(start.version)}:
                raise StaleVersion(self.noun, start.id)
            step(start)
            with suppress(DuplicateKey):  # somebody else begins just now
                self.add(start)
        return self.change(start.id, step, etag=etag, request_id=request_id)

    def add_many(self, aggregates: Sequence[Root]) -> list[Root]:
        """Store new aggregates with their events in one bulk write; return those that a unique index refused."""
        if not aggregates:
            return []
        documents = [self.new_document(aggregate) for aggregate in aggregates]
        try:
            self.collection.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            return [aggregates[place] for place in _refused(error)]
        return []

    def change_many(self, changes: Sequence[tuple[Root, Root]]) -> list[Root]:
        """Store each pair's second in place of its first, on the condition that nobody changed it meanwhile.

        Returns the seconds that are not stored: they lost a race, or a unique index refused them.
        """
        if not changes:
            return []
        try:
            written = self.collection.bulk_write([self._update(old, new) for old, new in changes], ordered=False)
        except BulkWriteError as error:
            _refused(error)
        else:
            if written.matched_count == len(changes):
                return []
        stored = {
            found["_id"]: found for found in self.collection.find({"_id": {"$in": [old.id for old, _ in changes]}})
        }
        return [new for _, new in changes if not _holds(stored.get(new.id, {}), _state(self.codec.to_document(new)))]

    def _update(self, old: Root, new: Root) -> UpdateOne:
        update: dict[str, Any] = {"$set": self.codec.to_changes(old, new) | {"version": old.version + 1}}
        if events := self._pending(new):
            update["$push"] = {"outbox": {"$each": events}}
        return UpdateOne({"_id": old.id, "version": old.version}, update)

    def _replace(self, old: Root, new: Root, *, request_id: str) -> Root | None:
        stored = dataclasses.replace(new, version=old.version + 1)
        state = self.codec.to_document(stored)
        state.pop("_id")
        update: dict[str, Any] = {"$set": state}
        pushed: dict[str, Any] = {}
        if events := self._pending(stored):
            pushed["outbox"] = {"$each": events}
        if request_id:
            pushed["request_ids"] = {"$each": [request_id], "$slice": -_REMEMBERED_REQUESTS}
        if pushed:
            update["$push"] = pushed
        try:
            written = self.collection.update_one({"_id": old.id, "version": old.version}, update)
        except DuplicateKeyError as error:
            raise DuplicateKey(_fields(error)) from error
        return stored if written.matched_count else None

    def _pending(self, aggregate: Root) -> list[dict[str, Any]]:
        now, trace = self.clock.now(), logs.request_id.get()
        return [pending(event, source=self.source, now=now, trace=trace) for event in aggregate.events]

    def _first_of(self, request_id: str, error: DuplicateKeyError) -> Root:
        first = self.find({"request_ids": request_id}) if request_id else None
        if first is None:
            raise DuplicateKey(_fields(error)) from error
        return first

    def _to_aggregate(self, key: str, found: dict[str, Any] | None) -> Root:
        if found is None:
            raise NotFound(self.noun, key)
        return self.codec.to_aggregate(found)


def _state(document: Mapping[str, Any]) -> dict[str, Any]:
    """What was to be said, without what a race, a relay or a repeated request changes beside it."""
    return {field: value for field, value in document.items() if field not in _BOOKKEEPING}


def _holds(stored: Mapping[str, Any], state: Mapping[str, Any]) -> bool:
    return all(field in stored and stored[field] == value for field, value in state.items())


def _refused(error: BulkWriteError) -> list[int]:
    """Return the places that a unique index refused; whatever else went wrong is raised again."""
    told = error.details or {}
    failures = told.get("writeErrors", [])
    if told.get("writeConcernErrors") or any(failure["code"] != _DUPLICATE_KEY for failure in failures):
        raise error
    return [failure["index"] for failure in failures]


def _fields(error: DuplicateKeyError) -> tuple[str, ...]:
    return tuple((error.details or {}).get("keyPattern", {}))
