"""What a return visit tells us: when it went badly, it is a complaint."""

from dataclasses import dataclass

from services.feedback.domain.case import MOST_WORDS, CaseDetails
from services.feedback.domain.deadline import CaseSeverity
from services.feedback.domain.kinds import CaseKind, CaseSource
from services.feedback.domain.words import readable

TITLE = "回访不满意 · Dissatisfied after a return visit"
TITLE_AGAIN = "复访仍不满意 · Still not content after the case was closed"
WORST_SATISFACTION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletedVisit:
    """A return visit that was made, as care reported it."""

    event_id: str
    visit_id: str
    contract_id: str
    customer_id: str
    member_id: str
    dissatisfied: bool
    satisfaction: int
    """1 (worst) to 5 (best). 0: not asked."""
    words: str
    bad_again: bool = False
    """The call was to confirm that a closed case was mended, and it was not."""


def complaint_of(visit: CompletedVisit) -> CaseDetails | None:
    """Return the complaint that a dissatisfied customer makes, or None."""
    if not visit.dissatisfied:
        return None
    grave = visit.bad_again or visit.satisfaction == WORST_SATISFACTION
    return CaseDetails(
        kind=CaseKind.COMPLAINT,
        severity=CaseSeverity.HIGH if grave else CaseSeverity.NORMAL,
        title=TITLE_AGAIN if visit.bad_again else TITLE,
        description=readable(visit.words, most=MOST_WORDS),
        customer_id=visit.customer_id,
        member_id=visit.member_id,
        contract_id=visit.contract_id,
        source=CaseSource.VISIT,
        source_id=visit.visit_id,
        source_event_id=visit.event_id,
    )
