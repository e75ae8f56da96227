"""The customers on record, as the use cases need them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.chassis.paging import Page
from services.contracts.domain.customers.customer import Customer, CustomerKind, CustomerStage, CustomerTier


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFilter:
    """What a listed customer must match; what is empty matches all, but doublets only if they are asked for."""

    kind: CustomerKind | None = None
    owner_id: str = ""
    tag: str = ""
    name_prefix: str = ""
    external_ref: str = ""
    stage: CustomerStage | None = None
    tier: CustomerTier | None = None
    include_merged: bool = False


class Customers(Protocol):
    """The customers on record."""

    def add(self, customer: Customer, *, request_key: str) -> Customer:
        """Store the customer and what it says in one write, or return what this request stored before.

        Refuses an external reference that another customer has: CUSTOMER_EXTERNAL_REF_TAKEN.
        """

    def get(self, customer_id: str) -> Customer:
        """Return the customer, or refuse with CUSTOMER_NOT_FOUND."""

    def batch_get(self, customer_ids: Sequence[str]) -> Sequence[Customer]:
        """Return those that exist, in no promised order."""

    def page(self, match: CustomerFilter, *, size: int, after: str) -> Page[Customer]:
        """Return the page of matching customers whose ids follow `after`."""

    def change(
        self, customer_id: str, step: Callable[[Customer], Customer], *, etag: str, request_key: str
    ) -> Customer:
        """Apply the step to the stored customer and store the outcome and what it says in one write.

        A repeated request takes no second step. An etag that is not the stored version is refused with STALE_VERSION.
        """

    def merge(
        self,
        customer_id: str,
        into_id: str,
        *,
        step: Callable[[Customer, Customer], tuple[Customer, Customer]],
        etag: str,
    ) -> tuple[Customer, Customer]:
        """Apply the step to both customers and store both, or neither; return the doublet and the survivor."""


class ValuedCustomers(Protocol):
    """Where the computed tiers of customers go."""

    def set_value(self, tiers: Mapping[str, CustomerTier], *, now: datetime) -> int:
        """Write the tier of each customer that has another one; return how many were changed."""


class ImportedCustomers(Protocol):
    """The customers on record, by the keys of the company's own system, in bulk."""

    def by_external_refs(self, external_refs: Sequence[str]) -> Mapping[str, Customer]:
        """Return those that exist."""

    def add_many(self, customers: Sequence[Customer]) -> set[str]:
        """Store new customers; return the keys of those that somebody else stored meanwhile."""

    def change_many(self, changes: Sequence[tuple[Customer, Customer]]) -> set[str]:
        """Store each second in place of its first; return the keys of those that lost a race."""
