"""What stands on a segment: the campaigns that are not over, with every version and journey step of theirs."""

from typing import Any

from services.care.domain.campaigns.campaign import CampaignState
from services.care.domain.segments.segment import SegmentUse
from services.care.store.campaigns.campaigns import CampaignDocument
from services.chassis.mongo import collection_of

_OVER = [CampaignState.FINISHED.value, CampaignState.ARCHIVED.value]


class MongoSegmentUses:
    """Looks through whole campaigns, which are few: versions, exclusions and branches all may name a segment."""

    def of(self, segment_id: str) -> list[SegmentUse]:
        unfinished = collection_of(CampaignDocument).find({"state": {"$nin": _OVER}}, {"outbox": 0}).sort("_id", 1)
        return [SegmentUse("campaign", each["_id"], each["name"]) for each in unfinished if _names(each, segment_id)]


def _names(value: Any, segment_id: str) -> bool:
    if isinstance(value, dict):
        return any(_names(each, segment_id) for each in value.values())
    if isinstance(value, list):
        return any(_names(each, segment_id) for each in value)
    return bool(value == segment_id)
