"""Write the draft of a contract."""

from dataclasses import dataclass

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import new_id
from services.contracts.domain.contract import Contract, ContractTerms
from services.contracts.ports.contracts import Contracts
from services.contracts.ports.customers import Customers


@dataclass(frozen=True, slots=True)
class WriteContract:
    """Stores a new draft for a customer that exists."""

    contracts: Contracts
    customers: Customers
    clock: Clock

    def __call__(self, terms: ContractTerms, *, request_id: str) -> Contract:
        """Return the draft as stored; a repeat of the request returns the first."""
        now = self.clock.now()
        draft = Contract.draft(new_id("con", now), terms, now=now)
        self.customers.get(draft.customer_id)
        return self.contracts.add(draft, request_key=request_key("create", request_id))
