"""How a renewal begins: what a contract's current term says, put beside what the next one would be."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from services.chassis.ids import derived_id
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.renewals.likelihood import Likelihood, LikelihoodModel, likelihood_of
from services.contracts.domain.renewals.next_term import NextTerm, renewal_rule
from services.contracts.domain.renewals.notice_policies import policy_of
from services.contracts.domain.renewals.reminders import legal_window, reminder_dates
from services.contracts.domain.renewals.renewal import Renewal
from services.contracts.domain.renewals.renewal_signals import Signal, facts_of
from services.contracts.domain.renewals.renewals_errors import ContractNotRenewable
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.notice import last_cancellation_date
from services.contracts.domain.terms.periods import Span
from services.contracts.domain.terms.terms import RenewalKind

_BEFORE_NOTICE = timedelta(days=60)
RENEWABLE = (ContractState.ACTIVE, ContractState.SUSPENDED)


def renewal_id(contract_id: str, term_number: int) -> str:
    """Return the one id that the renewal of a term has."""
    return derived_id("ren", contract_id, str(term_number))


def refuse_unless_renewable(contract: Contract) -> None:
    """Refuse with CONTRACT_NOT_RENEWABLE a contract without a term that can go on."""
    if contract.state not in RENEWABLE or contract.termination or contract.successor_id:
        state = "followed by another" if contract.successor_id else contract.state.value
        raise ContractNotRenewable(contract.id, state="to be terminated" if contract.termination else state)


def opening_date(term_end: date, notice_date: date, *, lead_days: int) -> date:
    """Return when work on the next term begins: so long before the term's end, and two months before the notice."""
    return min(term_end - timedelta(days=lead_days), notice_date - _BEFORE_NOTICE)


def notice_date_of(contract: Contract) -> date:
    """Return the last day on which a cancellation of the current term is in time."""
    return last_cancellation_date(contract.end_date, renewal_rule(contract).notice)


def opened_renewal(
    contract: Contract, next_term: NextTerm, *, signals: Sequence[Signal], model: LikelihoodModel, now: datetime
) -> Renewal:
    """Return the renewal of a contract's current term, with what is said when it is opened."""
    today, rule, notice_date = contract.today(now), renewal_rule(contract), notice_date_of(contract)
    window = legal_window_of(contract)
    renewal = Renewal(
        id=renewal_id(contract.id, contract.term_number),
        contract_id=contract.id,
        customer_id=contract.customer_id,
        owner_id=contract.owner_id,
        kind=rule.kind,
        term_number=contract.term_number,
        term_start=contract.start_date,
        term_end=contract.end_date,
        month=contract.end_date.isoformat()[:7],
        notice_date=notice_date,
        next_end=next_term.terms.end_date,
        due_amount=contract.price,
        amount=next_term.terms.price,
        formula=next_term.formula,
        legal_window=window,
        reminder_dates=reminder_dates(window, term_end=contract.end_date, opened=today),
        likelihood=scored(
            signals,
            model,
            term_number=contract.term_number,
            prices=(contract.price, next_term.terms.price),
            kind=rule.kind,
            today=today,
            now=now,
        ),
        scored_date=today,
        create_time=now,
        update_time=now,
    )
    return renewal.looked_at(today).opened(now)


def rescored(
    renewal: Renewal, signals: Sequence[Signal], *, model: LikelihoodModel, today: date, now: datetime
) -> Renewal:
    """Return an open renewal with its likelihood as of today."""
    prices = (renewal.due_amount, renewal.expected)
    return renewal.scored(
        scored(signals, model, term_number=renewal.term_number, prices=prices, kind=renewal.kind, today=today, now=now)
    )


def scored(
    signals: Sequence[Signal],
    model: LikelihoodModel,
    *,
    term_number: int,
    prices: tuple[Money, Money],
    kind: RenewalKind,
    today: date,
    now: datetime,
) -> Likelihood:
    """Return what the model makes of what was heard."""
    facts = facts_of(
        signals, terms_renewed=term_number - 1, prices=prices, by_itself=kind is not RenewalKind.OFFER, now=now
    )
    return likelihood_of(facts, model, today=today)


def legal_window_of(contract: Contract) -> Span | None:
    """Return the days on which the law wants a reminder; it wants none of a contract that ends unless renewed."""
    if renewal_rule(contract).kind is RenewalKind.OFFER:
        return None
    policy = policy_of(contract.jurisdiction, consumer=contract.consumer)
    return legal_window(
        policy,
        term_start=contract.start_date,
        term_end=contract.end_date,
        notice_date=notice_date_of(contract),
    )
