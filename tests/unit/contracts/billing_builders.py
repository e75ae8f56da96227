"""Contracts in force that name only what matters to a test of billing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from services.contracts.domain.billing.billing_difference import Difference, difference
from services.contracts.domain.billing.billing_line import BillingLine
from services.contracts.domain.billing.billing_plan import Charge, charges
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import ContractState, Move, Termination, TerminationCode
from services.contracts.domain.terms.money import Money
from services.contracts.domain.terms.terms import (
    AnchorMode,
    BillingTerms,
    BillingTiming,
    ContractLine,
    CreditPolicy,
    DayCount,
    Period,
    PeriodUnit,
    TermsVersion,
)

SIGNED = datetime(2025, 12, 1, 4, tzinfo=UTC)
FAR = date(2035, 12, 31)


def cny(yuan: int) -> Money:
    return Money("CNY", yuan * 100)


def day(text: str) -> date:
    return date.fromisoformat(text)


def a_line(number: int = 1, yuan: int = 100, **fields: Any) -> ContractLine:
    return ContractLine(id=f"lin_{number:026}", description=f"Line {number}", price=cny(yuan), **fields)


def monthly(
    count: int = 1,
    unit: PeriodUnit = PeriodUnit.MONTH,
    *,
    mode: AnchorMode = AnchorMode.ANNIVERSARY,
    timing: BillingTiming = BillingTiming.IN_ADVANCE,
    day_count: DayCount = DayCount.ACT_ACT,
) -> BillingTerms:
    return BillingTerms(period=Period(unit, count), anchor_mode=mode, timing=timing, day_count=day_count)


def terms(start: str, end: str, *lines: ContractLine, **fields: Any) -> TermsVersion:
    common: dict[str, Any] = {
        "number": 1,
        "effective_date": day(start),
        "recorded_time": SIGNED,
        "recorded_by": "li.wen",
        "title": "Care",
        "start_date": day(start),
        "end_date": day(end),
        "price": cny(1200),
        "lines": lines,
        "billing": monthly(),
    }
    return TermsVersion(**common | fields)


def active(*versions: TermsVersion, **fields: Any) -> Contract:
    move = Move(state=ContractState.ACTIVE, effective_date=versions[0].start_date, recorded_time=SIGNED, by="li.wen")
    common: dict[str, Any] = {
        "id": "con_" + "0" * 26,
        "customer_id": "cus_" + "0" * 26,
        "owner_id": "",
        "author": "li.wen",
        "state": ContractState.ACTIVE,
        "time_zone": "Asia/Shanghai",
        "versions": versions,
        "moves": (move,),
        "signed_time": SIGNED,
        "activated_time": SIGNED,
        "create_time": SIGNED,
        "update_time": SIGNED,
    }
    return Contract(**common | fields)


def ended(contract: Contract, last_date: str, *, policy: CreditPolicy) -> Contract:
    agreed = Termination(
        code=TerminationCode.MUTUAL,
        reason="moved away",
        last_date=day(last_date),
        by="li.wen",
        recorded_time=SIGNED,
        credit_policy=policy,
    )
    return replace(contract, termination=agreed, terminated_time=SIGNED)


def owed(contract: Contract, until: date = FAR) -> list[Charge]:
    """Return the charges in the order of days."""
    return [charge for _, charge in sorted(charges(contract, until=until).items(), key=lambda pair: pair[0])]


def amounts(contract: Contract) -> list[int]:
    return [charge.amount.minor_units for charge in owed(contract)]


def planned(contract: Contract, stored: Sequence[BillingLine] = (), *, now: datetime = SIGNED) -> Difference:
    return difference(contract, charges(contract, until=FAR), stored=stored, now=now)


def applied(stored: Sequence[BillingLine], found: Difference) -> list[BillingLine]:
    """Return the schedule after the difference was written, as the store does it."""
    kept = {line.id: line for line in stored}
    kept.update({line.id: line for line in found.add})
    kept.update({new.id: replace(new, version=old.version + 1) for old, new in found.change})
    for line in found.remove:
        del kept[line.id]
    return sorted(kept.values(), key=lambda line: (line.due_date, line.key, line.ordinal))
