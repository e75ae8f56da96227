"""Win a renewal: the contract is extended, or the draft of its successor is written."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from services.chassis.checks import request_key, text
from services.chassis.clock import Clock
from services.chassis.errors import InvalidField
from services.chassis.ids import derived_id
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState, Move
from services.contracts.domain.renewals.next_term import next_span, next_term
from services.contracts.domain.renewals.renewal import Outcome, Renewal
from services.contracts.domain.renewals.renewal_opening import refuse_unless_renewable
from services.contracts.domain.renewals.renewal_stages import RenewalStage, WonBy
from services.contracts.domain.renewals.renewals_errors import ContractNotRenewable
from services.contracts.domain.terms.money import Money, scaled
from services.contracts.domain.terms.term_price import at_its_price
from services.contracts.domain.terms.terms import TermsVersion
from services.contracts.ports.renewals import Change, Outcomes, Prices
from services.contracts.usecases.paperwork.carry_clauses import CarryClauses
from services.contracts.usecases.renewals.open_renewals import NO_QUOTES
from services.contracts.usecases.renewals.work_renewal import MOST_NOTE, Asked, in_currency


@dataclass(frozen=True, slots=True)
class WinRenewal:
    """Renewal, contract and successor change at once, or not at all."""

    outcomes: Outcomes
    prices: Prices
    carry_clauses: CarryClauses
    clock: Clock

    def __call__(self, asked: Asked, won_by: WonBy | None, *, amount: Money | None, note: str) -> Renewal:
        """Return the renewal won."""
        if won_by not in {WonBy.EXTENSION, WonBy.SUCCESSOR}:
            raise InvalidField("won_by", "won_by must be extension or successor.")
        words, now = text(note, "note", most=MOST_NOTE), self.clock.now()

        def step(renewal: Renewal, contract: Contract) -> Change:
            renewal.refuse_unless(RenewalStage.WON)
            goes_on = won_by is WonBy.EXTENSION
            first = contract.versions[0].start_date if goes_on else next_span(contract).start
            terms = self._terms(renewal, contract, amount=amount, first=first)
            outcome = Outcome(by=asked.by, time=now, won_by=won_by, note=words, amount=terms.price)
            if goes_on:
                return Change(renewal.won(outcome), contract.extended(terms, now=now, by=asked.by))
            draft = successor_of(contract, terms, author=asked.by, now=now)
            successor = self.carry_clauses(draft, contract, now=now)
            won = renewal.won(replace(outcome, successor_id=successor.id))
            return Change(won, contract.renewed(successor.id, now=now, by=asked.by), successor)

        key = request_key("win", asked.request_id)
        return self.outcomes.store(asked.checked_id(), step, etag=asked.etag, request_key=key)

    def _terms(self, renewal: Renewal, contract: Contract, *, amount: Money | None, first: date) -> TermsVersion:
        refuse_unless_renewable(contract)
        if contract.term_number != renewal.term_number:
            raise ContractNotRenewable(contract.id, state="in another term")
        quotes = self.prices.quotes([contract]).get(contract.id, NO_QUOTES)
        terms = at_its_price(next_term(contract, quotes).terms, first=first)
        if amount is None:
            return terms
        return priced(terms, in_currency(amount, terms.price.currency_code), first=first)


def priced(terms: TermsVersion, amount: Money, *, first: date) -> TermsVersion:
    """Return the terms at another price; the lines change in proportion.

    With lines the price is what they are billed then: the amount, but for the cents that no price of a period can
    bear. Refused with INVALID_FIELD where the lines cost nothing, so that no proportion says which bears what.
    """
    if not terms.lines:
        return replace(terms, price=amount, reason=f"{terms.reason} → {amount}")
    old = terms.price.minor_units
    if not old:
        raise InvalidField("amount", "The lines cost nothing: amend their prices before you agree on an amount.")
    factor = Fraction(amount.minor_units, old)
    lines = tuple(replace(line, price=scaled(line.price, factor)) for line in terms.lines)
    billed = at_its_price(replace(terms, lines=lines), first=first)
    return replace(billed, reason=f"{terms.reason} → {billed.price}")


def successor_of(contract: Contract, terms: TermsVersion, *, author: str, now: datetime) -> Contract:
    """Return the draft that follows a contract; its id follows from the contract and its term."""
    key = derived_id("con", contract.id, str(contract.term_number + 1))
    first = replace(terms, number=1, recorded_time=now, recorded_by=author)
    draft = Contract(
        id=key,
        customer_id=contract.customer_id,
        owner_id=contract.owner_id,
        author=author,
        state=ContractState.DRAFT,
        time_zone=contract.time_zone,
        jurisdiction=contract.jurisdiction,
        consumer=contract.consumer,
        credit_policy=contract.credit_policy,
        suspension_extends=contract.suspension_extends,
        versions=(first,),
        moves=(),
        predecessor_id=contract.id,
        create_time=now,
        update_time=now,
    )
    move = Move(state=ContractState.DRAFT, effective_date=draft.today(now), recorded_time=now, by=author)
    return replace(draft, moves=(move,))
