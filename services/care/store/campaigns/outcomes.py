"""What the variants of a campaign came to, and one member as the words see them: read side by side with the ledger."""

from collections.abc import Mapping
from typing import Any

from services.care.domain.campaigns.plan import Goal
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.touch import TouchState
from services.care.ports.campaigns import VariantCount
from services.care.store.members.members import MemberDocument
from services.care.store.sending.recipients import RECIPIENT_FIELDS, is_gone, recipient_of
from services.care.store.sending.touches import touches
from services.chassis.errors import NotFound
from services.chassis.mongo import collection_of

_ARRIVED = [TouchState.SENT.value, TouchState.DELIVERED.value]
_DAY_MS = 86_400_000


class MongoVariantOutcomes:
    """Counts in the database; what a member did is looked up by the member's id."""

    def count(self, campaign_id: str, goal: Goal) -> Mapping[str, VariantCount]:
        reached = {
            "$anyElementTrue": {
                "$map": {"input": "$acts", "as": "act", "in": {"$anyElementTrue": [_soon_after(goal.window_days)]}}
            }
        }
        found = touches().aggregate(
            [
                {"$match": {"campaign_id": campaign_id, "state": {"$in": _ARRIVED}}},
                {
                    "$group": {
                        "_id": {"variant": {"$ifNull": ["$variant", ""]}, "member": "$member_id"},
                        "moments": {"$push": "$due_at"},
                    }
                },
                {
                    "$lookup": {
                        "from": "members",
                        "localField": "_id.member",
                        "foreignField": "_id",
                        "pipeline": [{"$project": {"_id": 0, "acts": f"$acts.{goal.act}"}}],
                        "as": "member",
                    }
                },
                {"$set": {"acts": {"$ifNull": [{"$first": "$member.acts"}, []]}}},
                {
                    "$group": {
                        "_id": "$_id.variant",
                        "sent": {"$sum": 1},
                        "converted": {"$sum": {"$cond": [reached, 1, 0]}},
                    }
                },
            ]
        )
        return {each["_id"]: VariantCount(each["sent"], each["converted"]) for each in found}


def _soon_after(window_days: int) -> dict[str, Any]:
    """Return whether the act follows one of the member's messages within so many days of 24 hours.

    A message counts from when it was due, as in the results of campaigns: what a provider tells later moves nothing.
    """
    since = {"$subtract": ["$$act", "$$moment"]}
    within = {"$and": [{"$gte": [since, 0]}, {"$lte": [since, window_days * _DAY_MS]}]}
    return {"$map": {"input": "$moments", "as": "moment", "in": within}}


class MongoRecipients:
    """Reads one member."""

    def get(self, member_id: str) -> Recipient:
        found = collection_of(MemberDocument).find_one({"_id": member_id}, RECIPIENT_FIELDS)
        if found is None or is_gone(found):
            raise NotFound("member", member_id)
        return recipient_of(found)
