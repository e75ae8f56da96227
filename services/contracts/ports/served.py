"""What was done for customers, as the use cases need it."""

from typing import Protocol

from services.contracts.domain.figures.served import Served


class ServedLedger(Protocol):
    """What was done for customers, one entry for each event."""

    def record(self, served: Served) -> bool:
        """Store the entry; say False, and change nothing, where this event is in the ledger already."""
