"""Leads and opportunities on record, as the use cases need them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.chassis.paging import Page
from services.contracts.domain.customers.customer import Customer
from services.contracts.domain.sales.lead import Lead, LeadSource, LeadState
from services.contracts.domain.sales.opportunity import Opportunity
from services.contracts.domain.sales.opportunity_stages import OpportunityKind, OpportunityStage


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadFilter:
    """What a listed lead must match; what is empty matches all."""

    state: LeadState | None = None
    source: LeadSource | None = None
    owner_id: str = ""
    customer_id: str = ""
    action_before: date | None = None
    """Only those whose next action was due before this day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpportunityFilter:
    """What a listed opportunity must match; what is empty matches all."""

    customer_id: str = ""
    owner_id: str = ""
    kind: OpportunityKind | None = None
    stage: OpportunityStage | None = None
    open_only: bool = False
    action_before: date | None = None
    """Only those whose next action was due before this day."""
    closes_from: date | None = None
    closes_through: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualified:
    """A qualified lead and all that goes with it."""

    lead: Lead
    opportunity: Opportunity
    customer: Customer | None
    """Set where one is to be registered."""


class Leads(Protocol):
    """The leads on record."""

    def add(self, lead: Lead, *, request_key: str) -> Lead:
        """Store the lead, or return what this request stored before."""

    def get(self, lead_id: str) -> Lead:
        """Return the lead, or refuse with LEAD_NOT_FOUND."""

    def batch_get(self, lead_ids: Sequence[str]) -> Sequence[Lead]:
        """Return those that exist, in no promised order."""

    def page(self, match: LeadFilter, *, size: int, after: str) -> Page[Lead]:
        """Return the page of matching leads whose ids follow `after`."""

    def change(self, lead_id: str, step: Callable[[Lead], Lead], *, etag: str, request_key: str) -> Lead:
        """Apply the step to the stored lead and store the outcome in one write.

        A repeated request takes no second step. An etag that is not the stored version is refused with STALE_VERSION.
        """

    def qualify(
        self, lead_id: str, step: Callable[[Lead], Qualified], *, etag: str, request_key: str
    ) -> tuple[Lead, Opportunity]:
        """Store the qualified lead, the opportunity that it became and a new customer, all or nothing.

        Refuses an external reference that another customer has: CUSTOMER_EXTERNAL_REF_TAKEN.
        """


class Opportunities(Protocol):
    """The opportunities on record."""

    def add(self, opportunity: Opportunity, *, request_key: str) -> Opportunity:
        """Store the opportunity; one with this id, or of this request, that was stored before is returned instead."""

    def get(self, opportunity_id: str) -> Opportunity:
        """Return the opportunity, or refuse with OPPORTUNITY_NOT_FOUND."""

    def batch_get(self, opportunity_ids: Sequence[str]) -> Sequence[Opportunity]:
        """Return those that exist, in no promised order."""

    def page(self, match: OpportunityFilter, *, size: int, after: str) -> Page[Opportunity]:
        """Return the page of matching opportunities whose ids follow `after`."""

    def of_customers(self, customer_ids: Sequence[str], *, most: int) -> Mapping[str, Sequence[Opportunity]]:
        """Return the opportunities of each customer that has any, newest first, at most so many for each."""

    def change(
        self, opportunity_id: str, step: Callable[[Opportunity], Opportunity], *, etag: str, request_key: str
    ) -> Opportunity:
        """Apply the step to the stored opportunity and store the outcome in one write, as `Leads.change` does."""
