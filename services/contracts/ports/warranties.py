"""Ending warranties and signing opportunities, as the use cases need them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from services.chassis.paging import Page
from services.contracts.domain.renewals.warranty_expiry import Cover, EndingWarranty, WarrantyExpiry
from services.contracts.domain.sales.opportunity import Opportunity


@dataclass(frozen=True, slots=True, kw_only=True)
class WarrantyExpiryFilter:
    """What a listed group must match; what is empty matches all."""

    customer_id: str = ""
    owner_id: str = ""
    month: str = ""


class WarrantyExpiries(Protocol):
    """The groups of ending warranties on record."""

    def batch_get(self, expiry_ids: Sequence[str]) -> Sequence[WarrantyExpiry]:
        """Return those that exist and can be read, in no promised order."""

    def page(self, match: WarrantyExpiryFilter, *, size: int, after: str) -> Page[WarrantyExpiry]:
        """Return the page of matching groups whose ids follow `after`."""

    def add_many(self, expiries: Sequence[WarrantyExpiry]) -> int:
        """Store those that are new with what they say, and return how many."""

    def change_many(self, changes: Sequence[tuple[WarrantyExpiry, WarrantyExpiry]]) -> int:
        """Store each second in place of its first unless somebody was faster; return how many were stored."""


class Warranties(Protocol):
    """The assets in service and what covers them."""

    def ending(self, first: date, last: date, *, size: int) -> Iterator[Sequence[EndingWarranty]]:
        """Yield batches of readable assets whose warranty ends between two days, both included, by whole customers."""

    def covers(self, customer_ids: Sequence[str]) -> Sequence[Cover]:
        """Return the days that readable signed contracts cover, whatever became of them later counted out."""

    def owners(self, customer_ids: Sequence[str]) -> Mapping[str, str]:
        """Return the employee who owns each customer that has one."""


class SigningOpportunities(Protocol):
    """The opportunities that ending warranties open."""

    def known(self, opportunity_ids: Sequence[str]) -> frozenset[str]:
        """Return those that exist."""

    def add_many(self, opportunities: Sequence[Opportunity]) -> int:
        """Store those that are new, and return how many."""
