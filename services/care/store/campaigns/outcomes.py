"""What the variants of a campaign came to, and one member as the words see them: read side by side with the ledger."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime

from services.care.domain.campaigns.plan import Goal
from services.care.domain.sending.recipient import Recipient
from services.care.domain.sending.touch import TouchState
from services.care.ports.campaigns import VariantCount
from services.care.store.members.members import MemberDocument
from services.care.store.results.followed import followed
from services.care.store.sending.recipients import RECIPIENT_FIELDS, is_gone, recipient_of
from services.chassis.errors import NotFound
from services.chassis.mongo import collection_of

_ARRIVED = [TouchState.SENT.value, TouchState.DELIVERED.value]


class MongoVariantOutcomes:
    """A message counts from when it was due, as in the results of campaigns: what is told later moves nothing."""

    def count(self, campaign_id: str, goal: Goal) -> Mapping[str, VariantCount]:
        sent, converted = Counter[str](), Counter[str]()
        arrived = {"campaign_id": campaign_id, "state": {"$in": _ARRIVED}}
        for messages, acts in followed(arrived, act=goal.act, fields=("variant",)):
            moments = defaultdict[str, list[datetime]](list)
            for each in messages:
                moments[each.get("variant") or ""].append(each["due_at"])
            sent.update(moments.keys())
            converted.update(name for name, after in moments.items() if goal.is_reached(acts, after=after))
        return {name: VariantCount(count, converted[name]) for name, count in sent.items()}


class MongoRecipients:
    """Reads one member."""

    def get(self, member_id: str) -> Recipient:
        found = collection_of(MemberDocument).find_one({"_id": member_id}, RECIPIENT_FIELDS)
        if found is None or is_gone(found):
            raise NotFound("member", member_id)
        return recipient_of(found)
