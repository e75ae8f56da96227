"""So long after an event: counted in civil days of the company, as segments count them."""

from datetime import date

from services.care.domain.campaigns.due.anchors import anchors, moments_of
from services.care.domain.campaigns.due.who import Acted
from services.care.domain.campaigns.triggers import AfterEventTrigger


def after_event(trigger: AfterEventTrigger, day: date, *, zone: str) -> Acted | None:
    """Return who did it on a day from which the span leads to `day`; None: no day leads there."""
    days = anchors(day, trigger.after)
    return Acted(trigger.act, moments_of(days, zone)) if days else None
