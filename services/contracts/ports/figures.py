"""What the figures are read from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.contracts.domain.figures.attached import EndedWarranty
from services.contracts.domain.figures.booked import BookedContract
from services.contracts.domain.figures.monthly import ChargedService
from services.contracts.domain.terms.periods import Span


class FigureSources(Protocol):
    """Contracts, services and warranties, of which what belongs to a doublet belongs to its survivor."""

    def booked(self, *, owner_id: str = "") -> Sequence[BookedContract]:
        """Return every contract that was ever signed, of one employee or of all; without what its lines cover."""

    def covering(self, customer_ids: Sequence[str]) -> Sequence[BookedContract]:
        """Return every contract of these customers that was ever signed, with what its lines cover."""

    def services(self, start: datetime, end: datetime, *, owner_id: str) -> Sequence[ChargedService]:
        """Return the chargeable services completed from a moment to before another."""

    def warranties(self, span: Span, *, owner_id: str) -> Sequence[EndedWarranty]:
        """Return the assets that somebody has and whose warranty has its last day among these."""
