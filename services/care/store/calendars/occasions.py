"""Occasions in MongoDB, beside the built-in ones, which are code."""

from collections.abc import Callable, Sequence

from mongoengine import BooleanField, DateTimeField, DictField, StringField

from services.care.domain.calendars.occasion import BUILT_IN, Occasion, OccasionIsBuiltIn
from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.paging import Page


class OccasionDocument(AggregateDocument):
    """An occasion of the company's own."""

    name_en = StringField(required=True)
    name_zh = StringField(required=True)
    rule = DictField(required=True)
    built_in = BooleanField()
    retired = BooleanField()
    create_time = DateTimeField(required=True)
    update_time = DateTimeField(required=True)

    meta = {
        "db_alias": "care",
        "collection": "occasions",
        "auto_create_index": False,
        "indexes": [*aggregate_indexes()],
    }


class MongoOccasions:
    """The occasions on record."""

    def __init__(self, clock: Clock) -> None:
        self._store = AggregateStore.of(OccasionDocument, Occasion, noun="occasion", source="care", clock=clock)

    def add(self, occasion: Occasion, *, request_key: str) -> Occasion:
        return self._store.add(occasion, request_key)

    def batch_get(self, occasion_ids: Sequence[str]) -> Sequence[Occasion]:
        built_in = [BUILT_IN[key] for key in occasion_ids if key in BUILT_IN]
        return [*built_in, *self._store.batch_get([key for key in occasion_ids if key not in BUILT_IN])]

    def page(self, *, retired: bool, size: int, after: str) -> Page[Occasion]:
        """Two lists in the order of ids, read as one."""
        own = self._store.page({} if retired else {"retired": False}, size=size, after=after)
        built_in = [occasion for occasion in BUILT_IN.values() if occasion.id > after]
        both = sorted((*own.items, *built_in), key=lambda each: each.id)
        more = len(both) > size or bool(own.next_token)
        items = tuple(both[:size])
        return Page(items, items[-1].id if more else "")

    def change(
        self, occasion_id: str, step: Callable[[Occasion], Occasion], *, etag: str, request_key: str
    ) -> Occasion:
        if occasion_id in BUILT_IN:
            raise OccasionIsBuiltIn(occasion_id)
        try:
            return self._store.change(occasion_id, step, etag=etag, request_id=request_key)
        except DuplicateKey as error:
            raise InvalidField("request_id", "request_id was used for another occasion.") from error

    def everything(self) -> dict[str, Occasion]:
        """Return all by id."""
        found = self._store.collection.find({}, {"outbox": 0})
        return BUILT_IN | {each.id: each for each in map(self._store.codec.to_aggregate, found)}
