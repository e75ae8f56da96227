"""Members as journeys see them: a projection of a few fields."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.care.domain.journeys.run import RunReason
from services.care.ports.journeys import Traveller
from services.care.store.members.members import MemberDocument
from services.chassis.mongo import collection_of

_FIELDS = dict.fromkeys(("time_zone", "owner_id", "do_not_contact", "acts", "merged_into_id", "erased_time"), 1)


class MongoTravellers:
    """Reads `members`."""

    def read(self, member_ids: Sequence[str]) -> Mapping[str, Traveller]:
        found = collection_of(MemberDocument).find({"_id": {"$in": list(member_ids)}}, _FIELDS)
        return {each["_id"]: _traveller(each) for each in found}


def _traveller(found: dict[str, Any]) -> Traveller:
    gone = RunReason.MEMBER_MERGED if found.get("merged_into_id") else None
    return Traveller(
        time_zone=found.get("time_zone") or "",
        owner_id=found.get("owner_id") or "",
        do_not_contact=bool(found.get("do_not_contact")),
        acts=found.get("acts") or {},
        gone=RunReason.MEMBER_GONE if found.get("erased_time") else gone,
    )
