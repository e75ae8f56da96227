"""Shows the care of a month, past and planned."""

from dataclasses import dataclass

from services.care.domain.results.agenda import AgendaDay, agenda
from services.care.ports.results import CareCounts
from services.chassis import checks


@dataclass(frozen=True, slots=True)
class ShowAgenda:
    """Reads; changes nothing."""

    counts: CareCounts

    def __call__(self, month: str) -> tuple[AgendaDay, ...]:
        """Return the days of a month (`YYYY-MM`) on which there is something, or refuse with INVALID_FIELD."""
        first, last = f"{checks.month(month, 'month')}-01", f"{month}-31"
        return agenda(self.counts.touches(first, last), self.counts.visits(first, last))
