"""Recent contacts, rivals and budgets as a dry run looks at them: by the queries of the dispatcher, without a claim."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.care.domain.campaigns.budget import Budget
from services.care.domain.sending.caps import KEPT, Contact
from services.care.domain.sending.spending import Spent
from services.care.domain.sending.touch import Touch
from services.care.store.members.members import MemberDocument
from services.care.store.sending.contacts import (
    BudgetDocument,
    ContactDocument,
    by_member,
    contacts_of,
    other_open,
    spent_of,
    took_place,
)
from services.care.store.sending.recipients import doublets_of, with_doublets
from services.care.store.sending.touches import CODEC, touches
from services.chassis.mongo import collection_of


class MongoContactLooks:
    """Reads once for many members."""

    def contacts(
        self, member_ids: Sequence[str], *, capped_since: datetime, now: datetime
    ) -> Mapping[str, Sequence[Contact]]:
        current = {"_id": {"$in": list(member_ids)}, "capped_since": capped_since}
        since = now - KEPT
        kept = {each["_id"]: contacts_of(each, since=since) for each in collection_of(ContactDocument).find(current)}
        others = [each for each in member_ids if each not in kept]
        doublets = doublets_of(collection_of(MemberDocument).find(*with_doublets(others)))
        found = touches().find(*took_place([*others, *doublets], since=since))
        return by_member(found, doublets=doublets) | kept

    def rivals(self, touches_: Sequence[Touch], *, before: datetime) -> Sequence[Touch]:
        return [CODEC.to_aggregate(each) for each in touches().find(other_open(touches_, before=before))]

    def spent(self, campaign_id: str, budget: Budget) -> Spent:
        return spent_of(collection_of(BudgetDocument).find_one({"_id": campaign_id}) or {}, budget)
