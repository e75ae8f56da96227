"""Say what it costs to let contracts end on one day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.chassis.checks import batch, civil_date
from services.chassis.errors import NotFound
from services.contracts.domain.billing.cotermination import Stub, co_terminate
from services.contracts.ports.pricing import PricedContracts

_MOST = 100


@dataclass(frozen=True, slots=True)
class PreviewCoTermination:
    """Computes the stubs; nothing changes."""

    contracts: PricedContracts

    def __call__(self, contract_ids: Sequence[str], *, end_date: str) -> tuple[date, tuple[Stub, ...]]:
        """Return the common end and what each contract lacks to it, in the order asked."""
        ids = batch(contract_ids, "contract_ids", prefix="con", most=_MOST)
        known = {each.id: each for each in self.contracts.batch_get(ids)}
        for key in ids:
            if key not in known:
                raise NotFound.of("contract", key)
        return co_terminate([known[key] for key in ids], end=civil_date(end_date, "end_date") if end_date else None)
