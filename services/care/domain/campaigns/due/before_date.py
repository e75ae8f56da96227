"""So long before a date that is known of the member."""

from datetime import date

from services.care.domain.campaigns.due.anchors import anchors
from services.care.domain.campaigns.due.who import Dated
from services.care.domain.campaigns.triggers import BeforeDateTrigger


def before_date(trigger: BeforeDateTrigger, day: date) -> Dated | None:
    """Return who has the date on a day from which the span leads back to `day`; None: no day leads there."""
    days = anchors(day, trigger.before, before=True)
    return Dated(trigger.date, trigger.attribute, tuple(each.isoformat() for each in days)) if days else None
