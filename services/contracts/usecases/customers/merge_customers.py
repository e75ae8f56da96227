"""Merge a doublet into the customer that stays."""

from dataclasses import dataclass

from services.chassis.clock import Clock
from services.chassis.ids import check_id
from services.contracts.domain.customers.customer import Customer
from services.contracts.ports.customers import Customers


@dataclass(frozen=True, slots=True)
class MergeCustomers:
    """Ends the use of a doublet; nothing that either has is moved or lost."""

    customers: Customers
    clock: Clock

    def __call__(self, customer_id: str, into_id: str, *, etag: str) -> tuple[Customer, Customer]:
        """Return the doublet and the survivor; asked again, they come back as they are."""
        now = self.clock.now()
        return self.customers.merge(
            check_id(customer_id, "cus", field="customer_id"),
            check_id(into_id, "cus", field="into_id"),
            step=lambda doublet, survivor: doublet.merge_into(survivor, now=now),
            etag=etag,
        )
