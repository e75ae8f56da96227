"""Once, on one civil day of each member's own calendar."""

from datetime import date

from services.care.domain.campaigns.due.who import Coming, Everybody
from services.care.domain.campaigns.triggers import OneOffTrigger


def once(trigger: OneOffTrigger, day: date) -> Everybody | None:
    """Return everybody if this is the day; None: it is not."""
    return Everybody(Coming(f"once/{day.isoformat()}")) if day == trigger.day else None
