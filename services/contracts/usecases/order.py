"""What every verb on a contract is asked with, and how it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id
from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.ports.contracts import Contracts


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which contract, on whose behalf, and the guards against lost updates and repeats."""

    contract_id: str
    by: str
    etag: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where contracts are changed: the record and the clock."""

    contracts: Contracts
    clock: Clock

    def carry_out(self, order: Order, step: Callable[[Contract, datetime], Contract], *, verb: str) -> Contract:
        """Return the contract after the step; a repeat of the order with this verb takes no second one."""
        now = self.clock.now()
        return self.contracts.change(
            check_id(order.contract_id, "con", field="contract_id"),
            lambda contract: step(contract, now),
            etag=order.etag,
            request_key=request_key(verb, order.request_id),
        )
