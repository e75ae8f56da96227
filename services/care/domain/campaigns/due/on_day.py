"""Who is due on a civil day of the member's own calendar, for every kind of campaign."""

from datetime import date
from typing import assert_never

from services.care.domain.calendars.day_book import DayBook
from services.care.domain.campaigns.due.after_event import after_event
from services.care.domain.campaigns.due.before_date import before_date
from services.care.domain.campaigns.due.birthday import born
from services.care.domain.campaigns.due.event_triggered import heard
from services.care.domain.campaigns.due.inactivity import silent
from services.care.domain.campaigns.due.occasion import celebrating
from services.care.domain.campaigns.due.one_off import once
from services.care.domain.campaigns.due.recurring import recurring
from services.care.domain.campaigns.due.who import Who
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.campaigns.triggers import (
    AfterEventTrigger,
    BeforeDateTrigger,
    BirthdayTrigger,
    EventTrigger,
    InactivityTrigger,
    OccasionTrigger,
    OneOffTrigger,
    RecurringTrigger,
)


def who_is_due(plan: CampaignPlan, day: date, *, book: DayBook, zone: str) -> Who | None:  # noqa: PLR0911  # a case a kind
    """Return who is due; None: nobody can be. `zone` is the company's, in which the days of events are counted."""
    match plan.trigger:
        case BirthdayTrigger() as trigger:
            return born(trigger, plan.rules, day=day)
        case OccasionTrigger() as trigger:
            return celebrating(trigger, book, day=day)
        case AfterEventTrigger() as trigger:
            return after_event(trigger, day, zone=zone)
        case BeforeDateTrigger() as trigger:
            return before_date(trigger, day)
        case InactivityTrigger() as trigger:
            return silent(trigger, day, zone=zone)
        case RecurringTrigger() as trigger:
            return recurring(trigger, day)
        case OneOffTrigger() as trigger:
            return once(trigger, day)
        case EventTrigger() as trigger:
            return heard(trigger, day, waits_for_hour=bool(plan.send_at))
        case _:
            assert_never(plan.trigger)
