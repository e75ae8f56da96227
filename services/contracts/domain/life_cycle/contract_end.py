"""The end of a contract before its term: why, from which day on, and what the customer gets back."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.chassis.checks import text
from services.chassis.errors import InvalidField
from services.contracts.domain.life_cycle.contract import JOBS, Contract
from services.contracts.domain.life_cycle.contract_states import Termination, TerminationCode, Verb
from services.contracts.domain.life_cycle.contract_terms import MOST_REASON
from services.contracts.domain.life_cycle.life_cycle_events import ContractTerminated
from services.contracts.domain.terms.money import Money, total
from services.contracts.domain.terms.periods import Span, whole_tiles
from services.contracts.domain.terms.proration import Prorated, prorate
from services.contracts.domain.terms.terms import BillingTiming, CreditPolicy, TermsVersion

_DAY = timedelta(days=1)


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
    credit = credit_of(contract.terms_at(day) or contract.terms, effective_date=day, policy=policy)
    agreed = Termination(
        code=ending.code,
        reason=why,
        last_date=day - _DAY,
        by=by,
        recorded_time=now,
        credit_policy=policy,
        credit=credit.amount,
        formula=credit.formula,
    )
    settled = replace(contract, termination=agreed, update_time=now, events=())
    return _ended(settled, agreed, by=by, now=now) if day <= today else settled


def terminate_when_due(contract: Contract, *, now: datetime) -> Contract:
    """Return the contract ended once the agreed day has come for the customer, else itself."""
    agreed = contract.termination
    if agreed is None or contract.today(now) < agreed.effective_date:
        return contract
    return _ended(contract, agreed, by=JOBS, now=now)


def credit_of(terms: TermsVersion, *, effective_date: date, policy: CreditPolicy) -> Prorated:
    """Return what the customer gets back of the billing period that a termination cuts off, and how it is found.

    A period that is billed in arrears has not been paid for, and one that begins on the day was not billed yet: both
    give nothing. Without lines, a period costs its share of the term's price.
    """
    nothing = Prorated(Money(terms.price.currency_code, 0), "0")
    term = Span(terms.start_date, terms.end_date)
    if policy is CreditPolicy.NONE or terms.billing.timing is BillingTiming.IN_ARREARS or effective_date > term.end:
        return nothing
    inside = max(effective_date - _DAY, term.start)
    period = _period_of(terms, inside)
    paid = period.cut(term)
    unused = Span(max(effective_date, term.start), period.end).cut(term) if effective_date <= period.end else None
    if paid is None or unused is None:
        return nothing
    part = paid if policy is CreditPolicy.FULL else unused
    found = [each for each in _parts(terms, part, period=period, term=term) if each.amount.minor_units]
    amount = total((each.amount for each in found), terms.price.currency_code)
    return Prorated(amount, " + ".join(each.formula for each in found) or "0")


def _period_of(terms: TermsVersion, day: date) -> Span:
    billing = terms.billing
    anchor = billing.anchor_date or terms.start_date
    return next(whole_tiles(anchor, billing.period, mode=billing.anchor_mode, first=day, last=day))


def _parts(terms: TermsVersion, part: Span, *, period: Span, term: Span) -> list[Prorated]:
    day_count = terms.billing.day_count
    if not terms.lines:
        return [prorate(terms.price, part=part, whole=term, day_count=day_count)]
    found = []
    for line in terms.lines:
        own = part.cut(Span(line.start_date or term.start, line.end_date or term.end))
        if own:
            found.append(prorate(line.price * line.quantity, part=own, whole=period, day_count=day_count))
    return found


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
