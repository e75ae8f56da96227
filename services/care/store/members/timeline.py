"""Reads what happened between us and a person from the collections that hold it, a page of each."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.care.domain.members.timeline import TOLD_ELSEWHERE, TimelineEntry, TimelineKind
from services.chassis.mongo import handle

_SOURCES: Mapping[TimelineKind, tuple[str, Any]] = {
    TimelineKind.TOUCH: ("touches", "$due_at"),
    TimelineKind.VISIT: ("visits", {"$ifNull": ["$completed_at", "$created_at"]}),
    TimelineKind.POINTS: ("points_entries", "$create_time"),
}
"""By kind the collection, which has an index by member, and the moment that counts."""


class MongoTimelines:
    """Asks each source for no more than a page, and for nothing before the place."""

    def page(self, family: Sequence[str], *, most: int, after: TimelineEntry | None) -> list[TimelineEntry]:
        found = [*self._heard(family, after=after)]
        for kind, (collection, moment) in _SOURCES.items():
            pipeline: list[dict[str, Any]] = [
                {"$match": {"member_id": {"$in": list(family)}}},
                {"$project": {"at": moment}},
                {"$match": _before(kind, after)},
                {"$sort": {"at": -1, "_id": -1}},
                {"$limit": most},
            ]
            rows = handle("care")[collection].aggregate(pipeline)
            found += [TimelineEntry.told(each["at"], kind, ref=each["_id"]) for each in rows]
        return sorted(found, reverse=True)[:most]

    @staticmethod
    def _heard(family: Sequence[str], *, after: TimelineEntry | None) -> set[TimelineEntry]:
        """Return acts; a member keeps the newest 50 of each."""
        found = handle("care")["members"].find({"_id": {"$in": list(family)}}, {"acts": 1})
        acts = (each for member in found for each in (member.get("acts") or {}).items())
        told = (
            TimelineEntry.told(moment, TimelineKind.ACT, ref=name)
            for name, moments in acts
            for moment in moments
            if name not in TOLD_ELSEWHERE
        )
        return {each for each in told if after is None or each < after}


def _before(kind: TimelineKind, after: TimelineEntry | None) -> dict[str, Any]:
    """Return the filter of what stands behind an entry in the order of all kinds."""
    if after is None:
        return {"at": {"$type": "date"}}
    if kind is not after.kind:
        return {"at": {"$lte" if kind < after.kind else "$lt": after.at}}
    return {"$or": [{"at": {"$lt": after.at}}, {"at": after.at, "_id": {"$lt": after.ref}}]}
