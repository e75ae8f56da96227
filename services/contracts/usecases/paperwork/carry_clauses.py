"""Take the clauses of a contract over into the draft that follows it."""

from dataclasses import dataclass
from datetime import datetime

from services.contracts.domain.life_cycle.contract import Contract
from services.contracts.domain.paperwork.carried_clauses import with_clauses
from services.contracts.ports.paperwork import ClauseTemplates


@dataclass(frozen=True, slots=True)
class CarryClauses:
    """Looks up the newest wording of every clause in one read."""

    templates: ClauseTemplates

    def __call__(self, draft: Contract, predecessor: Contract | None, *, now: datetime) -> Contract:
        """Return the draft with its clauses, and a comment about them; without a predecessor there are none."""
        wanted = [each.template_id for each in predecessor.paper.clauses] if predecessor else []
        found = self.templates.batch_get(wanted) if wanted else ()
        return with_clauses(draft, predecessor, templates={each.id: each for each in found}, now=now)
