"""Members as those who call them need them: who they are now, whose, what time it is there, and who is left alone."""

from collections.abc import Collection, Mapping
from typing import Any

from services.care.domain.sending.reasons import Reason
from services.care.store.members.members import MemberDocument
from services.chassis.mongo import collection_of

_MOST_MERGES = 20
_CLOSING = dict.fromkeys(("do_not_contact", "merged_into_id", "erased_time"), 1)


class MongoCallees:
    """Reads a few fields of members."""

    def primary_of(self, customer_id: str) -> str:
        """Return the member registered first for the customer who may be contacted, or the empty string."""
        if not customer_id:
            return ""
        willing = {
            "customer_id": customer_id,
            "do_not_contact": {"$ne": True},
            "merged_into_id": {"$in": ["", None]},
            "erased_time": None,
        }
        first = collection_of(MemberDocument).find_one(willing, {"_id": 1}, sort=[("_id", 1)])
        return str(first["_id"]) if first else ""

    def current(self, member_id: str) -> str:
        for _ in range(_MOST_MERGES):
            found = self._read(member_id)
            if not found or found.get("erased_time"):
                return ""
            if not found.get("merged_into_id"):
                return member_id
            member_id = found["merged_into_id"]
        return ""

    def closed(self, member_ids: Collection[str]) -> Mapping[str, Reason]:
        now = {key: key for key in member_ids if key}
        known: dict[str, dict[str, Any]] = {}
        for _ in range(_MOST_MERGES):
            fresh = set(now.values()) - known.keys()
            if not fresh:
                break
            found = collection_of(MemberDocument).find({"_id": {"$in": sorted(fresh)}}, _CLOSING)
            known |= {key: {} for key in fresh} | {each["_id"]: each for each in found}
            now = {key: known[current].get("merged_into_id") or current for key, current in now.items()}
        reasons = {key: _why_closed(known.get(current) or {}) for key, current in now.items()}
        return {key: reason for key, reason in reasons.items() if reason}

    def customer_of(self, member_id: str) -> str:
        return str(self._read(member_id).get("customer_id") or "")

    def zone_of(self, member_id: str) -> str:
        return str(self._read(member_id).get("time_zone") or "")

    def _read(self, member_id: str) -> dict[str, Any]:
        fields = {"customer_id": 1, "time_zone": 1, "merged_into_id": 1, "erased_time": 1}
        return (collection_of(MemberDocument).find_one({"_id": member_id}, fields) if member_id else None) or {}


def _why_closed(member: Mapping[str, Any]) -> Reason | None:
    if not member or member.get("erased_time"):
        return Reason.MEMBER_GONE
    return Reason.DO_NOT_CONTACT if member.get("do_not_contact") else None
