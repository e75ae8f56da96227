"""Campaigns and the cursors of their planning."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.chassis.paging import Page


class Campaigns(Protocol):
    """Campaigns as aggregates."""

    def add(self, campaign: Campaign, request_id: str) -> Campaign:
        """Store a new one; a repeated request id returns the first."""

    def get(self, campaign_id: str) -> Campaign:
        """Return it, or refuse with CAMPAIGN_NOT_FOUND."""

    def change(self, campaign_id: str, step: Callable[[Campaign], Campaign], *, etag: str, request_id: str) -> Campaign:
        """Apply one step in one conditional write, or refuse with STALE_VERSION."""

    def batch_get(self, campaign_ids: Sequence[str]) -> list[Campaign]:
        """Return those that exist."""

    def page(self, state: CampaignState | None, *, size: int, after: str) -> Page[Campaign]:
        """Return one page in the order of ids."""

    def running(self) -> list[Campaign]:
        """Return the campaigns that plan."""


@dataclass(frozen=True, slots=True)
class PlanCursor:
    """How far a campaign is planned."""

    planned_through: date | None
    """The last civil day that was planned in full; None before the first."""
    swept_at: datetime | None
    """When members who changed were last looked for."""


class PlanCursors(Protocol):
    """The persistent cursor of each campaign, guarded by the leader's fencing token."""

    def get(self, campaign_id: str) -> PlanCursor:
        """Return how far it is planned."""

    def through(self, campaign_ids: Sequence[str]) -> dict[str, str]:
        """Return the day each campaign is planned through, `YYYY-MM-DD`; one that never was is left out."""

    def advance(self, campaign_id: str, through: date, *, swept_at: datetime, token: int) -> bool:
        """Move the cursor; False if a leader with a newer token has taken over. It never moves backwards."""
