"""Sign a contract, pass its gates and bring it into force."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.chassis.errors import InvalidField
from services.contracts.domain.life_cycle import contract_force, contract_review
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.life_cycle.contract_states import Gate
from services.contracts.domain.life_cycle.errors import LegalRoleRequired
from services.contracts.ports.paperwork import TextFreezer
from services.contracts.usecases.order import Desk, Order


@dataclass(frozen=True, slots=True)
class SignContract:
    """Approved to signed; the departments named in the settings get copies."""

    desk: Desk
    departments: tuple[str, ...]
    freeze: TextFreezer

    def __call__(self, order: Order) -> Contract:
        """Return the signed contract; its text is frozen, and the contract holds the hash of it."""

        def sign(contract: Contract, now: datetime) -> Contract:
            signed = contract_review.sign(contract, by=order.by, departments=self.departments, now=now)
            return replace(signed, signed_text_sha256=self.freeze(contract, now=now))

        return self.desk.carry_out(order, sign, verb="sign")


@dataclass(frozen=True, slots=True)
class ConfirmGate:
    """Say that something that activation waits for is there."""

    desk: Desk

    def __call__(self, order: Order, *, gate: Gate | None, note: str, legal: bool) -> Contract:
        """Return the contract with the gate passed; a gate that was passed before stays as it is.

        `legal` says whether it is said by somebody of the role; the legal gate is theirs alone.
        """
        if gate is None:
            raise InvalidField("gate", "gate is missing.")
        if gate is Gate.LEGAL and not legal:
            raise LegalRoleRequired(order.contract_id)
        return self.desk.carry_out(
            order,
            lambda contract, now: contract_force.confirm(contract, gate, by=order.by, note=note, now=now),
            verb=f"confirm:{gate.value}",
        )


@dataclass(frozen=True, slots=True)
class ActivateContract:
    """Signed to active, once, however many ask at the same time."""

    desk: Desk
    gates: frozenset[Gate]

    def __call__(self, order: Order) -> Contract:
        """Return the contract in force."""
        return self.desk.carry_out(
            order,
            lambda contract, now: contract_force.activate(contract, by=order.by, required=self.gates, now=now),
            verb="activate",
        )
