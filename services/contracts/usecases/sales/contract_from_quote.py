"""Draft the contract of an accepted quote."""

from dataclasses import dataclass

from services.chassis.ids import check_id, derived_id
from services.contracts.domain.customers.customer import CustomerKind
from services.contracts.domain.life_cycle import contract_review
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_review import Particulars
from services.contracts.domain.sales.opportunity_stages import OpportunityKind
from services.contracts.domain.sales.quote import Quote
from services.contracts.domain.sales.quote_contract import terms_of
from services.contracts.ports.contracts import Contracts
from services.contracts.ports.customers import Customers
from services.contracts.ports.quotes import Quotes
from services.contracts.ports.sales import Opportunities
from services.contracts.usecases.paperwork.carry_clauses import CarryClauses
from services.contracts.usecases.sales.asked import Calendar


@dataclass(frozen=True, slots=True)
class ContractFromQuote:
    """Stores the one contract of an accepted quote, as a draft of the caller; a renewal keeps its clauses."""

    contracts: Contracts
    quotes: Quotes
    opportunities: Opportunities
    customers: Customers
    carry_clauses: CarryClauses
    calendar: Calendar

    def __call__(self, quote_id: str, *, author: str) -> Contract:
        """Return the contract; the quote is the key: whoever asks again gets the first, whatever became of it."""
        quote = self.quotes.get(check_id(quote_id, "quo", field="quote_id"))
        key = derived_id("con", "quote", quote.id)
        terms = terms_of(quote)
        if known := self.contracts.batch_get([key]):
            return known[0]
        now, particulars = self.calendar.now(), self._particulars(quote)
        draft = contract_review.draft(key, particulars, details=terms, author=author, now=now)
        before = self.contracts.batch_get([particulars.predecessor_id]) if particulars.predecessor_id else ()
        complete = self.carry_clauses(draft, next(iter(before), None), now=now)
        return self.contracts.add(complete, request_key=f"quote:{quote.id}")

    def _particulars(self, quote: Quote) -> Particulars:
        customer = self.customers.get(quote.customer_id)
        deal = self.opportunities.get(quote.opportunity_id)
        return Particulars(
            customer_id=customer.merged_into_id or customer.id,
            owner_id=quote.owner_id,
            time_zone=customer.time_zone or self.calendar.time_zone,
            consumer=customer.kind is not CustomerKind.ORGANISATION,
            predecessor_id=deal.contract_id if deal.kind is OpportunityKind.RENEWAL else "",
        )
