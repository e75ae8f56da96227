"""Bring billing schedules up to what contracts say: computed from the beginning, written as a difference."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from services.chassis.clock import Clock
from services.chassis.errors import DomainError, NotFound
from services.chassis.ids import check_id
from services.contracts.domain.billing.billing_difference import Difference, difference
from services.contracts.domain.billing.billing_errors import BillingNotParked, BillingParked, ContractNotBillable
from services.contracts.domain.billing.billing_line import BillingLine
from services.contracts.domain.billing.billing_plan import charges
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.terms.periods import add_months, month_end
from services.contracts.ports.billing import (
    BilledContracts,
    BillingLines,
    BillingSchedules,
    Loaded,
    Parking,
    Planned,
)

_BATCH, _TRIES = 100, 3
_UNREADABLE = "CONTRACT_UNREADABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far ahead a schedule reaches, and how many lines one run writes for one contract."""

    horizon_months: int
    most_changes: int


@dataclass(frozen=True, slots=True)
class PlanContracts:
    """Plans some contracts; one that cannot be planned is parked and does not hold up the others."""

    contracts: BilledContracts
    lines: BillingLines
    schedules: BillingSchedules
    clock: Clock
    limits: Limits

    def __call__(self, contract_ids: Sequence[str], holds: Callable[[], bool] = lambda: True) -> dict[str, int]:
        """Return how many lines were written for each contract; what a race left undone is found again later."""
        now = self.clock.now()
        until = self.horizon(now)
        stored = self.lines.of_contracts(contract_ids)
        found: list[tuple[Planned, Difference]] = []
        for loaded in self.contracts.load(contract_ids):
            if not holds():
                return {}
            found.append(self._plan(loaded, stored.get(loaded.contract_id, []), until=until, now=now))
        raced = self.lines.write([each for _, each in found])
        done = [(planned, each) for planned, each in found if planned.contract_id not in raced]
        self.schedules.note([planned for planned, _ in done])
        return {planned.contract_id: len(each) for planned, each in done}

    def horizon(self, now: datetime) -> date:
        """Return the day up to which is planned: a month's end, so that it moves once a month."""
        return month_end(add_months(now.date(), self.limits.horizon_months))

    def _plan(
        self, loaded: Loaded, stored: Sequence[BillingLine], *, until: date, now: datetime
    ) -> tuple[Planned, Difference]:
        contract = loaded.contract
        if contract is None:
            return self._parked(loaded, _UNREADABLE, message=loaded.problem, now=now)
        try:
            whole = difference(contract, charges(contract, until=until), stored=stored, now=now)
        except DomainError as error:
            return self._parked(loaded, error.code, message=error.message, now=now)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:  # a mistake in its data, or in ours
            return self._parked(loaded, type(error).__name__, message=str(error), now=now)
        part = whole.earliest(self.limits.most_changes)
        planned = Planned(
            contract_id=contract.id,
            contract_version=loaded.version,
            planned_until=date.max if _ends_by(contract, until) else until,
            complete=len(part) == len(whole),
        )
        return planned, part

    def _parked(self, loaded: Loaded, reason: str, *, message: str, now: datetime) -> tuple[Planned, Difference]:
        before = self.schedules.get(loaded.contract_id)
        attempts = before.parked.attempts + 1 if before and before.parked else 1
        parking = Parking(reason=reason, message=message[:500], time=now, attempts=attempts)
        planned = Planned(
            contract_id=loaded.contract_id,
            contract_version=loaded.version,
            planned_until=date.max,
            parked=parking,
        )
        return planned, Difference()


@dataclass(frozen=True, slots=True)
class PlanStale:
    """Plans every contract that changed since it was planned, or whose schedule no longer reaches far enough."""

    plan: PlanContracts

    def __call__(self, holds: Callable[[], bool]) -> int:
        """Return how many contracts were planned; ends soon after `holds` turns false."""
        until = self.plan.horizon(self.plan.clock.now())
        after, done = "", 0
        while holds():
            stale = self.plan.contracts.stale(until, after=after, size=_BATCH * 5)
            for place in range(0, len(stale.contract_ids), _BATCH):
                if not holds():
                    return done
                done += len(self.plan(stale.contract_ids[place : place + _BATCH], holds))
            after = stale.next_after
            if not after:
                break
        return done


@dataclass(frozen=True, slots=True)
class PlanOne:
    """Plans one contract now, for somebody who waits for it."""

    plan: PlanContracts

    def __call__(self, contract_id: str) -> int:
        """Return how many lines were written. Refused with CONTRACT_NOT_FOUND, CONTRACT_NOT_BILLABLE, BILLING_PARKED.

        A race with somebody else who changes the same lines is run again; the one after the last goes to the job.
        """
        check_id(contract_id, "con", field="contract_id")
        found = next(iter(self.plan.contracts.load([contract_id])), None)
        if found is None:
            raise NotFound.of("contract", contract_id)
        if found.contract and not found.contract.signed:
            raise ContractNotBillable(contract_id)
        done = next((each for _ in range(_TRIES) if (each := self.plan([contract_id]))), {})
        noted = self.plan.schedules.get(contract_id)
        if noted and noted.parked:
            raise BillingParked(contract_id, cause=noted.parked.reason, message=noted.parked.message)
        return done.get(contract_id, 0)


@dataclass(frozen=True, slots=True)
class RetryParked:
    """Plans a parked contract once more."""

    plan_one: PlanOne

    def __call__(self, contract_id: str) -> int:
        """Return how many lines were written. Refused with BILLING_NOT_PARKED and as `PlanOne`."""
        noted = self.plan_one.plan.schedules.get(check_id(contract_id, "con", field="contract_id"))
        if noted is None or noted.parked is None:
            raise BillingNotParked(contract_id)
        return self.plan_one(contract_id)


def _ends_by(contract: Contract, until: date) -> bool:
    return all(terms.end_date <= until for terms in contract.versions)
