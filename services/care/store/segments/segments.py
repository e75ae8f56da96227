"""Segments in MongoDB, and what stands on them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mongoengine import BooleanField, DateTimeField, DictField, ListField, StringField

from services.care.domain.segments.rules import Rule, segments_in
from services.care.domain.segments.segment import Segment
from services.care.ports.segments import SegmentFilter
from services.chassis.aggregates import AggregateDocument, AggregateStore, DuplicateKey, aggregate_indexes
from services.chassis.clock import Clock
from services.chassis.codec import Codec
from services.chassis.errors import InvalidField
from services.chassis.paging import Page

_LAST_LETTER = "\U0010ffff"  # sorts after every text that begins alike


class SegmentDocument(AggregateDocument):
    """A segment; `names` repeats the segments that its tree names, for the index."""

    name = StringField()
    description = StringField()
    rule = DictField()
    names = ListField(StringField())
    author = StringField()
    created_at = DateTimeField()
    updated_at = DateTimeField()
    archived = BooleanField()

    meta = {
        "db_alias": "care",
        "collection": "segments",
        "auto_create_index": False,
        "indexes": [
            *aggregate_indexes(),
            {"fields": ["name", "id"], "name": "by_name", "cls": False},
            # Who names a segment that somebody wants to archive or change.
            {"fields": ["names"], "name": "by_names", "cls": False},
        ],
    }


class _SegmentCodec(Codec[Segment]):
    def __init__(self) -> None:
        super().__init__(Segment, unions=[Rule])

    def copies(self, aggregate: Segment) -> dict[str, Any]:
        return {"names": sorted(segments_in(aggregate.rule))}


@dataclass(frozen=True, slots=True)
class MongoSegments:
    """Segments as aggregates."""

    store: AggregateStore[Segment]

    @classmethod
    def of(cls, clock: Clock) -> "MongoSegments":
        return cls(AggregateStore(SegmentDocument, _SegmentCodec(), "segment", "care", clock))

    def add(self, segment: Segment, *, request_key: str) -> Segment:
        return _unless_doubled(lambda: self.store.add(segment, request_key))

    def get(self, segment_id: str) -> Segment:
        return self.store.get(segment_id)

    def batch_get(self, segment_ids: Sequence[str]) -> list[Segment]:
        return self.store.batch_get(segment_ids)

    def page(self, match: SegmentFilter, *, size: int, after: str) -> Page[Segment]:
        query: dict[str, Any] = {} if match.include_archived else {"archived": False}
        if match.name_prefix:
            query["name"] = {"$gte": match.name_prefix, "$lt": match.name_prefix + _LAST_LETTER}
        return self.store.page(query, size=size, after=after)

    def change(self, segment_id: str, step: Callable[[Segment], Segment], *, etag: str, request_key: str) -> Segment:
        return _unless_doubled(lambda: self.store.change(segment_id, step, etag=etag, request_id=request_key))

    def naming(self, segment_id: str) -> list[Segment]:
        found = self.store.collection.find({"names": segment_id, "archived": False})
        return [self.store.codec.to_aggregate(each) for each in found]


def _unless_doubled(write: Callable[[], Segment]) -> Segment:
    try:
        return write()
    except DuplicateKey as error:
        raise InvalidField("request_id", "request_id was used for another segment.") from error
