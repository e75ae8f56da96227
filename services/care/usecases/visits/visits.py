"""Plans return visits after contracts, withdraws them, and records what they came to."""

from dataclasses import dataclass, replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from services.care.domain.visits.visit import ActivatedContract, Visit, VisitOutcome
from services.care.ports.members import MergedCustomers
from services.care.ports.visits import ContractStates, PrimaryMembers, Visits
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id, derived_id


@dataclass(frozen=True, slots=True)
class PlanVisit:
    """A contract came into force: somebody calls some days later. Hearing it twice plans one visit."""

    visits: Visits
    contracts: ContractStates
    members: PrimaryMembers
    merged: MergedCustomers
    clock: Clock
    after_days: int
    time_zone: str

    def __call__(self, contract: ActivatedContract) -> None:
        """Plan the visit, unless newer news says that the contract has ended."""
        if not self.contracts.heard(contract.contract_id, version=contract.version, ended=False):
            return
        contract = replace(contract, customer_id=self.merged.survivor_of(contract.customer_id))
        day = contract.activated_at.astimezone(ZoneInfo(self.time_zone)).date() + timedelta(days=self.after_days)
        self.visits.add(
            Visit.planned(
                derived_id("vis", "contract_activated", contract.contract_id),
                contract,
                member_id=self.members.primary_of(contract.customer_id),
                due=day,
                now=self.clock.now(),
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
        for visit in self.visits.due_of(contract_id):
            self.visits.change(visit.id, Visit.cancel, etag="", request_id="")


@dataclass(frozen=True, slots=True)
class CompleteVisit:
    """Records what a visit came to."""

    visits: Visits
    clock: Clock

    def __call__(
        self, visit_id: str, outcome: VisitOutcome, *, satisfaction: int, words: str, etag: str, request_id: str
    ) -> Visit:
        """Return the visit after the change."""
        return self.visits.change(
            check_id(visit_id, "vis", field="visit_id"),
            lambda visit: visit.complete(outcome, satisfaction=satisfaction, words=words, now=self.clock.now()),
            etag=etag,
            request_id=request_key("complete", request_id),
        )
