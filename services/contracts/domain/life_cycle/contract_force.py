"""A signed contract: its gates, its coming into force, its amendments and suspensions."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from services.chassis.checks import text
from services.chassis.errors import InvalidField
from services.contracts.domain.life_cycle.contract import JOBS, Contract
from services.contracts.domain.life_cycle.contract_states import Gate, GatePassed, Suspension, Verb
from services.contracts.domain.life_cycle.contract_terms import MOST_REASON, Recorded, TermsDetails, checked_terms
from services.contracts.domain.life_cycle.errors import ContractGatesOpen
from services.contracts.domain.life_cycle.life_cycle_events import ContractActivated, ContractResumed, ContractSuspended
from services.contracts.domain.life_cycle.said import contract_amended
from services.contracts.domain.terms.numbered import numbered
from services.contracts.domain.terms.periods import Span
from services.contracts.domain.terms.proration import at_the_same_rate
from services.contracts.domain.terms.term_price import at_its_price

_DAY = timedelta(days=1)


def confirm(contract: Contract, gate: Gate, *, by: str, note: str, now: datetime) -> Contract:
    """Return the contract with a gate passed; one that is passed already stays as it was, and nothing is written."""
    contract.refuse_unless(Verb.CONFIRM)
    said = GatePassed(gate=gate, by=by, time=now, note=text(note, "note", most=MOST_REASON))
    if contract.passed(gate):
        return contract
    return replace(contract, gates=(*contract.gates, said), update_time=now, events=())


def activate(contract: Contract, *, by: str, required: frozenset[Gate], now: datetime) -> Contract:
    """Return the contract in force, or refuse with CONTRACT_GATES_OPEN while a required gate is not passed.

    A term that began before this day is in force from its first day on, as known from now on.
    """
    day = min(contract.today(now), contract.start_date)
    moved = contract.moved(Verb.ACTIVATE, now, by=by, effective_date=day)
    missing = sorted(gate.value for gate in required if not contract.passed(gate))
    if missing:
        raise ContractGatesOpen(contract.id, gates=missing)
    said = ContractActivated(
        contract_id=contract.id,
        customer_id=contract.customer_id,
        owner_id=contract.owner_id,
        start_date=contract.start_date,
        end_date=contract.end_date,
        contract_version=contract.version + 1,
        occurred_time=now,
    )
    return replace(moved, activated_time=now, events=(said,))


def amend(
    contract: Contract, details: TermsDetails, *, by: str, effective_date: date, reason: str, now: datetime
) -> Contract:
    """Return the contract with one more version, which holds from a day of the term on; what was signed stays.

    The term keeps its first day, whatever `details` say, and its billing and renewal where they are silent. Where the
    next term is agreed already, an amendment of the current one leaves the next as it is. Refused as `checked_terms`
    refuses, and with INVALID_FIELD: no reason, another currency, a day outside the term, an end that has passed or
    runs into the next term, a line id that no version has.
    """
    contract.refuse_unless(Verb.AMEND)
    text(reason, "reason", most=MOST_REASON, least=1)
    made = Recorded(
        contract_id=contract.id,
        number=len(contract.versions) + 1,
        by=by,
        now=now,
        effective_date=effective_date,
        reason=reason,
        first_date=contract.versions[0].start_date,
    )
    base = contract.terms_at(effective_date) or contract.terms
    kept = replace(
        details,
        start_date=base.start_date.isoformat(),
        billing=details.billing or base.billing,
        renewal=details.renewal or base.renewal,
    )
    version = checked_terms(kept, made)
    if version.price.currency_code != contract.price.currency_code:
        raise InvalidField("price.currency_code", f"The contract is in {contract.price.currency_code}.")
    if not version.start_date <= effective_date <= version.end_date:
        raise InvalidField("effective_date", f"effective_date {effective_date} is outside the term.")
    if version.end_date < min(contract.today(now), base.end_date):
        raise InvalidField("end_date", "An amendment cannot end the term in the past; terminate the contract.")
    if base.start_date < contract.start_date and version.end_date != base.end_date:
        raise InvalidField("end_date", f"The next term is agreed: this one ends on {base.end_date}.")
    _refuse_unknown_lines(contract, details)
    amended = replace(contract, versions=(*contract.versions, version), update_time=now)
    return replace(amended, events=(contract_amended(amended, version, now=now),))


def suspend(
    contract: Contract, *, by: str, start_date: date | None, planned_end_date: date | None, reason: str, now: datetime
) -> Contract:
    """Return the contract suspended from a day on: today, or a day of the term that has passed.

    A suspension with a planned last day is ended by a job on the day after.
    """
    today = contract.today(now)
    start = start_date or today
    moved = contract.moved(
        Verb.SUSPEND, now, by=by, effective_date=start, reason=text(reason, "reason", most=MOST_REASON, least=1)
    )
    earliest = _earliest(contract)
    if not earliest <= start <= min(today, contract.end_date):
        raise InvalidField("start_date", f"start_date must be {earliest} to {min(today, contract.end_date)}.")
    if planned_end_date and planned_end_date < max(start, today):
        raise InvalidField("end_date", f"end_date {planned_end_date} has passed.")
    suspension = Suspension(
        start_date=start,
        planned_end_date=planned_end_date,
        extends=contract.suspension_extends,
        reason=moved.moves[-1].reason,
    )
    said = ContractSuspended(
        contract_id=contract.id,
        customer_id=contract.customer_id,
        owner_id=contract.owner_id,
        start_date=start,
        planned_end_date=planned_end_date,
        reason=suspension.reason,
        contract_version=contract.version + 1,
        occurred_time=now,
    )
    return replace(moved, suspensions=(*contract.suspensions, suspension), events=(said,))


def resume(contract: Contract, *, by: str, effective_date: date | None, now: datetime) -> Contract:
    """Return the contract in force again from a day on: today, or a day since the suspension began.

    Where the contract says so, the term ends later by the days of the suspension, in one more version.
    """
    contract.refuse_unless(Verb.RESUME)
    today, open_one = contract.today(now), contract.suspensions[-1]
    day = effective_date or today
    if not open_one.start_date <= day <= today:
        raise InvalidField("effective_date", f"effective_date must be {open_one.start_date} to {today}.")
    moved = contract.moved(Verb.RESUME, now, by=by, effective_date=day)
    ended = replace(open_one, end_date=day - _DAY)
    resumed = replace(moved, suspensions=(*contract.suspensions[:-1], ended))
    lost = (day - open_one.start_date).days
    if open_one.extends and lost:
        resumed = _longer(resumed, days=lost, day=day, by=by, now=now)
    said = ContractResumed(
        contract_id=contract.id,
        customer_id=contract.customer_id,
        owner_id=contract.owner_id,
        effective_date=day,
        end_date=resumed.end_date,
        contract_version=contract.version + 1,
        occurred_time=now,
    )
    return replace(resumed, events=(said,))


def resume_when_due(contract: Contract, *, now: datetime) -> Contract:
    """Return the contract in force again on the day after the planned last day of its suspension, else itself.

    However late this is done, the suspension has lasted to its planned last day and not longer.
    """
    planned = contract.suspensions[-1].planned_end_date if contract.suspensions else None
    if planned is None or contract.today(now) <= planned:
        return contract
    return resume(contract, by=JOBS, effective_date=planned + _DAY, now=now)


def _longer(contract: Contract, *, days: int, day: date, by: str, now: datetime) -> Contract:
    """Return the contract with a longer term, whose days cost what they cost before: those suspended cost nothing."""
    terms = contract.terms
    whole = Span(terms.start_date, terms.end_date)
    longer = Span(terms.start_date, terms.end_date + timedelta(days=days))
    version = replace(
        terms,
        number=len(contract.versions) + 1,
        effective_date=max(day, terms.effective_date),
        recorded_time=now,
        recorded_by=by,
        end_date=longer.end,
        price=at_the_same_rate(terms.price, whole=whole, longer=longer, day_count=terms.billing.day_count),
        text_sha256="",
        reason=numbered(f"suspended for {days} day(s)", days),
    )
    priced = at_its_price(version, first=contract.versions[0].start_date)
    return replace(contract, versions=(*contract.versions, priced))


def _earliest(contract: Contract) -> date:
    """Return the first day that can be suspended: of the first term, or after the last suspension."""
    ended = [each.end_date + _DAY for each in contract.suspensions if each.end_date]
    return max([contract.versions[0].start_date, *ended])


def _refuse_unknown_lines(contract: Contract, details: TermsDetails) -> None:
    known = {each.id for version in contract.versions for each in version.lines}
    for place, each in enumerate(details.lines):
        if each.id and each.id not in known:
            raise InvalidField(f"lines[{place}].id", f"lines[{place}].id is no line of this contract.")
