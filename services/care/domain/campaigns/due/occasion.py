"""Occasions: whenever they fall this year; nobody has to copy a campaign for a movable feast."""

from datetime import date, timedelta

from services.care.domain.calendars.day_book import DayBook
from services.care.domain.campaigns.due.who import Coming, Everybody
from services.care.domain.campaigns.triggers import OccasionTrigger


def celebrating(trigger: OccasionTrigger, book: DayBook, *, day: date) -> Everybody | None:
    """Return everybody if the occasion falls `days_before` days after the day; None: it does not."""
    found = book.occasion_on(trigger.occasion_id, day + timedelta(days=trigger.days_before))
    return Everybody(Coming(f"occasion/{found.occurrence}")) if found else None
