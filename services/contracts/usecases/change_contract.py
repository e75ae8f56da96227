"""Change a contract in force: amend, suspend, resume, end."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.contracts.domain.life_cycle import contract_end, contract_force
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_end import Ending
from services.contracts.domain.life_cycle.contract_terms import TermsDetails
from services.contracts.ports.paperwork import TextFreezer
from services.contracts.usecases.order import Desk, Order
from services.contracts.usecases.refuse_strangers import RefuseStrangers


@dataclass(frozen=True, slots=True)
class AmendContract:
    """Agree on one more version, and freeze its text."""

    desk: Desk
    refuse_strangers: RefuseStrangers
    freeze: TextFreezer

    def __call__(self, order: Order, details: TermsDetails, *, effective_date: date, reason: str) -> Contract:
        """Return the contract with the new version; the older ones stay as they are."""

        def amend(contract: Contract, now: datetime) -> Contract:
            amended = contract_force.amend(
                contract, details, by=order.by, effective_date=effective_date, reason=reason, now=now
            )
            version = amended.versions[-1]
            self.refuse_strangers(version.lines, customer_id=contract.customer_id)
            sha256 = self.freeze(replace(amended, versions=(version,)), now=now)
            return replace(amended, versions=(*contract.versions, replace(version, text_sha256=sha256)))

        return self.desk.carry_out(order, amend, verb="amend")


@dataclass(frozen=True, slots=True)
class SuspendContract:
    """Active to suspended."""

    desk: Desk

    def __call__(
        self, order: Order, *, start_date: date | None, planned_end_date: date | None, reason: str
    ) -> Contract:
        """Return the suspended contract."""
        return self.desk.carry_out(
            order,
            lambda contract, now: contract_force.suspend(
                contract,
                by=order.by,
                start_date=start_date,
                planned_end_date=planned_end_date,
                reason=reason,
                now=now,
            ),
            verb="suspend",
        )


@dataclass(frozen=True, slots=True)
class ResumeContract:
    """Suspended to active."""

    desk: Desk

    def __call__(self, order: Order, *, effective_date: date | None) -> Contract:
        """Return the contract in force again."""
        return self.desk.carry_out(
            order,
            lambda contract, now: contract_force.resume(contract, by=order.by, effective_date=effective_date, now=now),
            verb="resume",
        )


@dataclass(frozen=True, slots=True)
class TerminateContract:
    """Signed, active or suspended to terminated."""

    desk: Desk

    def __call__(self, order: Order, ending: Ending) -> Contract:
        """Return the contract ended, or with its end agreed."""
        return self.desk.carry_out(
            order,
            lambda contract, now: contract_end.terminate(contract, ending, by=order.by, now=now),
            verb="terminate",
        )
