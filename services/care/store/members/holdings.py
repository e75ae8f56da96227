"""Where something about a person stands, collection by collection, beside the member itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from services.chassis.mongo import handle


@dataclass(frozen=True, slots=True)
class Holding:
    """One collection, and how its documents name the person."""

    collection: str
    member: str = "member_id"
    """The field that holds the member's id; empty: the document names a message to the member."""
    touch: str = ""
    within: str = ""
    """The list of which only the entries that name the message are the person's; empty: the whole document is."""

    def of(self, family: Sequence[str], touch_ids: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield what is the person's, by id."""
        wanted = {self.member: {"$in": list(family)}} if self.member else {self.touch: {"$in": list(touch_ids)}}
        mine = set(touch_ids)
        for found in handle("care")[self.collection].find(wanted).sort("_id", 1):
            if self.within:
                found[self.within] = [each for each in found[self.within] if each["touch_id"] in mine]
            yield found


HOLDINGS = (
    Holding("broadcast_quotas", member="", touch="taken"),
    Holding("broadcasts", member="", touch="touch_id"),
    Holding("consents"),
    Holding("contact_history", member="_id"),
    Holding("journey_runs"),
    Holding("message_references", member="", touch="touch_id"),
    Holding("points_accounts", member="_id"),
    Holding("points_entries"),
    Holding("privacy_acts"),
    Holding("receipts", member="", touch="words.touch_id", within="words"),
    Holding("touches"),
    Holding("visits"),
    Holding("wechat_credits"),
)
"""All of them: a test looks through the database for others."""
