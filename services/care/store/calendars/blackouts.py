"""Blackouts in MongoDB."""

from collections.abc import Callable, Sequence
from typing import Any

from mongoengine import BooleanField, DateTimeField, DictField, ListField, StringField

from services.care.domain.calendars.blackout import Blackout
from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField, StaleVersion
from services.chassis.paging import Page


class BlackoutDocument(AggregateDocument):
    """A blackout."""

    name_en = StringField(required=True)
    name_zh = StringField(required=True)
    days = DictField(required=True)
    purposes = ListField(StringField())
    cheerful_only = BooleanField()
    behaviour = StringField(required=True)
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": "care",
        "collection": "blackouts",
        "auto_create_index": False,
        "indexes": [*aggregate_indexes()],
    }


class MongoBlackouts:
    """The blackouts on record."""

    def __init__(self, clock: Clock) -> None:
        self._store = AggregateStore.of(BlackoutDocument, Blackout, noun="blackout", source="care", clock=clock)

    def add(self, blackout: Blackout, *, request_key: str) -> Blackout:
        return self._store.add(blackout, request_key)

    def batch_get(self, blackout_ids: Sequence[str]) -> Sequence[Blackout]:
        return self._store.batch_get(blackout_ids)

    def page(self, *, size: int, after: str) -> Page[Blackout]:
        return self._store.page({}, size=size, after=after)

    def change(
        self, blackout_id: str, step: Callable[[Blackout], Blackout], *, etag: str, request_key: str
    ) -> Blackout:
        try:
            return self._store.change(blackout_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another blackout.") from error

    def remove(self, blackout_id: str, *, etag: str) -> None:
        where: dict[str, Any] = {"_id": blackout_id}
        while (stored := self._store.find({"_id": blackout_id})) is not None:
            if etag not in {"", str(stored.version)}:
                raise StaleVersion("blackout", blackout_id)
            self._store.collection.delete_one(where | ({"version": stored.version} if etag else {}))

    def everything(self) -> list[Blackout]:
        """Return all."""
        found = self._store.collection.find({}, {"outbox": 0}).sort("_id", 1)
        return [self._store.codec.to_aggregate(each) for each in found]
