"""Plans return visits after contracts, withdraws them, and records what they came to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.care.domain.visits.call_task import CallTask
from services.care.domain.visits.kinds import CancelReason, VisitKind
from services.care.domain.visits.visit import Report, Visit
from services.care.ports.visits import CallTasks, ContractStates, VisitFilter, Visits
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True)
class ActivatedContract:
    """What care needs to know of a contract that came into force."""

    contract_id: str
    customer_id: str
    owner_id: str
    version: int
    activated_at: datetime


@dataclass(frozen=True, slots=True)
class PlanVisit:
    """A contract came into force: somebody calls some days later. Hearing it twice plans one visit."""

    plan_call: CallTasks
    contracts: ContractStates
    after_days: int
    time_zone: str

    def __call__(self, contract: ActivatedContract) -> None:
        """Plan the visit, unless newer news says that the contract has ended."""
        if not self.contracts.heard(contract.contract_id, version=contract.version, ended=False):
            return
        day = contract.activated_at.astimezone(ZoneInfo(self.time_zone)).date() + timedelta(days=self.after_days)
        self.plan_call(
            CallTask(
                key=("contract_activated", contract.contract_id),
                kind=VisitKind.AFTER_ACTIVATION,
                due=day,
                contract_id=contract.contract_id,
                customer_id=contract.customer_id,
                owner_id=contract.owner_id,
            )
        )


@dataclass(frozen=True, slots=True)
class CancelVisits:
    """A contract has ended: visits that are still due are withdrawn."""

    visits: Visits
    contracts: ContractStates

    def __call__(self, contract_id: str, *, version: int) -> None:
        """Withdraw them; hearing it twice, or before the activation, does no harm."""
        self.contracts.heard(contract_id, version=version, ended=True)
        for visit in self.visits.due_of(VisitFilter(contract_id=contract_id)):
            self.visits.change(
                visit.id, lambda stored: stored.cancel(CancelReason.CONTRACT_ENDED), etag="", request_id=""
            )


@dataclass(frozen=True, slots=True)
class CompleteVisit:
    """Records what a visit came to."""

    visits: Visits
    clock: Clock

    def __call__(self, visit_id: str, report: Report, *, by: str, etag: str, request_id: str) -> Visit:
        """Return the visit after the change."""
        return self.visits.change(
            check_id(visit_id, "vis", field="visit_id"),
            lambda visit: visit.complete(report, by=by, now=self.clock.now()),
            etag=etag,
            request_id=request_key("complete", request_id),
        )
