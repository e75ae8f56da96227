"""The touch ledger as people read it, and settle what is unknown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.care.domain.sending.touch import Touch, TouchResolution, TouchState
from services.chassis.paging import Page


@dataclass(frozen=True, slots=True)
class TouchFilter:
    """What a listed touch must match; what is empty matches all."""

    campaign_id: str = ""
    member_id: str = ""
    state: TouchState | None = None
    reason: str = ""
    """Only with a campaign or a member."""


class TouchLedger(Protocol):
    """The ledger."""

    def batch_get(self, touch_ids: Sequence[str]) -> list[Touch]:
        """Return those that exist."""

    def page(self, match: TouchFilter, *, size: int, after: str) -> Page[Touch]:
        """Return one page in the order of ids; of a state alone, campaign by campaign.

        Refuses with INVALID_FIELD a token of such pages that names no touch.
        """

    def top_by_member(self, member_ids: Sequence[str], limit: int) -> dict[str, list[Touch]]:
        """Return the latest touches of each member, by the day they were due."""

    def progress(self, campaign_ids: Sequence[str]) -> dict[str, list[tuple[str, str, int]]]:
        """Return (state, reason, count) of each campaign."""

    def resolve(self, touch_id: str, resolution: TouchResolution, *, request_key: str, now: datetime) -> Touch:
        """Settle an unknown touch, or refuse with TOUCH_NOT_FOUND or TOUCH_NOT_UNKNOWN."""


class CountProgress(Protocol):
    """How far campaigns are, for those who look again and again."""

    def __call__(self, campaign_ids: Sequence[str]) -> Mapping[str, Sequence[tuple[str, str, int]]]:
        """Return (state, reason, count) of each campaign; of large ones perhaps as of some seconds ago."""
