"""The customers on record, as the use cases need them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.chassis.paging import Page
from services.contracts.domain.customer import Customer, CustomerKind


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFilter:
    """What a listed customer must match; what is empty matches all."""

    kind: CustomerKind | None = None
    owner_id: str = ""
    tag: str = ""
    name_prefix: str = ""
    external_ref: str = ""


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
