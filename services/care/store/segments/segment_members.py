"""Counts and lists the members for whom a rule holds."""

from services.care.domain.segments.evaluate import Asked, Facts
from services.care.domain.segments.rules import MomentField, ProfileField, Rule
from services.care.store.members.members import MemberDocument
from services.care.store.segments.compiler import audience_query
from services.chassis.errors import NotFound
from services.chassis.mongo import collection_of
from services.chassis.paging import Page

_FACTS = [
    *(field.value for field in ProfileField),
    *(field.value for field in MomentField),
    *("do_not_contact", "complaints", "cheerless_until", "birthday", "birthday_key", "consents", "tags", "tier"),
    *("points", "attributes", "acts", "answers", "contracts", "customer_value", "merged_into_id", "erased_time"),
]
"""Everything that rules ask about."""


class MongoSegmentMembers:
    """Asks the database by the compiled rule."""

    def count(self, rule: Rule, asked: Asked) -> int:
        return collection_of(MemberDocument).count_documents(audience_query(rule, asked))

    def page(self, rule: Rule, asked: Asked, *, size: int, after: str) -> Page[str]:
        query = audience_query(rule, asked)
        if after:
            query["_id"] = {"$gt": after}
        found = collection_of(MemberDocument).find(query, {"_id": 1}).sort("_id", 1).limit(size + 1)
        ids = tuple(each["_id"] for each in found)
        return Page(ids[:size], ids[size - 1] if len(ids) > size else "")

    def facts(self, member_id: str) -> Facts:
        found = collection_of(MemberDocument).find_one({"_id": member_id}, _FACTS)
        if found is None:
            raise NotFound.of("member", member_id)
        return found
