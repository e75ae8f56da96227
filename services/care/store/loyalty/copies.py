"""What segments and the policy ask of points and tiers stands on the member too; nobody else writes these fields."""

from typing import Any

from pymongo import UpdateOne

from services.care.domain.loyalty.account import Account


def copies_of(account: Account) -> dict[str, Any]:
    """Return the fields of the member."""
    ends = next((lot.expires_on for lot in account.lots if lot.expires_on), None)
    return {
        "points": sum(lot.points for lot in account.lots),
        "tier": account.tier.code,
        "points_expiry_date": ends.isoformat() if ends else "",
    }


def copying(account: Account) -> UpdateOne:
    """Return what writes them, unless those of a later version stand there."""
    copies = copies_of(account)
    # Planners look again at whoever was heard of: a message before points end may be due on another day now.
    heard = {"$cond": [{"$eq": ["$points_expiry_date", copies["points_expiry_date"]]}, "$heard_time", "$$NOW"]}
    older = {"_id": account.id, "points_version": {"$not": {"$gte": account.version}}}
    return UpdateOne(older, [{"$set": {**copies, "points_version": account.version, "heard_time": heard}}])
