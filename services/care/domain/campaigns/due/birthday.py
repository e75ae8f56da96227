"""Birthdays: solar and lunar, on the day itself or some days before."""

from datetime import date, timedelta

from services.care.domain.calendars.birthday_rules import BirthdayRules, keys_due
from services.care.domain.campaigns.due.who import Born, Coming
from services.care.domain.campaigns.triggers import BirthdayTrigger


def born(trigger: BirthdayTrigger, rules: BirthdayRules, *, day: date) -> Born:
    """Return who celebrates `days_before` days after the day; a lunar birthday is named by its lunar year."""
    celebrated = day + timedelta(days=trigger.days_before)
    return Born({due.key: (Coming(due.occurrence),) for due in keys_due(celebrated, rules)})
