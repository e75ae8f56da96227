"""Credits for WeChat's subscription messages: one authorisation of a member is one message, and none is spent twice."""

from typing import Any

from mongoengine import Document, IntField, ListField, StringField
from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError

from services.care.ports.credits import CreditBalance
from services.care.store.members.members import MemberDocument
from services.chassis.mongo import collection_of

REMEMBERED_KEYS = 200
"""Keys of grants and messages that a repeat is told by."""


class WechatCreditDocument(Document):
    """What one member has left for one template."""

    id = StringField(primary_key=True)
    member_id = StringField()
    template_id = StringField()
    left = IntField()
    seen = ListField(StringField())

    meta = {
        "db_alias": "care",
        "collection": "wechat_credits",
        "auto_create_index": False,
        "indexes": [{"fields": ["member_id", "template_id"], "name": "of_member", "cls": False}],
    }


class MongoWechatCredits:
    """Every change is one conditional write: the balance is never negative, whoever writes at the same time."""

    def grant(self, member_id: str, template_id: str, *, count: int, key: str) -> int:
        payee = _person(member_id)
        if collection_of(MemberDocument).find_one({"_id": payee, "erased_time": {"$ne": None}}, {"_id": 1}):
            return 0  # nothing is kept of who was forgotten
        change = {
            "$inc": {"left": count},
            "$set": {"member_id": payee, "template_id": template_id},
            "$push": {"seen": {"$each": [key], "$slice": -REMEMBERED_KEYS}},
        }
        one = credit_id(payee, template_id)
        try:
            _credits().update_one({"_id": one, "seen": {"$ne": key}}, change, upsert=True)
        except DuplicateKeyError:
            # The grant was heard before, or somebody has just made the document: then it is there to be changed.
            _credits().update_one({"_id": one, "seen": {"$ne": key}}, change)
        found = _credits().find_one({"_id": one}, {"left": 1})
        return int(found["left"]) if found else 0

    def spend(self, member_id: str, template_id: str, *, key: str) -> bool:
        spent = _credits().update_one(
            {"_id": credit_id(member_id, template_id), "left": {"$gt": 0}, "seen": {"$ne": key}},
            {"$inc": {"left": -1}, "$push": {"seen": {"$each": [key], "$slice": -REMEMBERED_KEYS}}},
        )
        return spent.modified_count == 1

    def give_back(self, member_id: str, template_id: str, *, key: str) -> None:
        _credits().update_one(
            {"_id": credit_id(member_id, template_id), "seen": key}, {"$inc": {"left": 1}, "$pull": {"seen": key}}
        )

    def forfeit(self, member_id: str, template_id: str, *, key: str) -> None:
        _credits().update_one(
            {"_id": credit_id(member_id, template_id), "seen": {"$ne": key}},
            {"$set": {"left": 0}, "$push": {"seen": {"$each": [key], "$slice": -REMEMBERED_KEYS}}},
        )

    def of_member(self, member_id: str) -> list[CreditBalance]:
        found = _credits().find({"member_id": _person(member_id)}).sort("template_id", 1)
        return [CreditBalance(each["template_id"], each["left"]) for each in found]


def credit_id(member_id: str, template_id: str) -> str:
    """Return under which id the balance of a member for a template stands."""
    return f"{member_id}/{template_id}"


def _person(member_id: str) -> str:
    """Return the member, or whom it was merged into."""
    found = collection_of(MemberDocument).find_one({"_id": member_id}, {"merged_into_id": 1}) or {}
    return str(found.get("merged_into_id") or member_id)


def _credits() -> Collection[dict[str, Any]]:
    return collection_of(WechatCreditDocument)
