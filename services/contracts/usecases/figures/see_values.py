"""Customers' value as a caller may see it: sales see what the customers are worth that they own."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.chassis.identity import Caller
from services.chassis.paging import Page
from services.contracts.domain.figures.customer_value import CustomerValue
from services.contracts.domain.figures.figures_errors import OthersFigures
from services.contracts.domain.figures.figures_rights import limit_of, refuse_others
from services.contracts.ports.values import CustomerValues, ValueFilter


@dataclass(frozen=True, slots=True)
class SeeValues:
    """The reads of customers' value; each applies the row rule of the reports."""

    values: CustomerValues

    def one(self, customer_id: str, caller: Caller) -> CustomerValue:
        """Return the value; refused with OTHERS_FIGURES, CUSTOMER_VALUE_NOT_FOUND."""
        limit = limit_of(caller)
        if limit is not None and not self.values.owned([customer_id], limit):
            raise OthersFigures("customer_id")
        return self.values.get(customer_id)

    def some(self, customer_ids: Sequence[str], caller: Caller) -> Sequence[CustomerValue]:
        """Return those that exist and that the caller may see, in no promised order."""
        limit = limit_of(caller)
        return self.values.batch_get(customer_ids if limit is None else self.values.owned(customer_ids, limit))

    def page(self, match: ValueFilter, caller: Caller, *, size: int, after: str) -> Page[CustomerValue]:
        """Return the page of matching values whose ids follow `after`; refused with OTHERS_FIGURES."""
        refuse_others(caller, match.owner_id, field="filter.owner_id")
        return self.values.page(match, size=size, after=after)
