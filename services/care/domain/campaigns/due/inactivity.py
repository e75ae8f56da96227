"""Silence: so many days since the last sign of life; active again, the next silence is another one."""

from datetime import date, timedelta

from services.care.domain.campaigns.due.anchors import moments_of
from services.care.domain.campaigns.due.who import LastActed
from services.care.domain.campaigns.triggers import InactivityTrigger


def silent(trigger: InactivityTrigger, day: date, *, zone: str) -> LastActed:
    """Return who was last active exactly so many days before, in civil days of the company.

    Who never did anything has no such day and is never due.
    """
    return LastActed(trigger.act, moments_of((day - timedelta(days=trigger.days),), zone))
