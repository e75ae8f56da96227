"""Record what was done for a customer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.chassis.clock import Clock
from services.contracts.domain.figures.served import Served, checked
from services.contracts.ports.served import ServedLedger


@dataclass(frozen=True, slots=True)
class RecordServed:
    """Keeps one entry for each event, however often it is heard."""

    ledger: ServedLedger
    clock: Clock

    def __call__(self, heard: Callable[[datetime], Served]) -> bool:
        """Return whether it was new; `heard` is given the moment of hearing."""
        return self.ledger.record(checked(heard(self.clock.now())))
