"""Register a customer."""

from dataclasses import dataclass

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import new_id
from services.contracts.domain.customers.customer import Customer, CustomerDetails
from services.contracts.ports.customers import Customers


@dataclass(frozen=True, slots=True)
class RegisterCustomer:
    """Stores a new customer."""

    customers: Customers
    clock: Clock

    def __call__(self, details: CustomerDetails, *, request_id: str) -> Customer:
        """Return the customer as stored; a repeat of the request returns the first."""
        now = self.clock.now()
        customer = Customer.register(new_id("cus", now), details, now=now)
        return self.customers.add(customer, request_key=request_key("create", request_id))
