"""Pages of the ledger by state alone: what failed, what is held, whatever campaign it is of.

They follow the index of campaigns' messages, a campaign at a time: few messages of a long ledger are held or have
failed, so that in the order of ids most of it would be read to find them, and each index more is paid for by every
message, twice.
"""

from collections.abc import Mapping
from typing import Any

from services.care.domain.sending.touch import TouchState

ORDER = [("campaign_id", 1), ("state", 1), ("reason", 1), ("date", 1), ("_id", 1)]
PLACE = ("campaign_id", "reason", "date", "_id")
"""What tells where a message of a state stands."""


def of_state(state: TouchState, *, behind: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the filter of the messages in this state; with `behind` of those that stand behind that message."""
    alike: dict[str, Any] = {"state": state.value}
    if behind is None:
        return {"campaign_id": {"$gt": ""}, **alike}
    # Each branch is a range of one field, all fields before it being the same: a place in the index to go on from.
    branches = [
        {field: behind[field] for field in PLACE[:number]} | {last: {"$gt": behind[last]}, **alike}
        for number, last in enumerate(PLACE)
    ]
    return {"$or": branches}
