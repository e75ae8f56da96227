"""What an accepted order tells us: when something was wrong, somebody has to put it right."""

from dataclasses import dataclass

from services.feedback.domain.case import MOST_WORDS, CaseDetails
from services.feedback.domain.kinds import CaseKind, CaseSource
from services.feedback.domain.words import readable

TITLE = "验收有问题 · Accepted with issues"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedOrder:
    """An order that a customer accepted, as contracts reported it."""

    event_id: str
    order_id: str
    customer_id: str
    title: str
    issues: tuple[str, ...]
    """What was wrong, in people's words. Empty: nothing."""


def request_of(order: AcceptedOrder) -> CaseDetails | None:
    """Return the service request that puts everything right which was wrong, or None."""
    if not order.issues:
        return None
    words = "\n".join([order.title, *(f"{number}. {issue}" for number, issue in enumerate(order.issues, 1))])
    return CaseDetails(
        kind=CaseKind.SERVICE_REQUEST,
        title=TITLE,
        description=readable(words, most=MOST_WORDS),
        customer_id=order.customer_id,
        source=CaseSource.ORDER,
        source_id=order.order_id,
        source_event_id=order.event_id,
    )
