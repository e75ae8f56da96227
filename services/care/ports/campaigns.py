"""Campaigns and the cursors of their planning."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from services.care.domain.campaigns.campaign import Campaign, CampaignState
from services.care.domain.campaigns.plan import Goal
from services.care.domain.sending.message import Message
from services.care.domain.sending.recipient import Recipient
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


@dataclass(frozen=True, slots=True)
class VariantCount:
    """What one variant came to."""

    sent: int
    """Members who got a message that was accepted."""
    converted: int
    """Those of them who reached the goal within its window after a message."""


class VariantOutcomes(Protocol):
    """The ledger and what members did, counted by variant."""

    def count(self, campaign_id: str, goal: Goal) -> Mapping[str, VariantCount]:
        """Return the counts by variant; one that nobody got is left out."""


class Recipients(Protocol):
    """Members as the policy and the words see them."""

    def get(self, member_id: str) -> Recipient:
        """Return the member, or refuse with MEMBER_NOT_FOUND."""


class StaffMailer(Protocol):
    """Sends a few messages at once and waits for their fate; nothing of it is written down."""

    def send(self, messages: Sequence[Message]) -> Sequence[bool]:
        """Say of each message whether the mail server took it."""
