"""Move a contract through its life: sign, activate, terminate."""

from dataclasses import dataclass

from services.chassis.checks import request_key
from services.chassis.clock import Clock
from services.chassis.ids import check_id
from services.contracts.domain.contract import Contract
from services.contracts.ports.contracts import Contracts


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Which contract to move, and the guards against lost updates and repeats."""

    contract_id: str
    etag: str = ""
    request_id: str = ""

    def checked_id(self) -> str:
        """Return the contract's id, or refuse what is none."""
        return check_id(self.contract_id, "con", field="contract_id")


@dataclass(frozen=True, slots=True)
class SignContract:
    """Draft to signed."""

    contracts: Contracts
    clock: Clock

    def __call__(self, order: Order) -> Contract:
        """Return the signed contract."""
        now = self.clock.now()
        key = request_key("sign", order.request_id)
        return self.contracts.change(
            order.checked_id(), lambda contract: contract.sign(now), etag=order.etag, request_key=key
        )


@dataclass(frozen=True, slots=True)
class ActivateContract:
    """Signed to active, once, however many ask at the same time."""

    contracts: Contracts
    clock: Clock

    def __call__(self, order: Order) -> Contract:
        """Return the contract in force."""
        now = self.clock.now()
        key = request_key("activate", order.request_id)
        return self.contracts.change(
            order.checked_id(), lambda contract: contract.activate(now), etag=order.etag, request_key=key
        )


@dataclass(frozen=True, slots=True)
class TerminateContract:
    """Signed or active to terminated."""

    contracts: Contracts
    clock: Clock

    def __call__(self, order: Order, *, reason: str) -> Contract:
        """Return the terminated contract."""
        now = self.clock.now()
        return self.contracts.change(
            order.checked_id(),
            lambda contract: contract.terminate(reason, now=now),
            etag=order.etag,
            request_key=request_key("terminate", order.request_id),
        )
