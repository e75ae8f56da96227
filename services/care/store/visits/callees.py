"""Members as those who call them need them: who they are now, whose, and what time it is there."""

from typing import Any

from services.care.store.members.members import MemberDocument
from services.chassis.mongo import collection_of

MOST_MERGES = 20
"""A doublet of a doublet is followed so far."""


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
        for _ in range(MOST_MERGES):
            found = self._read(member_id)
            if not found or found.get("erased_time"):
                return ""
            if not found.get("merged_into_id"):
                return member_id
            member_id = found["merged_into_id"]
        return ""

    def customer_of(self, member_id: str) -> str:
        return str(self._read(member_id).get("customer_id") or "")

    def zone_of(self, member_id: str) -> str:
        return str(self._read(member_id).get("time_zone") or "")

    def _read(self, member_id: str) -> dict[str, Any]:
        fields = {"customer_id": 1, "time_zone": 1, "merged_into_id": 1, "erased_time": 1}
        return (collection_of(MemberDocument).find_one({"_id": member_id}, fields) if member_id else None) or {}
