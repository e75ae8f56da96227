"""Members as the planner reads them: by the index of birthdays, three fields each, nobody who is not due."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from services.care.ports.planning import DueMember
from services.care.store.members.members import MemberDocument
from services.chassis.mongo import collection_of

_PAGE = 1_000


class MongoDueMembers:
    """Reads by `birthday_key`."""

    def due(self, keys: Sequence[int], *, changed_since: datetime | None) -> Iterator[DueMember]:
        """Yield who has one of these birthdays; with `changed_since` only those changed after it."""
        where: dict[str, Any] = {"birthday_key": {"$in": list(keys)}}
        if changed_since:
            where["update_time"] = {"$gt": changed_since}
        fields = {"time_zone": 1, "birthday_key": 1}
        for found in collection_of(MemberDocument).find(where, fields, batch_size=_PAGE):
            yield DueMember(found["_id"], found.get("time_zone") or "", found["birthday_key"])
