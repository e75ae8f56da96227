"""Open an opportunity: for people, or once for a reason that another room knows."""

from dataclasses import dataclass

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import derived_id, new_id
from services.contracts.domain.sales.opportunity import Opportunity, OpportunityDetails
from services.contracts.ports.customers import Customers
from services.contracts.ports.sales import Opportunities


@dataclass(frozen=True, slots=True)
class OpenOpportunity:
    """Stores a new opportunity of a customer that exists."""

    opportunities: Opportunities
    customers: Customers
    clock: Clock

    def __call__(
        self, details: OpportunityDetails, *, author: str = "", request_id: str = "", once: str = ""
    ) -> Opportunity:
        """Return the opportunity as stored; a repeat of the request returns the first.

        `once` names the reason, as `warranty:` and an asset group do: whoever comes again with it, however late, gets
        the opportunity that it opened first, whatever became of it.
        """
        now = self.clock.now()
        key = derived_id("opp", "once", once) if once else new_id("opp", now)
        opportunity = Opportunity.opened(key, details, author=author, now=now)
        self.customers.get(opportunity.customer_id).refuse_doublet()
        return self.opportunities.add(opportunity, request_key=request_key("create", request_id))
