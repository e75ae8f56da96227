"""Qualify a lead: it becomes an opportunity, and its people a customer if they are none yet."""

from dataclasses import dataclass
from datetime import datetime

from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, derived_id
from services.contracts.domain.customers.customer import Customer, CustomerDetails
from services.contracts.domain.sales.lead import Lead, LeadVerb
from services.contracts.domain.sales.opportunity import Opportunity, OpportunityDetails
from services.contracts.domain.sales.opportunity_stages import OpportunityKind
from services.contracts.domain.terms.money import Money
from services.contracts.ports.customers import Customers
from services.contracts.ports.sales import Leads, Qualified
from services.contracts.usecases.sales.asked import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """What the lead is about, not yet checked."""

    title: str
    kind: OpportunityKind | None = None
    customer_id: str = ""
    new_customer: CustomerDetails | None = None
    amount: Money | None = None
    close_date: str = ""


@dataclass(frozen=True, slots=True)
class QualifyLead:
    """Stores the qualified lead, its opportunity and a new customer together, or nothing."""

    leads: Leads
    customers: Customers
    clock: Clock

    def __call__(self, asked: Asked, deal: Deal, *, author: str) -> tuple[Lead, Opportunity]:
        """Return the lead and what it became; a repeat of the request returns the first."""
        now = self.clock.now()
        if deal.customer_id:
            self.customers.get(check_id(deal.customer_id, "cus", field="customer_id")).refuse_doublet()
        return self.leads.qualify(
            asked.key("led", "lead"),
            lambda lead: _qualified(lead, deal, author=author, now=now),
            etag=asked.etag,
            request_key=asked.repeat("qualify"),
        )


def _qualified(lead: Lead, deal: Deal, *, author: str, now: datetime) -> Qualified:
    lead.refuse_unless(LeadVerb.QUALIFY)  # who has it qualified already hears that, and not that there is a customer
    customer = _new_customer(lead, deal, now=now)
    customer_id = customer.id if customer else deal.customer_id or lead.customer_id
    if not customer_id:
        raise InvalidField("customer_id", "customer_id is missing: name a customer, or register a new one.")
    opportunity_id = derived_id("opp", "lead", lead.id)
    qualified = lead.qualify(opportunity_id, customer_id, now=now)
    details = OpportunityDetails(
        kind=deal.kind or OpportunityKind.NEW,
        title=deal.title,
        customer_id=customer_id,
        owner_id=lead.owner_id,
        amount=deal.amount,
        close_date=deal.close_date,
        lead_id=lead.id,
    )
    opportunity = Opportunity.opened(opportunity_id, details, author=author, now=now)
    return Qualified(lead=qualified, opportunity=opportunity, customer=customer)


def _new_customer(lead: Lead, deal: Deal, *, now: datetime) -> Customer | None:
    if deal.new_customer is None:
        return None
    if deal.customer_id or lead.customer_id:
        raise InvalidField("new_customer", "new_customer cannot be registered: there is a customer already.")
    return Customer.register(derived_id("cus", "lead", lead.id), deal.new_customer, now=now)
