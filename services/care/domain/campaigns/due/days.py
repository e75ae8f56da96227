"""Which days are planned together with a day, and when what is due on a day leaves."""

from collections.abc import Iterator
from datetime import date, timedelta

from services.care.domain.calendars.blackout import BlackoutMove
from services.care.domain.calendars.day_book import DayBook
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.campaigns.triggers import BirthdayTrigger, OccasionTrigger, OneOffTrigger, RecurringTrigger

MOST_DAYS_EARLIER = 30
DAYS_TOLD_TOO_LATE = 7
"""What is heard even later than that, such as the past of a company that moves in, leaves no line in the ledger."""


def leaves_on(plan: CampaignPlan, day: date, *, book: DayBook) -> date | None:
    """Return the day on which a message that is due on `day` leaves; None: a blackout drops it.

    At most 30 days earlier, and never later than the campaign catches up.
    """
    return book.send_day(
        day,
        purpose=plan.purpose,
        cheerful=plan.cheerful,
        earliest=day - timedelta(days=MOST_DAYS_EARLIER),
        latest=day + timedelta(days=plan.catch_up_days),
        behaviour=plan.blackout,
    )


def brought_forward(plan: CampaignPlan, day: date, *, book: DayBook) -> Iterator[date]:
    """Yield the days after this one whose messages leave on it already, because a blackout begins."""
    if plan.blackout not in {None, BlackoutMove.BACK} or _blocked(plan, day, book=book):
        return
    for count in range(1, MOST_DAYS_EARLIER + 1):
        later = day + timedelta(days=count)
        if not _blocked(plan, later, book=book):
            return
        if leaves_on(plan, later, book=book) == day:
            yield later


def days_behind(plan: CampaignPlan) -> int:
    """Return for how many days that are over news of a member can still make them due.

    A birthday that becomes known the day after was never promised; an event that is heard late happened all the same.
    """
    by_calendar = isinstance(plan.trigger, BirthdayTrigger | OccasionTrigger | RecurringTrigger | OneOffTrigger)
    return 0 if by_calendar else plan.catch_up_days + DAYS_TOLD_TOO_LATE


def _blocked(plan: CampaignPlan, day: date, *, book: DayBook) -> bool:
    return book.blackout(day, purpose=plan.purpose, cheerful=plan.cheerful) is not None
