"""Aggregates that must change at once: one MongoDB transaction over several conditional writes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from services.chassis.aggregates import AggregateRoot, AggregateStore, DuplicateKey
from services.chassis.errors import NotFound, StaleVersion

Root = TypeVar("Root", bound=AggregateRoot)

_MOST_RACES = 100
"""A change without an etag is tried again this often when somebody else was faster."""
_REMEMBERED_REQUESTS = 32


class _LostRace(Exception):
    """An aggregate is no longer the one that was read: nothing of the transaction is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One aggregate of a transaction: `new` in place of `old`, or `new` where there was none."""

    store: AggregateStore[Any]
    new: Any
    old: Any = None
    request_key: str = ""

    def within(self, session: ClientSession) -> Any:
        """Write as part of the transaction; return what is stored."""
        if self.old is None:
            self.store.collection.insert_one(self.store.new_document(self.new, self.request_key), session=session)
            return self.new
        stored = replace(self.new, version=self.old.version + 1)
        state = self.store.new_document(stored)
        key, events = state.pop("_id"), state.pop("outbox")
        del state["request_ids"]
        requests = {"$each": [self.request_key] if self.request_key else [], "$slice": -_REMEMBERED_REQUESTS}
        written = self.store.collection.update_one(
            {"_id": key, "version": self.old.version},
            {"$set": state, "$push": {"outbox": {"$each": events}, "request_ids": requests}},
            session=session,
        )
        if not written.matched_count:
            raise _LostRace
        return stored


def change_together(
    store: AggregateStore[Root], key: str, *, plan: Callable[[Root], Sequence[Write]], etag: str, request_key: str
) -> Root:
    """Store what `plan` makes of one aggregate, and all that goes with it, or nothing; return that aggregate.

    The first write of a plan is the aggregate itself. Repeats, etags and lost races are as in `AggregateStore.change`;
    raises DuplicateKey where a unique index refuses a write.
    """
    for _ in range(_MOST_RACES):
        found = store.collection.find_one({"_id": key})
        if found is None:
            raise NotFound(store.noun, key)
        old = store.codec.to_aggregate(found)
        if request_key and request_key in found["request_ids"]:
            return old
        if etag and etag != str(old.version):
            break
        try:
            stored: Root = _write(plan(old))[0]
        except _LostRace:
            continue
        return stored
    raise StaleVersion(store.noun, key)


def _write(writes: Sequence[Write]) -> list[Any]:
    client = writes[0].store.collection.database.client
    try:
        with client.start_session() as session:
            return session.with_transaction(lambda inside: [write.within(inside) for write in writes])
    except DuplicateKeyError as error:
        raise DuplicateKey(tuple((error.details or {}).get("keyPattern", {}))) from error
