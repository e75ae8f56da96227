"""What members did, told and hold, in their own documents: every write is one update that bears a repeat."""

from collections.abc import Mapping, Sequence
from typing import Any

from pymongo.collection import Collection

from services.care.domain.segments.facts import (
    MOST_KEPT,
    NO_SIGN_OF_LIFE,
    Act,
    Answer,
    HeldContract,
    HeldValue,
    HeldWarranty,
)
from services.care.ports.segments import Changed
from services.care.store.members.members import MemberDocument
from services.chassis.codec import Codec
from services.chassis.mongo import collection_of

REMEMBERED_EVENTS = 200
"""A member remembers so many events; an older one that is said again would count again."""
_HELD, _WARRANTY, _VALUE = Codec(HeldContract), Codec(HeldWarranty), Codec(HeldValue)
_THERE: Mapping[str, Any] = {"erased_time": None}
"""Nothing is noted any more of who was forgotten, also as one of a customer."""
_NOT_MERGED: Mapping[str, Any] = {"merged_into_id": {"$in": ["", None]}}
_CUSTOMERS = ["$customer_value.customer_id", "$customer_id"]


class MongoMemberFacts:
    """Acts, answers and contracts of members."""

    def did(self, act: Act, *, member_id: str) -> None:
        self._note_with(member_id, _done(act), event=_name(act))

    def known(self, member_ids: Sequence[str]) -> frozenset[str]:
        where = {"_id": {"$in": list(member_ids)}, "erased_time": None}
        return frozenset(each["_id"] for each in self._members.find(where, {"_id": 1}))

    def customer_did(self, act: Act, *, customer_id: str) -> None:
        self._note({"customer_id": customer_id}, _done(act), event=_name(act))

    def answered(self, answer: Answer, *, member_id: str) -> None:
        entry = {"survey": answer.survey, "score": answer.score, "at": answer.at}
        push = {"answers": {"$each": [entry], "$sort": {"at": -1}, "$slice": MOST_KEPT}}
        self._note_with(member_id, {"$push": push}, event=f"{answer.event_id}/answer")

    def hold(self, contract: HeldContract) -> None:
        told = _HELD.to_document(contract)
        held = _placed({"id": told.pop("_id"), **told}, _OWN)
        heard = {"$cond": [{"$eq": [held, "$contracts"]}, "$heard_time", "$$NOW"]}
        change = {"$set": {"contracts": held, "heard_time": heard}}
        self._members.update_many({"customer_id": contract.customer_id, **_THERE}, [change])

    def warrant(self, warranty: HeldWarranty) -> None:
        told = _WARRANTY.to_document(warranty)
        held = _placed({"id": told.pop("_id"), **told}, _OWN_WARRANTIES)
        heard = {"$cond": [{"$eq": [held, "$warranties"]}, "$heard_time", "$$NOW"]}
        change = {"$set": {"warranties": held, "heard_time": heard}}
        self._members.update_many({"customer_id": warranty.customer_id, **_THERE}, [change])

    def appraise(self, value: HeldValue) -> None:
        told = _VALUE.to_document(value)
        worth = {"customer_id": told.pop("_id"), **told}
        newer = {
            "$and": [
                {"$eq": ["$customer_value.customer_id", value.id]},
                {"$gte": ["$customer_value.seq", value.seq]},
            ]
        }
        change = {
            "customer_value": {"$cond": [newer, "$customer_value", {"$literal": worth}]},
            "heard_time": {"$cond": [newer, "$heard_time", "$$NOW"]},
        }
        self._members.update_many({"customer_id": value.id, **_THERE}, [{"$set": change}])

    def changed_since(self, since: Changed, *, most: int) -> Sequence[Changed]:
        later = {
            "$or": [{"update_time": {"$gt": since.at}}, {"update_time": since.at, "_id": {"$gt": since.member_id}}]
        }
        where = {"update_time": {"$gte": since.at}, **later}
        found = self._members.find(where, {"update_time": 1, "customer_id": 1})
        return [
            Changed(each["update_time"], each["_id"], each.get("customer_id") or "")
            for each in found.sort([("update_time", 1), ("_id", 1)]).limit(most)
        ]

    def drop_strange(self, member_ids: Sequence[str]) -> int:
        dropped = 0
        for field, own in (("contracts", _OWN), ("warranties", _OWN_WARRANTIES)):
            where = {"_id": {"$in": list(member_ids)}, f"{field}.0": {"$exists": True}}
            dropped += self._members.update_many(where, [{"$set": {field: own}}]).modified_count
        strange = {"customer_value.customer_id": {"$exists": True}, "$expr": {"$ne": _CUSTOMERS}}
        found = {"_id": {"$in": list(member_ids)}, **strange}
        return dropped + self._members.update_many(found, {"$unset": {"customer_value": ""}}).modified_count

    def _note_with(self, member_id: str, update: Mapping[str, Any], *, event: str) -> None:
        """Note it with the member, or with whom it was merged into, also in this moment."""
        reached = member_id
        while reached:
            self._note({"_id": reached, **_NOT_MERGED}, update, event=event)
            found = self._members.find_one({"_id": reached}, {"merged_into_id": 1}) or {}
            reached = found.get("merged_into_id") or ""

    def _note(self, who: Mapping[str, Any], update: Mapping[str, Any], *, event: str) -> None:
        """Apply an update unless the event is known; planners look again at whoever was heard of."""
        heard = {"heard": {"$each": [event], "$slice": -REMEMBERED_EVENTS}}
        noted = {**update, "$push": {**update["$push"], **heard}, "$currentDate": {"heard_time": True}}
        self._members.update_many({**who, **_THERE, "heard": {"$ne": event}}, noted)

    @property
    def _members(self) -> Collection[dict[str, Any]]:
        return collection_of(MemberDocument)


def _name(act: Act) -> str:
    """Return by what the act is known again."""
    return f"{act.event_id}/{act.name}"


def _done(act: Act) -> dict[str, Any]:
    """Return the update that notes an act."""
    push = {f"acts.{act.name}": {"$each": [act.at], "$sort": -1, "$slice": MOST_KEPT}}
    latest = {f"last_acts.{act.name}": act.at}  # silence is asked for by these
    if act.name not in NO_SIGN_OF_LIFE:
        latest["last_act_time"] = act.at
    return {"$push": push, "$max": latest}


def _own(field: str) -> dict[str, Any]:
    """Return what a member holds of its own customer."""
    of_customer = {"$eq": ["$$this.customer_id", "$customer_id"]}
    return {"$filter": {"input": {"$ifNull": [f"${field}", []]}, "cond": of_customer}}


_OWN, _OWN_WARRANTIES = _own("contracts"), _own("warranties")


def _placed(element: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return what the member holds with this in its place, or as it is if it tells newer news of it."""
    newer = {"$and": [{"$eq": ["$$this.id", element["id"]]}, {"$gte": ["$$this.seq", element["seq"]]}]}
    others = {"$filter": {"input": "$$own", "cond": {"$ne": ["$$this.id", element["id"]]}}}
    placed = {
        "$sortArray": {
            "input": {"$concatArrays": [others, [{"$literal": element}]]},
            "sortBy": {"end_date": -1, "id": -1},
        }
    }
    known = {"$ne": [{"$filter": {"input": "$$own", "cond": newer}}, []]}
    return {"$let": {"vars": {"own": own}, "in": {"$cond": [known, "$$own", {"$slice": [placed, MOST_KEPT]}]}}}
