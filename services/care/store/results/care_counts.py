"""Care of a month, counted from indexes alone."""

from collections.abc import Sequence
from typing import Any

from services.care.domain.results.agenda import TouchCount, VisitCount
from services.care.domain.sending.touch import TouchState
from services.care.domain.visits.kinds import VisitState
from services.care.store.campaigns.campaigns import CampaignDocument
from services.care.store.sending.touches import touches
from services.care.store.visits.visits import VisitDocument
from services.chassis.mongo import collection_of


class MongoCareCounts:
    """Reads keys only, however many messages there are of other months."""

    def touches(self, first: str, last: str) -> Sequence[TouchCount]:
        campaigns = collection_of(CampaignDocument).distinct("_id")
        found = touches().aggregate(touch_counts(campaigns, first, last=last))
        return [
            TouchCount(each["_id"]["d"], each["_id"]["c"], TouchState(each["_id"]["s"]), each["count"])
            for each in found
        ]

    def visits(self, first: str, last: str) -> Sequence[VisitCount]:
        found = collection_of(VisitDocument).aggregate(visit_counts(first, last))
        return [VisitCount(each["_id"]["d"], VisitState(each["_id"]["s"]), each["count"]) for each in found]


def touch_counts(campaign_ids: Sequence[str], first: str, *, last: str) -> list[dict[str, Any]]:
    """Return the pipeline over the index of a campaign's messages."""
    where = {"campaign_id": {"$in": list(campaign_ids)}, "date": {"$gte": first, "$lte": last}}
    key = {"c": "$campaign_id", "d": "$date", "s": "$state"}
    return [{"$match": where}, {"$group": {"_id": key, "count": {"$sum": 1}}}]


def visit_counts(first: str, last: str) -> list[dict[str, Any]]:
    """Return the pipeline over the index of due date and state."""
    where = {"due_date": {"$gte": first, "$lte": last}}
    return [{"$match": where}, {"$group": {"_id": {"d": "$due_date", "s": "$state"}, "count": {"$sum": 1}}}]
