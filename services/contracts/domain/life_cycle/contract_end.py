"""The end of a contract before its term: why, from which day on, and what the customer gets back."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.chassis.checks import text
from services.chassis.errors import InvalidField
from services.contracts.domain.billing.billing_plan import Charge, charges
from services.contracts.domain.life_cycle.contract import JOBS, Contract
from services.contracts.domain.life_cycle.contract_states import Termination, TerminationCode, Verb
from services.contracts.domain.life_cycle.contract_terms import MOST_REASON
from services.contracts.domain.life_cycle.life_cycle_events import ContractTerminated
from services.contracts.domain.terms.money import total
from services.contracts.domain.terms.proration import Prorated
from services.contracts.domain.terms.terms import CreditPolicy

_DAY = timedelta(days=1)
MOST_CHARGES = 1_000_000
"""However long its schedule is, a contract can be ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What people say of a termination, not yet checked."""

    code: TerminationCode | None
    reason: str
    effective_date: date | None = None
    """The first day that is no longer in force. None: today."""
    credit_policy: CreditPolicy | None = None
    """None: as the contract says."""


def terminate(contract: Contract, ending: Ending, *, by: str, now: datetime) -> Contract:
    """Return the contract ended, or, where the day lies ahead, with the end agreed: a job ends it on that day.

    Refused with CONTRACT_TRANSITION_REFUSED, INVALID_FIELD (no code, no words, a day outside the term).
    """
    contract.refuse_unless(Verb.TERMINATE)
    if ending.code is None:
        raise InvalidField("termination_code", "termination_code is missing.")
    why = text(ending.reason, "termination_reason", most=MOST_REASON, least=1)
    today = contract.today(now)
    day = ending.effective_date or today
    first = min(contract.versions[0].start_date, today)
    if not first <= day <= max(contract.end_date, today):
        raise InvalidField("effective_date", f"effective_date must be {first} to {contract.end_date}.")
    policy = ending.credit_policy or contract.credit_policy
    said = Termination(
        code=ending.code, reason=why, last_date=day - _DAY, by=by, recorded_time=now, credit_policy=policy
    )
    credit = credit_of(contract, said)
    agreed = replace(said, credit=credit.amount, formula=credit.formula)
    settled = replace(contract, termination=agreed, update_time=now, events=())
    return _ended(settled, agreed, by=by, now=now) if day <= today else settled


def terminate_when_due(contract: Contract, *, now: datetime) -> Contract:
    """Return the contract ended once the agreed day has come for the customer, else itself."""
    agreed = contract.termination
    if agreed is None or contract.today(now) < agreed.effective_date:
        return contract
    return _ended(contract, agreed, by=JOBS, now=now)


def credit_of(contract: Contract, agreed: Termination) -> Prorated:
    """Return what the customer gets back of what was due before the end, and how it is found.

    It is what the schedule of bills takes back: suspended days, amendments and lines of their own days count as they
    were billed. What is billed in arrears, or falls due on the first day out of force or later, was not paid for.
    """
    whole = replace(contract, termination=None)
    ended = replace(whole, termination=agreed)
    was, left = (charges(each, until=contract.end_date, most=MOST_CHARGES) for each in (whole, ended))
    paid = [charge for charge in was.values() if charge.due_date < agreed.effective_date]
    found = [credit for charge in paid if (credit := _taken_back(charge, left.get(charge.key))).amount.minor_units]
    amount = total((each.amount for each in found), contract.price.currency_code)
    return Prorated(amount, " + ".join(each.formula for each in found) or "0")


def _taken_back(charge: Charge, kept: Charge | None) -> Prorated:
    if kept is None:
        return Prorated(charge.amount, charge.formula)
    rest = charge.amount - kept.amount
    return Prorated(rest, f"{charge.amount} − ({kept.formula}) = {rest}")


def _ended(contract: Contract, agreed: Termination, *, by: str, now: datetime) -> Contract:
    moved = contract.moved(Verb.TERMINATE, now, by=by, effective_date=agreed.effective_date, reason=agreed.reason)
    said = ContractTerminated(
        contract_id=contract.id,
        customer_id=contract.customer_id,
        owner_id=contract.owner_id,
        termination_reason=agreed.reason,
        termination_code=agreed.code,
        effective_date=agreed.effective_date,
        credit=agreed.credit,
        contract_version=contract.version + 1,
        occurred_time=now,
    )
    return replace(moved, terminated_time=now, events=(said,))
