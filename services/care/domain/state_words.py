"""States as sentences tell them."""

from enum import StrEnum


def plain(state: StrEnum) -> str:
    """Return a state in plain words: `in review` for `CAMPAIGN_STATE_IN_REVIEW`."""
    return state.value.rpartition("_STATE_")[2].replace("_", " ").lower()
