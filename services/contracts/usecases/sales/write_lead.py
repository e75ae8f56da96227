"""Write down a lead."""

from dataclasses import dataclass

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import new_id
from services.contracts.domain.sales.lead import Lead, LeadDetails
from services.contracts.ports.customers import Customers
from services.contracts.ports.sales import Leads


@dataclass(frozen=True, slots=True)
class WriteLead:
    """Stores a new lead."""

    leads: Leads
    customers: Customers
    clock: Clock

    def __call__(self, details: LeadDetails, *, author: str, request_id: str) -> Lead:
        """Return the lead as stored; a repeat of the request returns the first."""
        now = self.clock.now()
        lead = Lead.written(new_id("led", now), details, author=author, now=now)
        if lead.customer_id:
            self.customers.get(lead.customer_id).refuse_doublet()
        return self.leads.add(lead, request_key=request_key("create", request_id))
