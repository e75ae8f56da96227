"""Write the draft of a contract, and write it anew."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import check_id, new_id
from services.contracts.domain.customers.customer import Customer
from services.contracts.domain.life_cycle import contract_review
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_review import Particulars
from services.contracts.domain.life_cycle.contract_terms import TermsDetails
from services.contracts.ports.contracts import Contracts
from services.contracts.ports.customers import Customers
from services.contracts.usecases.order import Desk, Order
from services.contracts.usecases.refuse_strangers import RefuseStrangers


@dataclass(frozen=True, slots=True)
class WriteContract:
    """Stores a new draft for a customer that exists."""

    contracts: Contracts
    customers: Customers
    refuse_strangers: RefuseStrangers
    clock: Clock
    time_zone: str
    """IANA name: the company's, for customers whose own is not known."""

    def __call__(self, particulars: Particulars, details: TermsDetails, *, by: str, request_id: str) -> Contract:
        """Return the draft as stored; a repeat of the request returns the first."""
        now = self.clock.now()
        customer = self.customers.get(check_id(particulars.customer_id, "cus", field="customer_id"))
        customer.refuse_doublet()
        refuse_strange_predecessor(self.contracts, particulars.predecessor_id, of=customer)
        zone = particulars.time_zone or customer.time_zone or self.time_zone
        draft = contract_review.draft(
            new_id("con", now), replace(particulars, time_zone=zone), details=details, author=by, now=now
        )
        self.refuse_strangers(draft.lines, customer_id=customer.id)
        return self.contracts.add(draft, request_key=request_key("create", request_id))


def refuse_strange_predecessor(contracts: Contracts, predecessor_id: str, *, of: Customer) -> None:
    """Refuse with INVALID_ID, CONTRACT_NOT_FOUND or INVALID_FIELD what is no contract of the customer or a doublet."""
    if not predecessor_id:
        return
    before = contracts.get(check_id(predecessor_id, "con", field="predecessor_id"))
    if before.customer_id not in {of.id, *of.merged_ids}:
        raise InvalidField("predecessor_id", f"predecessor_id {before.id} is a contract of another customer.")


@dataclass(frozen=True, slots=True)
class UpdateContractDraft:
    """Replaces what a draft says."""

    desk: Desk
    customers: Customers
    refuse_strangers: RefuseStrangers

    def __call__(self, order: Order, particulars: Particulars, details: TermsDetails) -> Contract:
        """Return the draft as it is now."""
        if particulars.predecessor_id:
            draft = self.desk.contracts.get(check_id(order.contract_id, "con", field="contract_id"))
            customer = self.customers.get(draft.customer_id)
            refuse_strange_predecessor(self.desk.contracts, particulars.predecessor_id, of=customer)

        def update(contract: Contract, now: datetime) -> Contract:
            updated = contract_review.update(contract, particulars, details=details, by=order.by, now=now)
            self.refuse_strangers(updated.lines, customer_id=contract.customer_id)
            return updated

        return self.desk.carry_out(order, update, verb="update")
