"""Once: on one civil day of each member's own calendar, or at one moment for everybody."""

from datetime import date

from services.care.domain.campaigns.due.who import Coming, Everybody
from services.care.domain.campaigns.triggers import OneOffTrigger


def once(trigger: OneOffTrigger, day: date) -> Everybody | None:
    """Return everybody if this is the day, or that of the moment somewhere on earth; None: it is not.

    For whom the moment is on this day, the planner tells by the member's own zone.
    """
    first, last = trigger.days
    if not first <= day <= last:
        return None
    moment = trigger.send_time
    return Everybody(Coming(f"once/{moment.isoformat(timespec='milliseconds') if moment else day.isoformat()}"))
