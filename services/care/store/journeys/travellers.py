"""Members as journeys see them: as messages see them, and what they did."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.care.domain.journeys.run import RunReason
from services.care.ports.journeys import Traveller
from services.care.store.members.members import MemberDocument
from services.care.store.sending.recipients import RECIPIENT_FIELDS, recipient_of
from services.chassis.mongo import collection_of

_FIELDS = {**RECIPIENT_FIELDS, "acts": 1}


class MongoTravellers:
    """Reads `members`."""

    def read(self, member_ids: Sequence[str]) -> Mapping[str, Traveller]:
        found = collection_of(MemberDocument).find({"_id": {"$in": list(member_ids)}}, _FIELDS)
        return {each["_id"]: _traveller(each) for each in found}


def _traveller(found: dict[str, Any]) -> Traveller:
    gone = RunReason.MEMBER_MERGED if found.get("merged_into_id") else None
    return Traveller(
        recipient=recipient_of(found),
        acts=found.get("acts") or {},
        doublets=tuple(found.get("merged_ids") or ()),
        gone=RunReason.MEMBER_GONE if found.get("erased_time") else gone,
    )
