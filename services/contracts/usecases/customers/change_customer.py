"""Change what we know of a customer, and where the relation with it stands."""

from collections.abc import Collection
from dataclasses import dataclass

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id
from services.contracts.domain.customers.customer import Customer, CustomerDetails, CustomerStage, mask_fields
from services.contracts.ports.customers import Customers


@dataclass(frozen=True, slots=True)
class ChangeCustomer:
    """Takes over the fields that a mask names."""

    customers: Customers
    clock: Clock

    def __call__(
        self, customer_id: str, details: CustomerDetails, *, mask: Collection[str], etag: str, request_id: str
    ) -> Customer:
        """Return the customer after the change; refuses what is wrong, unknown or stale, and then changes nothing."""
        fields, now = mask_fields(mask), self.clock.now()
        return self.customers.change(
            check_id(customer_id, "cus", field="customer.id"),
            lambda customer: customer.change(details, fields, now=now),
            etag=etag,
            request_key=request_key("update", request_id),
        )


@dataclass(frozen=True, slots=True)
class SetCustomerStage:
    """Moves the relation with a customer to another stage, for a reason."""

    customers: Customers
    clock: Clock

    def __call__(
        self, customer_id: str, stage: CustomerStage | None, *, reason: str, author: str, etag: str, request_id: str
    ) -> Customer:
        """Return the customer after the move; `author` is the subject of the caller."""
        if stage is None:
            raise InvalidField("stage", "stage is missing.")
        now = self.clock.now()
        return self.customers.change(
            check_id(customer_id, "cus", field="customer_id"),
            lambda customer: customer.move_to(stage, reason, author=author, now=now),
            etag=etag,
            request_key=request_key("stage", request_id),
        )
