"""Open the renewals of contracts: price of the next term, likelihood, reminders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.chassis.clock import Clock
from services.chassis.ids import check_id
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.renewals.likelihood import LikelihoodModel
from services.contracts.domain.renewals.next_term import NextTerm, Quotes, next_term
from services.contracts.domain.renewals.renewal import Renewal
from services.contracts.domain.renewals.renewal_opening import opened_renewal, refuse_unless_renewable
from services.contracts.domain.renewals.renewal_signals import LOOK_BACK, Signal
from services.contracts.ports.renewals import Prices, RenewableContracts, Renewals, Signals

NO_QUOTES = Quotes()


@dataclass(frozen=True, slots=True)
class Preparation:
    """What was looked up for many contracts at once."""

    quotes: Mapping[str, Quotes]
    signals: Mapping[str, Sequence[Signal]]
    model: LikelihoodModel
    now: datetime
    _found: dict[tuple[str, int], NextTerm] = field(default_factory=dict)

    def next_term(self, contract: Contract) -> NextTerm:
        """Return the term after the contract's current one, found once; or refuse with TERM_NOT_PRICEABLE."""
        key = contract.id, contract.term_number
        if key not in self._found:
            self._found[key] = next_term(contract, self.quotes.get(contract.id, NO_QUOTES))
        return self._found[key]

    def renewal(self, contract: Contract) -> Renewal:
        """Return the renewal of the contract's term, or refuse with TERM_NOT_PRICEABLE."""
        return opened_renewal(
            contract,
            self.next_term(contract),
            signals=self.signals.get(contract.customer_id, ()),
            model=self.model,
            now=self.now,
        )


@dataclass(frozen=True, slots=True)
class Prepare:
    """Looks up what is needed to open renewals, with a few reads however many contracts."""

    prices: Prices
    signals: Signals
    model: LikelihoodModel

    def __call__(
        self, contracts: Sequence[Contract], *, now: datetime, opening: Sequence[Contract] | None = None
    ) -> Preparation:
        """Return what was found; `opening`, if not all of them, are those whose renewal is to be opened."""
        hearing = contracts if opening is None else opening
        customers = list(dict.fromkeys(contract.customer_id for contract in hearing))
        return Preparation(
            quotes=self.prices.quotes(contracts),
            signals=self.signals.of_customers(customers, since=now - LOOK_BACK) if customers else {},
            model=self.model,
            now=now,
        )


@dataclass(frozen=True, slots=True)
class OpenRenewal:
    """Opens the renewal of one contract before the job does."""

    contracts: RenewableContracts
    renewals: Renewals
    prepare: Prepare
    clock: Clock

    def __call__(self, contract_id: str) -> Renewal:
        """Return the renewal of the current term; a repeat returns the same."""
        now = self.clock.now()
        contract = self.contracts.get(check_id(contract_id, "con", field="contract_id"))
        refuse_unless_renewable(contract)
        return self.renewals.add(self.prepare([contract], now=now).renewal(contract))
