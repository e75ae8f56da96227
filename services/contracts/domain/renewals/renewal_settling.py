"""What became of an open renewal, told by where its contract stands."""

from datetime import date, datetime, timedelta

from services.contracts.domain.life_cycle.contract import JOBS
from services.contracts.domain.life_cycle.contract_states import ContractState
from services.contracts.domain.renewals.renewal import Outcome, Renewal
from services.contracts.domain.renewals.renewal_stages import LostReason, WonBy
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import RenewalKind


def won_by_itself(renewal: Renewal, price: Money, *, now: datetime) -> Renewal:
    """Return the renewal of a contract that went on because nobody cancelled."""
    return renewal.won(Outcome(by=JOBS, time=now, won_by=WonBy.BY_ITSELF, amount=price))


def lost_for(renewal: Renewal, reason: LostReason, *, now: datetime, by: str = JOBS, note: str = "") -> Renewal:
    """Return the renewal lost."""
    return renewal.lost(Outcome(by=by, time=now, lost_reason=reason, note=note, amount=renewal.due_amount))


def settled(  # noqa: PLR0913  # what is known of a contract
    renewal: Renewal,
    *,
    state: ContractState,
    term_number: int,
    successor_id: str,
    cancelled: bool,
    price: Money,
    grace_days: int,
    today: date,
    now: datetime,
) -> Renewal:
    """Return an open renewal with the outcome that its contract shows, or itself where there is none yet.

    A term that ran out leaves some days of grace, in which a successor can still be agreed.
    """
    if term_number > renewal.term_number:
        won_by = WonBy.EXTENSION if renewal.kind is RenewalKind.OFFER else WonBy.BY_ITSELF
        return renewal.won(Outcome(by=JOBS, time=now, won_by=won_by, amount=price))
    if successor_id:
        outcome = Outcome(by=JOBS, time=now, won_by=WonBy.SUCCESSOR, successor_id=successor_id, amount=renewal.expected)
        return renewal.won(outcome)
    if state is ContractState.TERMINATED:
        return lost_for(renewal, LostReason.TERMINATED, now=now)
    if cancelled:
        return lost_for(renewal, LostReason.CANCELLED, now=now)
    if state is ContractState.EXPIRED and today > renewal.term_end + timedelta(days=grace_days):
        return lost_for(renewal, LostReason.NO_ANSWER, now=now)
    return renewal
