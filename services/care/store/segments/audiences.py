"""Who is in a segment: its tree, compiled to one query over `members`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.care.domain.segments.segment import SegmentArchived, prepared
from services.care.domain.segments.windows import Today
from services.care.ports.segments import Segments
from services.care.store.members.members import MemberDocument
from services.care.store.segments.compiler import audience_query
from services.chassis.errors import NotFound
from services.chassis.mongo import collection_of


@dataclass(frozen=True, slots=True)
class MongoAudiences:
    """Answers campaigns and journeys."""

    segments: Segments
    time_zone: str
    """The company's, in which rules count days."""

    def require(self, segment_ids: Sequence[str], *, field: str) -> None:
        found = {segment.id: segment for segment in self.segments.batch_get(segment_ids)}
        for segment_id in segment_ids:
            if segment_id not in found:
                raise NotFound("segment", segment_id, field=field)
            if found[segment_id].archived:
                raise SegmentArchived(segment_id, field=field)

    def filter(self, segment_id: str, now: datetime) -> dict[str, Any]:
        segment = self.segments.get(segment_id)
        today = Today(now, self.time_zone)
        asked, _ = prepared(segment.rule, self.segments.batch_get, of=segment_id, today=today)
        return audience_query(segment.rule, asked)

    def among(self, segment_id: str, member_ids: Sequence[str], *, now: datetime) -> frozenset[str]:
        query = {"_id": {"$in": list(member_ids)}, **self.filter(segment_id, now)}
        return frozenset(found["_id"] for found in collection_of(MemberDocument).find(query, {"_id": 1}))
