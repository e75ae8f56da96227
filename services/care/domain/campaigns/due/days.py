"""Which days are planned together with a day, and when what is due on a day leaves."""

from collections.abc import Iterator
from datetime import date, timedelta

from services.care.domain.calendars.blackout import BlackoutMove
from services.care.domain.calendars.day_book import DayBook
from services.care.domain.calendars.statutory import DayKind
from services.care.domain.campaigns.plan import CampaignPlan
from services.care.domain.campaigns.triggers import BirthdayTrigger, OccasionTrigger, OneOffTrigger, RecurringTrigger
from services.care.domain.sending.reasons import Reason

MOST_DAYS_EARLIER = 30
DAYS_TOLD_TOO_LATE = 7
"""What is heard even later than that, such as the past of a company that moves in, leaves no line in the ledger."""


def leaves_on(plan: CampaignPlan, day: date, *, book: DayBook) -> date | None:
    """Return the day on which a message that is due on `day` leaves; None: a blackout or a day off drops it.

    At most 30 days earlier, and never later than the campaign catches up.
    """
    return book.send_day(
        day,
        purpose=plan.purpose,
        cheerful=plan.cheerful,
        earliest=day - timedelta(days=MOST_DAYS_EARLIER),
        latest=day + timedelta(days=plan.catch_up_days),
        behaviour=plan.blackout,
        workdays=plan.workdays,
    )


def closed_by(plan: CampaignPlan, day: date, *, book: DayBook) -> Reason | None:
    """Return why nothing of the plan leaves on a day, or None; a day that nobody knows is judged when it comes."""
    if book.blackout(day, purpose=plan.purpose, cheerful=plan.cheerful) is not None:
        return Reason.BLACKOUT_DAY
    return Reason.NO_WORKDAY if book.kinds(plan.workdays)(day) is DayKind.OFF else None


def brought_forward(plan: CampaignPlan, day: date, *, book: DayBook) -> Iterator[date]:
    """Yield the days after this one whose messages leave on it already, because a blackout or days off begin."""
    never_earlier = plan.blackout not in {None, BlackoutMove.BACK} and not _back_to_workday(plan)
    if never_earlier or closed_by(plan, day, book=book):
        return
    for count in range(1, MOST_DAYS_EARLIER + 1):
        later = day + timedelta(days=count)
        if not closed_by(plan, later, book=book):
            return
        if leaves_on(plan, later, book=book) == day:
            yield later


def days_behind(plan: CampaignPlan) -> int:
    """Return for how many days that are over news of a member can still make them due.

    A birthday that becomes known the day after was never promised; an event that is heard late happened all the same.
    """
    by_calendar = isinstance(plan.trigger, BirthdayTrigger | OccasionTrigger | RecurringTrigger | OneOffTrigger)
    return 0 if by_calendar else plan.catch_up_days + DAYS_TOLD_TOO_LATE


def _back_to_workday(plan: CampaignPlan) -> bool:
    return plan.workdays is not None and plan.workdays.move is BlackoutMove.BACK
