"""Withdraws visits of contracts that ended and of members who are erased, and records what visits came to."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.care.domain.visits.calling import require_free
from services.care.domain.visits.kinds import CancelReason
from services.care.domain.visits.visit import Report, Visit
from services.care.ports.visits import ContractStates, VisitFilter, Visits
from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id


@dataclass(frozen=True, slots=True)
class CancelVisits:
    """A contract has ended: visits that are still due are withdrawn."""

    visits: Visits
    contracts: ContractStates

    def __call__(self, contract_id: str, *, version: int) -> None:
        """Withdraw them; hearing it twice, or before the activation, does no harm."""
        self.contracts.heard(contract_id, version=version, ended=True)
        self.withdraw(contract_id)

    def withdraw(self, contract_id: str) -> None:
        """Withdraw what is due for the contract."""
        for visit in self.visits.due_of(VisitFilter(contract_id=contract_id)):
            self.visits.change(
                visit.id, lambda stored: stored.cancel(CancelReason.CONTRACT_ENDED), etag="", request_id=""
            )


@dataclass(frozen=True, slots=True)
class WithdrawVisits:
    """Members are erased: nobody is sent to them any more."""

    visits: Visits

    def __call__(self, member_ids: Sequence[str]) -> None:
        """Withdraw what is open of them; a repeat finds nothing left to do."""
        for visit in self.visits.open_of(member_ids):
            self.visits.change(visit.id, Visit.withdrawn, etag="", request_id="")


@dataclass(frozen=True, slots=True)
class CompleteVisit:
    """Records what a visit came to."""

    visits: Visits
    clock: Clock

    def __call__(self, visit_id: str, report: Report, *, by: str, etag: str, request_id: str) -> Visit:
        """Return the visit after the change."""
        now = self.clock.now()

        def step(visit: Visit) -> Visit:
            require_free(visit, by, now=now)
            return visit.complete(report, by=by, now=now)

        return self.visits.change(
            check_id(visit_id, "vis", field="visit_id"),
            step,
            etag=etag,
            request_id=request_key("complete", request_id),
        )
